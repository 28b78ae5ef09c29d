import { type ConstraintPins, constraintPins } from '../core/assessment/decided/constraints.ts';
import { constraintFilesIn, type IncludeEdge } from '../core/manifests/includeGraph.ts';
import type { Manifest } from '../core/manifests/manifest.ts';

/** A file that may constrain others; its pins have a place where it has a URI. */
export interface ConstrainingFile {
  /** As people know it. */
  readonly source: string;
  readonly file: Manifest;
  readonly uri?: string;
}

/** The constraints that hold for each file of a project; a file that could not be read constrains nothing. */
export function constraintsIn(
  edges: readonly IncludeEdge[],
  get: (file: string) => ConstrainingFile | undefined,
): (file: string) => ConstraintPins {
  const filesOf = constraintFilesIn(edges);
  return (file) => constraintPins(filesOf(file).flatMap((one) => get(one) ?? []));
}
