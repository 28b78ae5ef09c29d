import { type ConstraintPins, constraintPins } from '../core/assessment/decided/constraints.ts';
import {
  type DecidedPart,
  type DecidedVersions,
  isConstraintsFile,
  type LockedVersions,
  nothingDecided,
} from '../core/assessment/decided/decidedVersions.ts';
import { type LineBounds, lineBounds } from '../core/assessment/decided/lineBounds.ts';
import { constraintFilesIn, type FilePart, type IncludeEdge, reachOver } from '../core/manifests/includeGraph.ts';
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
  readonly parts?: readonly DecidedPart[];
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
  const parts = partsIn(edges);
  // What a part of a file names holds for that part: in this graph it is a file of its own.
  const byPart = edges.map((edge) => (edge.part === undefined ? edge : { ...edge, from: keyOf(edge.from, edge.part) }));
  const filesOf = constraintFilesIn(byPart);
  const includedIn = reachOver(
    byPart.filter(({ kind }) => kind === 'include'),
    'down',
  );
  const [leadingTo, reachedFrom] = [reachOver(edges, 'up'), reachOver(edges, 'down')];
  const known = (files: Iterable<string>): readonly ConstrainingFile[] => [...files].flatMap((one) => get(one) ?? []);
  // Many files of a project are limited by the same ones.
  const made = new Map<string, FileConstraints>();
  return (file) => {
    const limiting = filesOf(file);
    const included = [...includedIn([file])].filter((one) => one !== file);
    const ofParts = (parts.get(file) ?? []).map((part) => ({
      part,
      limiting: filesOf(keyOf(file, part)),
      included: [...includedIn([keyOf(file, part)])].filter((one) => one !== file),
    }));
    const together = [...reachedFrom(leadingTo([file]))].filter((one) => one !== file);
    const key = JSON.stringify([limiting, included, together, ofParts]);
    const found = made.get(key) ?? {
      constraints: constraintPins(known(limiting)),
      bounds: lineBounds(known([...limiting, ...included])),
      ...(ofParts.length > 0 && {
        parts: ofParts.map((one) => ({
          ...one.part,
          constraints: constraintPins(known(one.limiting)),
          bounds: lineBounds(known([...one.limiting, ...one.included])),
        })),
      }),
      limits: together.length > mostTogether ? new Map() : lineBounds(known(together)),
    };
    made.set(key, found);
    return found;
  };
}

/** The parts of each file that name other files. */
function partsIn(edges: readonly IncludeEdge[]): ReadonlyMap<string, readonly FilePart[]> {
  const found = new Map<string, Map<string, FilePart>>();
  for (const { from, part } of edges) {
    if (part === undefined) continue;
    const parts = found.get(from) ?? new Map<string, FilePart>();
    parts.set(keyOf(from, part), part);
    found.set(from, parts);
  }
  return new Map([...found].map(([file, parts]) => [file, [...parts.values()]]));
}

/** As the graph knows a part of a file; no file is called so. */
function keyOf(file: string, { scope, when }: FilePart): string {
  return JSON.stringify([file, scope, when]);
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
