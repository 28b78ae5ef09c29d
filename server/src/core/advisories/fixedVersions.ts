import type { PackageName } from '../packages/packageName.ts';
import { compareVersions, parseVersion } from '../versions/version.ts';
import type { Version } from '../versions/version.ts';
import type { Advisory } from './advisory.ts';

/** `fixed` events for this package in all records, without repeats, ascending; what is no version is left out. */
export function fixedVersionsOf(name: PackageName, advisories: readonly Advisory[]): readonly Version[] {
  const byKey = new Map<string, Version>();
  for (const { affected } of advisories) {
    for (const entry of affected.filter((candidate) => candidate.name === name)) {
      for (const event of entry.ranges.flat()) {
        const version = event.kind === 'fixed' ? parseVersion(event.version) : undefined;
        const other = version && byKey.get(version.key);
        // Of 1.0 and 1.0.0, which are equal, the shorter is shown.
        if (version !== undefined && (other === undefined || version.normal.length < other.normal.length)) {
          byKey.set(version.key, version);
        }
      }
    }
  }
  return [...byKey.values()].sort(compareVersions);
}
