import type { Range } from '../../text/position.ts';

export interface PinPlace {
  readonly uri: string;
  readonly range: Range;
}
