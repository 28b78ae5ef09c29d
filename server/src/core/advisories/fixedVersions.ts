import type { PackageName } from '../packages/packageName.ts';
import { compareVersions, parseVersion } from '../versions/version.ts';
import type { Version } from '../versions/version.ts';
import type { Advisory } from './advisory.ts';

/** `fixed` events for this package in all records, without repeats, ascending; what is no version is left out. */
export function fixedVersionsOf(name: PackageName, advisories: readonly Advisory[]): readonly Version[] {
  const events = advisories.flatMap(({ affected }) =>
    affected.flatMap((entry) => (entry.name === name ? entry.ranges.flat() : [])),
  );
  return joinedVersions(events.flatMap(({ kind, version }) => (kind === 'fixed' ? (parseVersion(version) ?? []) : [])));
}

/** Without repeats, ascending. */
export function joinedVersions(versions: readonly Version[]): readonly Version[] {
  const byKey = new Map<string, Version>();
  for (const version of versions) {
    const other = byKey.get(version.key);
    // Of 1.0 and 1.0.0, which are equal, the shorter is shown.
    if (other === undefined || version.normal.length < other.normal.length) {
      byKey.set(version.key, version);
    }
  }
  return [...byKey.values()].sort(compareVersions);
}
