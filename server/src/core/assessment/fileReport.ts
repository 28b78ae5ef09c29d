import type { PlacedProblem } from '../text/position.ts';
import type { AssessedRequirement } from './requirement.ts';

export interface FileReport {
  readonly path: string;
  /** The id of the kind of manifest that it is. */
  readonly kind?: string;
  readonly requirements: readonly AssessedRequirement[];
  readonly problems: readonly PlacedProblem[];
}

export interface IgnoreFileReport {
  readonly path: string;
  readonly problems: readonly PlacedProblem[];
}
