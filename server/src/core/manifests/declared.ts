import type { PackageName } from '../packages/packageName.ts';
import { type Manifest, nameOf } from './manifest.ts';

/** What files say of packages that are installed beside them. */
export interface Declared {
  /** The extras that are asked for. */
  readonly extras: ReadonlyMap<PackageName, ReadonlySet<string>>;
  /** Those that have a package index of their own, and so are not to be sent. */
  readonly ownIndex: ReadonlySet<PackageName>;
}

export function declaredIn(files: readonly Manifest[]): Declared {
  return { extras: declaredExtras(files), ownIndex: ownIndexNames(files) };
}

/** The extras that files ask for, by package; what only locks have is left out. */
function declaredExtras(files: Iterable<Manifest>): ReadonlyMap<PackageName, ReadonlySet<string>> {
  const all = new Map<PackageName, Set<string>>();
  for (const file of files) {
    if (file.kind.lockAgain !== undefined) continue;
    for (const index of file.entries.keys()) {
      const content = file.contentOf(index);
      if (content?.kind !== 'index' || content.extras.length === 0) continue;
      const known = all.get(content.name.normalized) ?? new Set();
      content.extras.forEach(({ normalized }) => known.add(normalized));
      all.set(content.name.normalized, known);
    }
  }
  return all;
}

/** The packages that these files give a package index of their own. */
export function ownIndexNames(files: Iterable<Manifest>): ReadonlySet<PackageName> {
  const all = new Set<PackageName>();
  for (const file of files) {
    for (const index of file.entries.keys()) {
      const content = file.contentOf(index);
      const name = nameOf(content);
      if (name !== undefined && content !== undefined && 'hasOwnIndex' in content && content.hasOwnIndex) {
        all.add(name.normalized);
      }
    }
  }
  return all;
}

/** A text of `installedKind` with what is declared; its lines stay where they are. */
export function withDeclared(text: string, { extras, ownIndex }: Declared): string {
  if ((extras.size === 0 && ownIndex.size === 0) || !text.startsWith('{')) return text;
  const lists = [...extras].map(([name, names]) => [name, [...names].sort()] as const);
  const own = JSON.stringify([...ownIndex].sort());
  return `{"extras": ${JSON.stringify(Object.fromEntries(lists))}, "ownIndex": ${own}, ${text.slice(1)}`;
}
