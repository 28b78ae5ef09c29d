import type { Raise, RaiseOne } from '../../core/assessment/advice/raise.ts';
import type { Bound } from '../../core/fixes/bound.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { LockedTree, TreeNeed, TreePackage } from '../../core/manifests/lockedTree.ts';
import { neededBy } from '../../core/manifests/pep508/neededBy.ts';
import type { MarkerValues } from '../../core/markers/holdsIn.ts';
import type { MarkerTree } from '../../core/markers/markerTree.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Release } from '../../core/packages/release.ts';
import { plainText } from '../../core/text/plainText.ts';
import { hasRelease } from '../../core/versions/boundary.ts';
import { admittedVersions, contains, parseSpecifier } from '../../core/versions/specifier.ts';
import type { Version } from '../../core/versions/version.ts';
import { allVersions, intersect, type VersionSet } from '../../core/versions/versionSet.ts';

export interface RaiseQuestion {
  readonly tree: LockedTree;
  readonly name: PackageName;
  /** Its safe versions, ascending. */
  readonly safe: readonly Version[];
  /** Of what manifests declare: the extras that are asked for, and whether the files allow a version of it. */
  readonly declared: ReadonlyMap<PackageName, Declared>;
  /** What all other lines ask of a package. */
  readonly limitsOn: (name: PackageName) => readonly Bound[];
  /** What markers stand for, as far as that is known; one about anything else may hold. */
  readonly values: MarkerValues;
  /** What holds in every environment that is meant, as far as that is known. */
  readonly demand?: MarkerTree | undefined;
}

export interface Declared {
  readonly extras: readonly string[];
  /** Other lines, and what was not declared to be changed. */
  readonly allows: (version: Version) => boolean;
  /** How many files declare it; one where absent. */
  readonly files?: number;
}

/** Who is asked. What nobody knows costs the advice. */
export interface RaisePorts {
  requiresOf(pins: readonly Pin[]): Promise<readonly (readonly string[] | NotKnown)[]>;
  releasesOf(name: PackageName): Promise<readonly Release[] | NotKnown>;
  /** Whether the release can be advised: it has no known advisory, and the project's Pythons can install it. */
  isFit(pin: Pin, release: Release): Promise<boolean | NotKnown>;
}

/** Why, as a clause for people. */
export interface NotKnown {
  readonly why: string;
}

// Of one package; a chunk is asked at once.
const mostReleases = 30;
const chunk = 10;
const mostParents = 10;
// From the package to what is declared.
const mostSteps = 4;

/**
 * The smallest change upwards that lets the package have a safe version; no other than one that is certain. Every package that
 * asks for it has a say, and every one that asks for what would be raised; so has what a raised release asks for itself.
 */
export async function raiseFor(question: RaiseQuestion, ports: RaisePorts): Promise<Raise> {
  const { isPartial, packages } = question.tree;
  // One of these may have a say.
  if (isPartial === true || packages.some(({ unread }) => unread !== undefined)) {
    return unknown('it is not known of every package what it asks for');
  }
  const limits = question.limitsOn(question.name);
  const safe = question.safe.filter((version) => limits.every(({ allows }) => allows(version)));
  const barring = limits.find(({ allows }) => !question.safe.some(allows)) ?? limits[0];
  if (barring !== undefined && question.safe.length > 0 && safe.length === 0) {
    return { kind: 'barred', why: `${barring.place} (${barring.text}) does not allow it` };
  }
  return new Raising(question, ports).allowOne(question.name, safe);
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
  async allowOne(name: PackageName, wanted: readonly Version[], step = 0): Promise<Raise> {
    const parents = this.#parentsOf(name);
    const shown = shownName(name);
    if (wanted.length === 0) return unknown(`no later version of ${shown} is known to be safe`);
    if (parents.length > mostParents) return unknown(`more than ${mostParents} packages ask for ${shown}`);
    if (step > mostSteps) return unknown(`the way from what is declared is longer than ${mostSteps} packages`);
    if (this.#isDeclaredElsewhere(name)) return unknown(`${shown} is declared in a file that was not read, too`);
    let open = wanted;
    let barring: TreePackage | undefined;
    for (const parent of parents) {
      const needs = await this.#needsOf(parent);
      if ('why' in needs) return unknown(needs.why);
      const allowed = wanted.filter((version) => allows(needs, name, version));
      if (allowed.length === 0 && isDoubtful(needs, name)) return unknown(dependsText(releaseName(parent)));
      if (allowed.length > 0) open = open.filter((version) => allowed.includes(version));
      else if (barring === undefined) barring = parent;
      else return { kind: 'barred', why: `neither ${releaseName(barring)} nor ${releaseName(parent)} allows it` };
    }
    const [nearest] = open;
    if (nearest === undefined) {
      return { kind: 'barred', why: `the packages that ask for ${shown} allow no safe version together` };
    }
    if (barring === undefined) return { kind: 'none', allows: nearest.normal };
    return this.#raised(barring, name, open, step);
  }

  /** The nearest release of `parent` that lets the package have one of the versions, and that can be had itself. */
  async #raised(parent: TreePackage, name: PackageName, wanted: readonly Version[], step: number): Promise<Raise> {
    const { version } = parent;
    const shown = shownName(parent.name);
    if (version === undefined) return unknown(`${shown} does not allow it, and is no release of an index`);
    if (this.#forked.has(parent.name)) return unknown(`${shown} is there in several versions`);
    const all = await this.#ports.releasesOf(parent.name);
    if ('why' in all) return unknown(all.why);
    const later = all.filter(
      (one) => one.version.key > version.version.key && !one.yanked && !one.version.isPrerelease,
    );
    const some = later.slice(0, mostReleases);
    let isAllowedByOne = false;
    for (let at = 0; at < some.length; at += chunk) {
      const releases = some.slice(at, at + chunk);
      const pins = releases.map((one) => ({ name: parent.name, version: one.version.normal }));
      const answers = await this.#ports.requiresOf(pins);
      for (const [index, release] of releases.entries()) {
        const [requires, pin] = [answers[index], pins[index]];
        if (requires === undefined || pin === undefined) return unknown(`nothing is known of ${shown}`);
        // The nearest is not known where one before it is not.
        if ('why' in requires) return unknown(requires.why);
        const needs = this.#active(parent.name, this.#read(requires));
        const allowed = wanted.find((one) => allows(needs, name, one));
        if (allowed === undefined && isDoubtful(needs, name)) {
          return unknown(dependsText(`${shown} ${release.version.normal}`));
        }
        if (allowed === undefined) continue;
        isAllowedByOne = true;
        const raised = await this.#raisedTo(parent, { pin, release, needs, allows: allowed.normal }, name, step);
        if (raised !== undefined) return raised;
      }
    }
    return later.length > some.length
      ? unknown(`none of the next ${mostReleases} versions of ${shown} allows it`)
      : { kind: 'barred', why: barredBy(parent, isAllowedByOne) };
  }

  /** `undefined` where that release cannot be had. */
  async #raisedTo(
    parent: TreePackage,
    { pin, release, needs, allows }: Candidate,
    name: PackageName,
    step: number,
  ): Promise<RaiseOne | Extract<Raise, { kind: 'unknown' }> | undefined> {
    const isSatisfied = await this.#isSatisfied(parent, needs, name);
    if (isSatisfied !== true) return isSatisfied === false ? undefined : unknown(isSatisfied.why);
    const up = await this.#above(parent.name, release.version, step);
    if (up === undefined || up.kind === 'barred') return undefined;
    if (up.kind === 'unknown') return up;
    const isFit = await this.#ports.isFit(pin, release);
    if (isFit !== true) return isFit === false ? undefined : unknown(isFit.why);
    const { normal } = release.version;
    return up.kind === 'none'
      ? { kind: 'raise', name: parent.name, version: normal, allows, along: [parent.name] }
      : { ...up, allows, along: [...up.along, parent.name] };
  }

  /** What is declared is changed where it stands, if other lines allow that; all else has to be allowed from above. */
  async #above(name: PackageName, version: Version, step: number): Promise<Raise | undefined> {
    const { declared, limitsOn } = this.#question;
    if (declared.get(name)?.allows(version) === false) return undefined;
    if (!limitsOn(name).every(({ allows }) => allows(version))) return undefined;
    return this.allowOne(name, [version], step + 1);
  }

  /** Whether what a release asks for besides can be had beside what is there. */
  async #isSatisfied(parent: TreePackage, needs: readonly TreeNeed[], but: PackageName): Promise<boolean | NotKnown> {
    for (const { name, specifier = '' } of needs) {
      const there = this.#byName.get(name);
      if (name === but || name === parent.name || there === undefined) continue;
      if (there.version === undefined || this.#forked.has(name)) return false;
      if (isAllowed(specifier, there.version.version)) continue;
      let together = setOf(specifier);
      for (const other of this.#parentsOf(name)) {
        if (other.name === parent.name) continue;
        const theirs = await this.#needsOf(other);
        if ('why' in theirs) return theirs;
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
    const all = this.#parents.get(name) ?? [];
    return this.#question.declared.has(name) ? all.filter((one) => !this.#isProject(one)) : all;
  }

  /** A lock may be that of several projects, each of which declares what it asks for. */
  #isDeclaredElsewhere(name: PackageName): boolean {
    const declared = this.#question.declared.get(name);
    const projects = (this.#parents.get(name) ?? []).filter((one) => this.#isProject(one));
    return declared !== undefined && projects.length > (declared.files ?? 1);
  }

  #isProject({ name, version }: TreePackage): boolean {
    return version === undefined && !this.#parents.has(name);
  }

  async #needsOf(one: TreePackage): Promise<readonly TreeNeed[] | NotKnown> {
    if (one.needs.every(({ specifier }) => specifier !== undefined)) return this.#active(one.name, one.needs);
    if (one.version === undefined) return { why: `it is not known which versions ${shownName(one.name)} allows` };
    const [requires] = await this.#ports.requiresOf([{ name: one.name, version: one.version.version.normal }]);
    if (requires === undefined) return { why: `nothing is known of ${shownName(one.name)}` };
    return 'why' in requires ? requires : this.#active(one.name, this.#read(requires));
  }

  #read(requires: readonly string[]): readonly TreeNeed[] {
    return requires.flatMap((one) => neededBy(one, this.#question.values, this.#question.demand));
  }

  /** Those that hold with the extras that somebody asks for. A lock does not record these, so any may be. */
  #active(name: PackageName, needs: readonly TreeNeed[]): readonly TreeNeed[] {
    if (!this.#recordsExtras) return needs;
    const extras = this.#extras.get(name);
    return needs.filter(({ extra }) => extra === undefined || extras?.has(extra) === true);
  }
}

interface Candidate {
  readonly pin: Pin;
  readonly release: Release;
  readonly needs: readonly TreeNeed[];
  /** The version of the package that it allows. */
  readonly allows: string;
}

function unknown(why: string): Extract<Raise, { kind: 'unknown' }> {
  return { kind: 'unknown', why };
}

function barredBy(parent: TreePackage, isAllowedByOne: boolean): string {
  const shown = shownName(parent.name);
  return isAllowedByOne
    ? `${releaseName(parent)} does not allow it, and no later version of ${shown} that does can be advised`
    : `neither ${releaseName(parent)} nor a later version of it allows it`;
}

function releaseName({ name, version }: TreePackage): string {
  return version === undefined ? shownName(name) : `${shownName(name)} ${plainText(version.text, 40)}`;
}

function shownName(name: PackageName): string {
  return plainText(name, 60);
}

function allows(needs: readonly TreeNeed[], name: PackageName, version: Version): boolean {
  return needs.every((need) => need.name !== name || isAllowed(need.specifier ?? '', version));
}

/** Whether it bars what it bars depends on the environment. */
function isDoubtful(needs: readonly TreeNeed[], name: PackageName): boolean {
  return needs.some((need) => need.name === name && need.isUncertain === true);
}

function dependsText(release: string): string {
  return `it depends on the environment whether ${release} allows it`;
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
