import { type ConstraintPins, constraintPins } from '../core/assessment/decided/constraints.ts';
import {
  type DecidedVersions,
  isConstraintsFile,
  type LockedVersions,
  nothingDecided,
} from '../core/assessment/decided/decidedVersions.ts';
import { type LineBounds, lineBounds } from '../core/assessment/decided/lineBounds.ts';
import { constraintFilesIn, type IncludeEdge, reachOver } from '../core/manifests/includeGraph.ts';
import type { PackageName } from '../core/packages/packageName.ts';
import type { Manifest } from '../core/manifests/manifest.ts';

/** A file that may constrain others; its pins have a place where it has a URI. */
export interface ConstrainingFile {
  /** As people know it. */
  readonly source: string;
  readonly file: Manifest;
  readonly uri?: string;
}

/** What other files say of the versions that a file may have. */
export interface FileConstraints {
  readonly constraints: ConstraintPins;
  readonly bounds: LineBounds;
  /** What limits fixes: everything that pip reads together with the file, whichever file it starts from. */
  readonly limits: LineBounds;
}

/** What holds for each file of a project; a file that could not be read constrains nothing. */
export function constraintsIn(
  edges: readonly IncludeEdge[],
  get: (file: string) => ConstrainingFile | undefined,
): (file: string) => FileConstraints {
  if (edges.length === 0) {
    return () => ({ constraints: new Map(), bounds: new Map(), limits: new Map() });
  }
  const filesOf = constraintFilesIn(edges);
  const includedIn = reachOver(
    edges.filter(({ kind }) => kind === 'include'),
    'down',
  );
  const [leadingTo, reachedFrom] = [reachOver(edges, 'up'), reachOver(edges, 'down')];
  const known = (files: Iterable<string>): readonly ConstrainingFile[] => [...files].flatMap((one) => get(one) ?? []);
  // Many files of a project are limited by the same ones.
  const made = new Map<string, FileConstraints>();
  return (file) => {
    const limiting = filesOf(file);
    const included = [...includedIn([file])].filter((one) => one !== file);
    const together = [...reachedFrom(leadingTo([file]))].filter((one) => one !== file);
    const key = JSON.stringify([limiting, included, together]);
    const found = made.get(key) ?? {
      constraints: constraintPins(known(limiting)),
      bounds: lineBounds(known([...limiting, ...included])),
      limits: together.length > mostTogether ? new Map() : lineBounds(known(together)),
    };
    made.set(key, found);
    return found;
  };
}

// More of them are no project that somebody wrote.
const mostTogether = 500;

/** Whether a file has packages of which it does not say that other files give them an index of their own. */
export function hidesOwnIndexes({ kind, compiled }: Manifest): boolean {
  return kind.lockAgain !== undefined || compiled !== undefined;
}

/** All that decides versions for the file with this path or name. */
export function decidedFor(
  path: string,
  constraints: FileConstraints | undefined,
  locked: readonly LockedVersions[] = [],
  ownIndex?: ReadonlySet<PackageName>,
): DecidedVersions {
  const name = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
  return {
    ...nothingDecided,
    ...constraints,
    locked,
    ...(ownIndex === undefined || ownIndex.size === 0 ? {} : { ownIndex }),
    ...(isConstraintsFile(name) ? { isLimiting: true } : {}),
  };
}
