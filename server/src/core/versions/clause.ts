import type { Span } from '../text/position.ts';

export type Operator = '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=' | '===';

export interface Clause {
  readonly operator: Operator;
  readonly operatorSpan: Span;
  /** As written, with a trailing `.*` where there is one. */
  readonly version: string;
  readonly versionSpan: Span;
  readonly wildcard: boolean;
}
