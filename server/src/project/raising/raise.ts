import type { Pin } from '../../core/assessment/pin.ts';
import type { LockedTree, TreeNeed, TreePackage } from '../../core/manifests/lockedTree.ts';
import { neededBy } from '../../core/manifests/pep508/neededBy.ts';
import type { MarkerValues } from '../../core/markers/holdsIn.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Release } from '../../core/packages/release.ts';
import { hasRelease } from '../../core/versions/boundary.ts';
import { admittedVersions, contains, parseSpecifier } from '../../core/versions/specifier.ts';
import type { Version } from '../../core/versions/version.ts';
import { allVersions, intersect, type VersionSet } from '../../core/versions/versionSet.ts';

/** What has to be raised so that a package can have a safe version. */
export type Raise =
  /** Nothing: all that ask for it allow this version. */
  | { readonly kind: 'none'; readonly allows: string }
  /** This is the nearest release of the package with which it can. */
  | { readonly kind: 'raise'; readonly name: PackageName; readonly version: string; readonly allows: string };

export interface RaiseQuestion {
  readonly tree: LockedTree;
  readonly name: PackageName;
  /** Its safe versions, ascending. */
  readonly safe: readonly Version[];
  /** Of what manifests declare: the extras that are asked for, and whether the files allow a version of it. */
  readonly declared: ReadonlyMap<PackageName, Declared>;
  /** What markers stand for, as far as that is known; one about anything else may hold. */
  readonly values: MarkerValues;
}

export interface Declared {
  readonly extras: readonly string[];
  /** Other lines, and what was not declared to be changed. */
  readonly allows: (version: Version) => boolean;
}

/** Who is asked. What nobody knows is `undefined`, and costs the advice. */
export interface RaisePorts {
  requiresOf(pins: readonly Pin[]): Promise<readonly (readonly string[] | undefined)[]>;
  releasesOf(name: PackageName): Promise<readonly Release[] | undefined>;
  /** Whether the release can be advised: it has no known advisory, and the project's Pythons can install it. */
  isFit(pin: Pin, release: Release): Promise<boolean>;
}

// Of one package; a chunk is asked at once.
const mostReleases = 30;
const chunk = 10;
const mostParents = 10;
// From the package to what is declared.
const mostSteps = 4;

/**
 * The smallest change upwards that lets the package have a safe version, or `undefined` where that is not certain. Every package
 * that asks for it has a say, and every one that asks for what would be raised; so has what a raised release asks for itself.
 */
export async function raiseFor(question: RaiseQuestion, ports: RaisePorts): Promise<Raise | undefined> {
  const { isPartial, packages } = question.tree;
  // One of these may have a say.
  if (isPartial === true || packages.some(({ unread }) => unread !== undefined)) return undefined;
  return new Raising(question, ports).allowOne(question.name, question.safe);
}

class Raising {
  readonly #question: RaiseQuestion;
  readonly #ports: RaisePorts;
  readonly #byName = new Map<PackageName, TreePackage>();
  /** Of names that the tree has in several versions: which of them is meant is not certain. */
  readonly #forked = new Set<PackageName>();
  readonly #recordsExtras: boolean;
  readonly #extras = new Map<PackageName, Set<string>>();
  readonly #parents = new Map<PackageName, TreePackage[]>();

  constructor(question: RaiseQuestion, ports: RaisePorts) {
    this.#question = question;
    this.#ports = ports;
    const { tree, declared } = question;
    for (const one of tree.packages) {
      if (this.#byName.has(one.name)) this.#forked.add(one.name);
      this.#byName.set(one.name, one);
    }
    this.#recordsExtras = tree.packages.every(({ needs }) => needs.every(({ specifier }) => specifier !== undefined));
    const asked = tree.packages.flatMap(({ needs }) => needs);
    for (const { name, extras = [] } of [...asked, ...[...declared].map(([name, { extras }]) => ({ name, extras }))]) {
      if (extras.length > 0) this.#extras.set(name, new Set([...(this.#extras.get(name) ?? []), ...extras]));
    }
    for (const one of tree.packages) {
      for (const name of new Set(this.#active(one.name, one.needs).map((need) => need.name))) {
        if (name !== one.name) this.#parents.set(name, [...(this.#parents.get(name) ?? []), one]);
      }
    }
  }

  /** What has to be raised so that the package may have one of these versions. */
  async allowOne(name: PackageName, wanted: readonly Version[], step = 0): Promise<Raise | undefined> {
    const parents = this.#parentsOf(name);
    if (parents.length > mostParents || step > mostSteps || wanted.length === 0) return undefined;
    let open = wanted;
    let barring: TreePackage | undefined;
    for (const parent of parents) {
      const needs = await this.#needsOf(parent);
      if (needs === undefined) return undefined;
      const allowed = wanted.filter((version) => allows(needs, name, version));
      if (allowed.length > 0) open = open.filter((version) => allowed.includes(version));
      else if (barring === undefined) barring = parent;
      else return undefined; // two at once
    }
    const [nearest] = open;
    if (nearest === undefined) return undefined;
    if (barring === undefined) return { kind: 'none', allows: nearest.normal };
    return this.#raised(barring, name, open, step);
  }

  /** The nearest release of `parent` that lets the package have one of the versions, and that can be had itself. */
  async #raised(
    parent: TreePackage,
    name: PackageName,
    wanted: readonly Version[],
    step: number,
  ): Promise<Raise | undefined> {
    const { version } = parent;
    if (version === undefined || this.#forked.has(parent.name)) return undefined;
    const all = await this.#ports.releasesOf(parent.name);
    const later = (all ?? []).filter(
      (one) => one.version.key > version.version.key && !one.yanked && !one.version.isPrerelease,
    );
    const some = later.slice(0, mostReleases);
    for (let at = 0; at < some.length; at += chunk) {
      const releases = some.slice(at, at + chunk);
      const pins = releases.map((one) => ({ name: parent.name, version: one.version.normal }));
      const answers = await this.#ports.requiresOf(pins);
      for (const [index, release] of releases.entries()) {
        const [requires, pin] = [answers[index], pins[index]];
        // The nearest is not known where one before it is not.
        if (requires === undefined || pin === undefined) return undefined;
        const needs = this.#active(parent.name, this.#read(requires));
        const allowed = wanted.find((one) => allows(needs, name, one));
        if (allowed === undefined || !(await this.#isSatisfied(parent, needs, name))) continue;
        const up = await this.#above(parent.name, release.version, step);
        if (up === undefined || !(await this.#ports.isFit(pin, release))) continue;
        return up.kind === 'none'
          ? { kind: 'raise', name: parent.name, version: release.version.normal, allows: allowed.normal }
          : { ...up, allows: allowed.normal };
      }
    }
    return undefined;
  }

  /** What is declared is changed where it stands, if other lines allow that; all else has to be allowed from above. */
  async #above(name: PackageName, version: Version, step: number): Promise<Raise | undefined> {
    if (this.#question.declared.get(name)?.allows(version) === false) return undefined;
    return this.allowOne(name, [version], step + 1);
  }

  /** Whether what a release asks for besides can be had beside what is there. */
  async #isSatisfied(parent: TreePackage, needs: readonly TreeNeed[], but: PackageName): Promise<boolean> {
    for (const { name, specifier = '' } of needs) {
      const there = this.#byName.get(name);
      if (name === but || name === parent.name || there === undefined) continue;
      if (there.version === undefined || this.#forked.has(name)) return false;
      if (isAllowed(specifier, there.version.version)) continue;
      let together = setOf(specifier);
      for (const other of this.#parentsOf(name)) {
        if (other.name === parent.name) continue;
        const theirs = await this.#needsOf(other);
        if (theirs === undefined) return false;
        for (const need of theirs) if (need.name === name) together = intersect(together, setOf(need.specifier ?? ''));
      }
      const declared = this.#question.declared.get(name);
      // Whether its own line can follow is not looked into.
      if (declared !== undefined || !together.some((stretch) => hasRelease(stretch, false))) return false;
    }
    return true;
  }

  /** Without the project itself: what that asks for is declared. */
  #parentsOf(name: PackageName): readonly TreePackage[] {
    const isProject = (one: TreePackage): boolean => one.version === undefined && !this.#parents.has(one.name);
    const all = this.#parents.get(name) ?? [];
    return this.#question.declared.has(name) ? all.filter((one) => !isProject(one)) : all;
  }

  async #needsOf(one: TreePackage): Promise<readonly TreeNeed[] | undefined> {
    if (one.needs.every(({ specifier }) => specifier !== undefined)) return this.#active(one.name, one.needs);
    if (one.version === undefined) return undefined;
    const [requires] = await this.#ports.requiresOf([{ name: one.name, version: one.version.version.normal }]);
    return requires && this.#active(one.name, this.#read(requires));
  }

  #read(requires: readonly string[]): readonly TreeNeed[] {
    return requires.flatMap((one) => neededBy(one, this.#question.values));
  }

  /** Those that hold with the extras that somebody asks for. A lock does not record these, so any may be. */
  #active(name: PackageName, needs: readonly TreeNeed[]): readonly TreeNeed[] {
    if (!this.#recordsExtras) return needs;
    const extras = this.#extras.get(name);
    return needs.filter(({ extra }) => extra === undefined || extras?.has(extra) === true);
  }
}

function allows(needs: readonly TreeNeed[], name: PackageName, version: Version): boolean {
  return needs.every((need) => need.name !== name || isAllowed(need.specifier ?? '', version));
}

/** What cannot be read allows nothing. */
function isAllowed(specifier: string, version: Version): boolean {
  const read = parseSpecifier(specifier);
  return read !== undefined && contains(read, version, { prereleases: true });
}

function setOf(specifier: string): VersionSet {
  const read = parseSpecifier(specifier);
  return read === undefined ? [] : intersect(allVersions, admittedVersions(read));
}
