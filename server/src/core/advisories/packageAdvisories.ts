import type { PackageName } from '../packages/packageName.ts';
import type { Version } from '../versions/version.ts';
import { setHas, union, type VersionSet } from '../versions/versionSet.ts';
import type { Advisory } from './advisory.ts';
import { affectedVersions } from './affectedVersions.ts';
import { affects, osvKey } from './affects.ts';
import { fixedVersionsOf } from './fixedVersions.ts';

/** Every live advisory of one package, with what many questions need worked out once. */
export interface PackageAdvisories {
  readonly name: PackageName;
  readonly entries: readonly KnownAdvisory[];
  /** What any of them affects. */
  readonly vulnerable: VersionSet;
  /** What any of them calls fixed, ascending. Whether it is safe is another question. */
  readonly fixed: readonly Version[];
}

export interface KnownAdvisory {
  readonly advisory: Advisory;
  readonly versions: VersionSet;
}

/** Withdrawn advisories are left out. */
export function packageAdvisories(name: PackageName, advisories: readonly Advisory[]): PackageAdvisories {
  const live = advisories.filter(({ withdrawn }) => withdrawn === undefined);
  const keyOf = rememberedKeys();
  const entries = live.map((advisory) => ({ advisory, versions: affectedVersions(advisory, name, keyOf) }));
  return {
    name,
    entries,
    vulnerable: union(entries.map(({ versions }) => versions)),
    fixed: fixedVersionsOf(name, live),
  };
}

/** `osvKey` that works out each text once. */
function rememberedKeys(): (text: string) => string {
  const keys = new Map<string, string>();
  return (text) => {
    let key = keys.get(text);
    if (key === undefined) {
      key = osvKey(text);
      keys.set(text, key);
    }
    return key;
  };
}

/** Those that tell of the version; what OSV's server would answer. */
export function advisoriesAffecting({ name, entries }: PackageAdvisories, version: Version): readonly Advisory[] {
  // OSV sorts the text `0` below every version, where no set reaches.
  const isAffected =
    version.normal === '0'
      ? ({ advisory }: KnownAdvisory) => affects(advisory, name, version)
      : ({ versions }: KnownAdvisory) => setHas(versions, version.key);
  return entries.filter(isAffected).map(({ advisory }) => advisory);
}
