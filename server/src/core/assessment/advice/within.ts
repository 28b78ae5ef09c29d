import type { MarkerTree } from '../../markers/markerTree.ts';
import type { LineBound } from '../decided/lineBounds.ts';

/** What bears on the version of a requirement beside what it asks for itself. */
export interface Within {
  readonly marker: MarkerTree | undefined;
  /** Other lines about its package that pip takes together with it. */
  readonly limits: readonly LineBound[];
}
