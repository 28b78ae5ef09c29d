import { canHoldTogether, holdsWherever } from '../../markers/markerLogic.ts';
import type { MarkerTree } from '../../markers/markerTree.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import type { IndexRequirement } from '../../manifests/requirement.ts';
import type { PackageName } from '../../packages/packageName.ts';
import { lastAtOrBefore } from '../../text/lineIndex.ts';
import type { Clause } from '../../versions/clause.ts';
import { pinnedVersion } from '../../versions/pinnedVersion.ts';
import type { Version } from '../../versions/version.ts';

/** What a line of another file asks of a package's version: a constraint, or a requirement of an included file. */
export interface LineBound {
  readonly clauses: readonly Clause[];
  readonly marker: MarkerTree | undefined;
  /** The file, as people know it; absent for another line of the same file. */
  readonly source?: string;
  /** From 0; as it was when the files were read together. */
  readonly line: number;
  /** The tool that wrote the file: the line stays until that runs again. */
  readonly compiledBy?: string;
}

export type LineBounds = ReadonlyMap<PackageName, readonly LineBound[]>;

/** Every line of these files that asks for versions. */
export function lineBounds(files: readonly { readonly source: string; readonly file: Manifest }[]): LineBounds {
  const all = new Map<PackageName, LineBound[]>();
  for (const { source, file } of files) {
    for (const index of file.entries.keys()) {
      const item = file.contentOf(index);
      if (item?.kind !== 'index' || item.specifier === undefined || item.specifier.clauses.length === 0) {
        continue;
      }
      const bound: LineBound = {
        clauses: item.specifier.clauses,
        marker: item.marker?.tree,
        source,
        line: lineOf(file, index),
        ...(file.compiled === undefined ? {} : { compiledBy: file.compiled.tool }),
      };
      const name = item.name.normalized;
      const before = all.get(name);
      if (before === undefined) all.set(name, [bound]);
      else before.push(bound);
    }
  }
  return all;
}

/** Of an entry, from 0. */
export function lineOf({ starts, lineStarts }: Pick<Manifest, 'starts' | 'lineStarts'>, index: number): number {
  return lastAtOrBefore(lineStarts, starts[index] ?? 0);
}

/** Those that may hold where the line does, but for pins of the version that it has: these are changed together with it. */
export function limitsOn(
  { marker }: Pick<IndexRequirement, 'marker'>,
  version: Version | undefined,
  bounds: readonly LineBound[],
): readonly LineBound[] {
  return bounds.filter((bound) => {
    const pinned = version === undefined || bound.compiledBy !== undefined ? undefined : pinnedVersion(bound.clauses);
    const isSame = pinned?.kind === 'pin' && pinned.version.key === version?.key;
    return !isSame && canHoldTogether(marker?.tree, bound.marker);
  });
}

/** Those that hold wherever the line does: where one may not hold, pip may install what it does not allow. */
export function boundsOn({ name, marker }: IndexRequirement, bounds: LineBounds | undefined): readonly LineBound[] {
  return (bounds?.get(name.normalized) ?? []).filter((bound) => holdsWherever(marker?.tree, bound.marker));
}
