import type { PackageName } from '../packages/packageName.ts';
import type { RequirementsFile } from '../manifests/pip/model.ts';
import type { SourcedFile, SourcedItem } from './fixEdit.ts';
import { viaOf } from './viaOf.ts';

/** Which lines of the sources a line of a compiled file comes from. */
export interface Origins {
  /** The sources name the package itself; else they name what needs it, however far away. */
  readonly direct: boolean;
  readonly places: readonly SourcedItem[];
}

/** Walks up the `via` comments of a compiled file until the files it was made from name a package. Cycles end. */
export function originsOf(file: RequirementsFile, index: number, sources: readonly SourcedFile[]): Origins {
  const item = file.items[index];
  if (item?.kind !== 'requirement') {
    return { direct: false, places: [] };
  }
  const own = placesOf(item.name.normalized, sources);
  if (own.length > 0) {
    return { direct: true, places: own };
  }
  const lines = indexesByName(file);
  const names = new Set([item.name.normalized]);
  const places: SourcedItem[] = [];
  // A set takes what is added while it is walked.
  for (const name of names) {
    const found = placesOf(name, sources);
    places.push(...found);
    if (found.length > 0) continue;
    for (const line of lines.get(name) ?? []) {
      viaOf(file, line).packages.forEach((parent) => names.add(parent));
    }
  }
  return { direct: false, places };
}

function placesOf(name: PackageName, sources: readonly SourcedFile[]): readonly SourcedItem[] {
  return sources.flatMap(({ source, file }) =>
    file.items.flatMap((item, index) =>
      item.kind === 'requirement' && item.name.normalized === name ? [{ source, file, index }] : [],
    ),
  );
}

function indexesByName(file: RequirementsFile): ReadonlyMap<PackageName, readonly number[]> {
  const indexes = new Map<PackageName, number[]>();
  file.items.forEach((item, index) => {
    if (item.kind !== 'requirement') return;
    const known = indexes.get(item.name.normalized);
    if (known === undefined) indexes.set(item.name.normalized, [index]);
    else known.push(index);
  });
  return indexes;
}
