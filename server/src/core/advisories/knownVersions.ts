import type { PackageName } from '../requirements/model.ts';
import { compareVersions, parseVersion } from '../versions/version.ts';
import type { Version } from '../versions/version.ts';
import { setHas } from '../versions/versionSet.ts';
import { affectedVersions } from './affectedVersions.ts';
import type { Advisory } from './advisory.ts';
import { fixedVersionsOf } from './fixedVersions.ts';

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

/** Every version that the advisories of a package name, newest first. */
export function knownVersions(name: PackageName, advisories: readonly Advisory[]): readonly KnownVersion[] {
  const live = advisories.filter(({ withdrawn }) => withdrawn === undefined);
  const affected = live.map((advisory) => ({ id: commonId(advisory), versions: affectedVersions(advisory, name) }));
  const fixed = new Map(fixedVersionsOf(name, live).map((version) => [version.key, version]));
  const all = new Map<string, Version>(fixed);
  for (const version of listedVersions(name, live)) {
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
    }));
}

function listedVersions(name: PackageName, advisories: readonly Advisory[]): readonly Version[] {
  const texts = new Set(
    advisories.flatMap(({ affected }) => affected.flatMap((entry) => (entry.name === name ? entry.versions : []))),
  );
  return [...texts].flatMap((text) => parseVersion(text) ?? []);
}

function commonId({ id, aliases }: Advisory): string {
  return id.startsWith('CVE-') ? id : (aliases.find((alias) => alias.startsWith('CVE-')) ?? id);
}

function affectedIds(affecting: readonly { readonly id: string }[]): readonly string[] {
  return [...new Set(affecting.map(({ id }) => id))].sort();
}
