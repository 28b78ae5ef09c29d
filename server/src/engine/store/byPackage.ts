import type { Lookup } from '../../core/assessment/lookup.ts';
import type { PackageName } from '../../core/packages/packageName.ts';

/** The look-ups of each package, in the order in which they come first. */
export function byPackage(lookups: readonly Lookup[]): ReadonlyMap<PackageName, readonly Lookup[]> {
  const groups = new Map<PackageName, Lookup[]>();
  for (const lookup of lookups) {
    const group = groups.get(lookup.name);
    if (group === undefined) {
      groups.set(lookup.name, [lookup]);
    } else {
      group.push(lookup);
    }
  }
  return groups;
}
