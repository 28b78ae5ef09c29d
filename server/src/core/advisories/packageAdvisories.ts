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
export function* preparing(advisories: PackageAdvisories): Generator<void> {
  const { entries } = advisories;
  for (const entry of entries) {
    yield void (entries.length < manyEntries ? entry.versions : [entry.versions, entry.fixed]);
  }
  yield void advisories.vulnerable;
}

class LazyAdvisories implements PackageAdvisories {
  readonly name: PackageName;
  readonly entries: readonly PackageAdvisory[];
  /** `osvKey` of what the records list, over and over, until all of it is worked out. */
  readonly #keys = new Map<string, string>();
  #vulnerable: VersionSet | undefined;
  #fixed: readonly Version[] | undefined;

  constructor(name: PackageName, advisories: readonly Advisory[]) {
    this.name = name;
    const live = advisories.filter(({ withdrawn }) => withdrawn === undefined);
    const shared = { name, keys: this.#keys, more: live.length < manyEntries ? undefined : new Map() };
    this.entries = live.map((advisory) => new LazyAdvisory(advisory, shared));
  }

  get vulnerable(): VersionSet {
    if (this.#vulnerable === undefined) {
      this.#vulnerable = union(this.entries.map(({ versions }) => versions));
      this.#keys.clear();
    }
    return this.#vulnerable;
  }

  get fixed(): readonly Version[] {
    return (this.#fixed ??= joinedVersions(this.entries.flatMap(({ fixed }) => fixed)));
  }
}

// Of fewer it is quickly worked out again, and there are thousands of packages.
const manyEntries = 40;

/** What the entries of a package have in common. */
interface Shared {
  readonly name: PackageName;
  readonly keys: Map<string, string>;
  readonly more: Map<Advisory, Pick<PackageAdvisory, 'fixed' | 'displayId'>> | undefined;
}

class LazyAdvisory implements PackageAdvisory {
  readonly advisory: Advisory;
  readonly #shared: Shared;
  #versions: VersionSet | undefined;

  constructor(advisory: Advisory, shared: Shared) {
    this.advisory = advisory;
    this.#shared = shared;
  }

  get versions(): VersionSet {
    const { name, keys } = this.#shared;
    return (this.#versions ??= affectedVersions(this.advisory, name, (text) => {
      const key = keys.get(text) ?? osvKey(text);
      keys.set(text, key);
      return key;
    }));
  }

  get fixed(): readonly Version[] {
    return this.#more.fixed;
  }

  get displayId(): string {
    return this.#more.displayId;
  }

  get #more(): Pick<PackageAdvisory, 'fixed' | 'displayId'> {
    const { name, more } = this.#shared;
    const known = more?.get(this.advisory) ?? {
      fixed: fixedVersionsOf(name, [this.advisory]),
      displayId: displayId(this.advisory),
    };
    more?.set(this.advisory, known);
    return known;
  }
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
