import { displayId } from '../advisories/displayId.ts';
import type { PackageAdvisories } from '../advisories/packageAdvisories.ts';
import { compareVersions, parseVersion } from '../versions/version.ts';
import type { Version } from '../versions/version.ts';
import { setHas } from '../versions/versionSet.ts';
import type { PackageFacts } from './packageFacts.ts';

/** A version of a package that something is known of. */
export interface KnownVersion {
  /** PEP 440 normal form. */
  readonly version: string;
  readonly isPrerelease: boolean;
  /** Display ids of the advisories that tell of it, sorted. */
  readonly affectedBy: readonly string[];
  /** Whether an advisory names it as fixed. */
  readonly fixes: boolean;
  readonly yanked: boolean;
}

/** The releases of the package index where it was asked, else every version that an advisory names; newest first. */
export function knownVersions({ advisories, releases }: PackageFacts): readonly KnownVersion[] {
  const fixed = new Set(advisories.fixed.map(({ key }) => key));
  const all =
    releases?.map(({ version, yanked }) => ({ version, yanked })) ??
    namedVersions(advisories).map((version) => ({ version, yanked: false }));
  return all
    .sort((a, b) => compareVersions(b.version, a.version))
    .map(({ version, yanked }) => ({
      version: version.normal,
      isPrerelease: version.isPrerelease,
      affectedBy: affecting(advisories, version),
      fixes: fixed.has(version.key),
      yanked,
    }));
}

function namedVersions({ name, entries, fixed }: PackageAdvisories): readonly Version[] {
  const listed = new Set(
    entries.flatMap(({ advisory }) =>
      advisory.affected.flatMap((entry) => (entry.name === name ? entry.versions : [])),
    ),
  );
  const byKey = new Map<string, Version>();
  for (const version of [...fixed, ...[...listed].flatMap((text) => parseVersion(text) ?? [])]) {
    // Of 1.0 and 1.0.0, which are equal, the shorter is shown.
    if (version.normal.length < (byKey.get(version.key)?.normal.length ?? Infinity)) {
      byKey.set(version.key, version);
    }
  }
  return [...byKey.values()];
}

function affecting({ entries, vulnerable }: PackageAdvisories, { key }: Version): readonly string[] {
  if (!setHas(vulnerable, key)) {
    return [];
  }
  const ids = entries.flatMap(({ advisory, versions }) => (setHas(versions, key) ? [displayId(advisory)] : []));
  return [...new Set(ids)].sort();
}
