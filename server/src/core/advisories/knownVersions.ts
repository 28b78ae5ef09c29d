import type { PackageName } from '../requirements/model.ts';
import { compareVersions, parseVersion } from '../versions/version.ts';
import type { Version } from '../versions/version.ts';
import { setHas } from '../versions/versionSet.ts';
import type { PackageFacts } from '../assessment/packageFacts.ts';
import type { Advisory } from './advisory.ts';
import { displayId } from './displayId.ts';

/** A version of a package that something is known of. */
export interface KnownVersion {
  /** PEP 440 normal form. */
  readonly version: string;
  readonly isPrerelease: boolean;
  /** The records that tell of it, sorted; a CVE id stands for its record where it has one. */
  readonly affectedBy: readonly string[];
  /** Whether an advisory names it as fixed. */
  readonly fixes: boolean;
  /** Only an index knows. */
  readonly yanked?: boolean;
}

/** Every version that the advisories of a package name, or a package index has, newest first. */
export function knownVersions({ advisories, releases = [] }: PackageFacts): readonly KnownVersion[] {
  const { name, entries } = advisories;
  const affected = entries.map(({ advisory, versions }) => ({ id: displayId(advisory), versions }));
  const fixed = new Map(advisories.fixed.map((version) => [version.key, version]));
  const all = new Map<string, Version>(fixed);
  const yanked = new Set(releases.flatMap((release) => (release.yanked ? [release.version.key] : [])));
  const live = entries.map(({ advisory }) => advisory);
  for (const version of [...releases.map((release) => release.version), ...listedVersions(name, live)]) {
    // Of 1.0 and 1.0.0, which are equal, the shorter is shown.
    if (version.normal.length < (all.get(version.key)?.normal.length ?? Infinity)) {
      all.set(version.key, version);
    }
  }
  return [...all.values()]
    .sort((a, b) => compareVersions(b, a))
    .map((version) => ({
      version: version.normal,
      isPrerelease: version.isPrerelease,
      affectedBy: affectedIds(affected.filter(({ versions }) => setHas(versions, version.key))),
      fixes: fixed.has(version.key),
      ...(yanked.has(version.key) ? { yanked: true } : {}),
    }));
}

function listedVersions(name: PackageName, advisories: readonly Advisory[]): readonly Version[] {
  const texts = new Set(
    advisories.flatMap(({ affected }) => affected.flatMap((entry) => (entry.name === name ? entry.versions : []))),
  );
  return [...texts].flatMap((text) => parseVersion(text) ?? []);
}

function affectedIds(affecting: readonly { readonly id: string }[]): readonly string[] {
  return [...new Set(affecting.map(({ id }) => id))].sort();
}
