import type { PackageName } from '../packages/packageName.ts';
import type { Manifest } from './manifest.ts';

/** The extras that files ask for, by package; what only locks have is left out. */
export function declaredExtras(files: Iterable<Manifest>): ReadonlyMap<PackageName, ReadonlySet<string>> {
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

/** A text of `installedKind` with the extras that are asked for; its lines stay where they are. */
export function withExtras(text: string, extras: ReadonlyMap<PackageName, ReadonlySet<string>>): string {
  if (extras.size === 0 || !text.startsWith('{')) return text;
  const lists = [...extras].map(([name, names]) => [name, [...names].sort()] as const);
  return `{"extras": ${JSON.stringify(Object.fromEntries(lists))}, ${text.slice(1)}`;
}
