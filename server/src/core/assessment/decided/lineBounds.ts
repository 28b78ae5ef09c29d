import { holdsWherever } from '../../markers/markerLogic.ts';
import type { MarkerTree } from '../../markers/markerTree.ts';
import type { Manifest } from '../../manifests/manifest.ts';
import type { IndexRequirement } from '../../manifests/requirement.ts';
import type { PackageName } from '../../packages/packageName.ts';
import type { Clause } from '../../versions/clause.ts';

/** What a line of another file asks of a package's version: a constraint, or a requirement of an included file. */
export interface LineBound {
  readonly clauses: readonly Clause[];
  readonly marker: MarkerTree | undefined;
  /** The file, as people know it. */
  readonly source: string;
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
      const bound = { clauses: item.specifier.clauses, marker: item.marker?.tree, source };
      const name = item.name.normalized;
      all.set(name, [...(all.get(name) ?? []), bound]);
    }
  }
  return all;
}

/** Those that hold wherever the line does: where one may not hold, pip may install what it does not allow. */
export function boundsOn({ name, marker }: IndexRequirement, bounds: LineBounds | undefined): readonly LineBound[] {
  return (bounds?.get(name.normalized) ?? []).filter((bound) => holdsWherever(marker?.tree, bound.marker));
}
