import type { PackageName } from '../packages/packageName.ts';
import type { Version } from '../versions/version.ts';
import { setHas, union, type VersionSet } from '../versions/versionSet.ts';
import type { Advisory } from './advisory.ts';
import { affectedVersions } from './affectedVersions.ts';
import { affects, osvKey } from './affects.ts';
import { displayId } from './displayId.ts';
import { fixedVersionsOf, joinedVersions } from './fixedVersions.ts';

/** Every live advisory of one package. What many questions need is worked out once, when it is first asked for. */
export interface PackageAdvisories {
  readonly name: PackageName;
  readonly entries: readonly PackageAdvisory[];
  /** What any of them affects. */
  readonly vulnerable: VersionSet;
  /** What any of them calls fixed, ascending. Whether it is safe is another question. */
  readonly fixed: readonly Version[];
}

export interface KnownAdvisory {
  readonly advisory: Advisory;
  readonly versions: VersionSet;
}

export interface PackageAdvisory extends KnownAdvisory {
  /** What it calls fixed, ascending. */
  readonly fixed: readonly Version[];
  readonly displayId: string;
}

/** Withdrawn advisories are left out. */
export function packageAdvisories(name: PackageName, advisories: readonly Advisory[]): PackageAdvisories {
  return new LazyAdvisories(name, advisories);
}

/** Works out what questions need, an advisory a step; for those who must not do it all at once. */
export function* preparing({ entries }: PackageAdvisories): Generator<void> {
  for (const { versions, fixed, displayId } of entries) {
    yield void [versions, fixed, displayId];
  }
}

class LazyAdvisories implements PackageAdvisories {
  readonly name: PackageName;
  readonly entries: readonly PackageAdvisory[];
  #vulnerable: VersionSet | undefined;
  #fixed: readonly Version[] | undefined;

  constructor(name: PackageName, advisories: readonly Advisory[]) {
    this.name = name;
    const keyOf = rememberedKeys();
    const live = advisories.filter(({ withdrawn }) => withdrawn === undefined);
    this.entries = live.map((advisory) => new LazyAdvisory(advisory, name, keyOf));
  }

  get vulnerable(): VersionSet {
    return (this.#vulnerable ??= union(this.entries.map(({ versions }) => versions)));
  }

  get fixed(): readonly Version[] {
    return (this.#fixed ??= joinedVersions(this.entries.flatMap(({ fixed }) => fixed)));
  }
}

class LazyAdvisory implements PackageAdvisory {
  readonly advisory: Advisory;
  readonly #name: PackageName;
  #keyOf: ((text: string) => string) | undefined;
  #versions: VersionSet | undefined;
  #fixed: readonly Version[] | undefined;
  #displayId: string | undefined;

  constructor(advisory: Advisory, name: PackageName, keyOf: (text: string) => string) {
    this.advisory = advisory;
    this.#name = name;
    this.#keyOf = keyOf;
  }

  get versions(): VersionSet {
    if (this.#versions === undefined) {
      this.#versions = affectedVersions(this.advisory, this.#name, this.#keyOf);
      this.#keyOf = undefined; // it remembers the keys of the whole package
    }
    return this.#versions;
  }

  get fixed(): readonly Version[] {
    return (this.#fixed ??= fixedVersionsOf(this.#name, [this.advisory]));
  }

  get displayId(): string {
    return (this.#displayId ??= displayId(this.advisory));
  }
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
export function advisoriesAffecting(advisories: PackageAdvisories, version: Version): readonly Advisory[] {
  return entriesAffecting(advisories, version).map(({ advisory }) => advisory);
}

/** The same with what is known of each besides. */
export function entriesAffecting({ name, entries }: PackageAdvisories, version: Version): readonly PackageAdvisory[] {
  // OSV sorts the text `0` below every version, where no set reaches.
  const isAffected =
    version.normal === '0'
      ? ({ advisory }: KnownAdvisory) => affects(advisory, name, version)
      : ({ versions }: KnownAdvisory) => setHas(versions, version.key);
  return entries.filter(isAffected);
}
