import type { Range } from '../../core/text/position.ts';
import { isPin, lookupKey } from '../../core/assessment/lookup.ts';
import type { LockedTree } from '../../core/manifests/lockedTree.ts';
import { namesOtherIndex } from '../../core/manifests/namesOtherIndex.ts';
import { type MarkerValues } from '../../core/markers/holdsIn.ts';
import { pythonsOf, withoutPythons } from '../../core/markers/pythons.ts';
import { nameMatcher, type PackageName } from '../../core/packages/packageName.ts';
import type { Release } from '../../core/packages/release.ts';
import { contains, parseClause, parseSpecifier } from '../../core/versions/specifier.ts';
import { parseVersion } from '../../core/versions/version.ts';
import { setHas } from '../../core/versions/versionSet.ts';
import { LookupError } from '../../engine/ports.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { ComesWith, LineState } from '../../project/workspace/lineState.ts';
import { type Declared, type Raise, raiseFor, type RaisePorts } from '../../project/raise.ts';
import type { Environment, Timers } from '../environment.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { LockStore } from './lockStore.ts';

// A hover that is late is not read; the next one has it.
const limitMs = 700;
const wholeMs = 30_000;
// What could not be found out is not looked into with every hover.
const quietMs = 15_000;
// As many as a hover lists.
const mostPackages = 8;
const mostLines = 5;

interface Entry {
  readonly raise: Raise | undefined;
  readonly at: number;
  /** It is being found out. */
  readonly going?: Promise<void>;
}

/** Finds out what has to be raised for what comes with a requirement: when somebody looks at it, and not before. */
export class Raises {
  readonly #timers: Timers;
  readonly #clock: Environment['clock'];
  readonly #engine: EngineHolder;
  readonly #locks: LockStore;
  readonly #closing: AbortSignal;
  readonly #known = new WeakMap<LockedTree, Map<string, Entry>>();
  /** Every action asks for it. */
  readonly #declared = new WeakMap<FileSnapshot, DeclaredNames>();

  constructor(
    { timers, clock }: Pick<Environment, 'timers' | 'clock'>,
    engine: EngineHolder,
    locks: LockStore,
    closing: AbortSignal,
  ) {
    this.#timers = timers;
    this.#clock = clock;
    this.#engine = engine;
    this.#locks = locks;
    this.#closing = closing;
  }

  /** Resolves when it is known of each vulnerable package that comes with the line, or after the limit. Never rejects. */
  async lookInto(file: FileSnapshot, { comes, requirement }: LineState): Promise<void> {
    const isOurs = requirement.subject.kind === 'lookup' && file.settings.blocked === undefined;
    const tree = comes?.source.tree;
    if (tree === undefined || !isOurs || this.#engine.engine.needs === undefined || namesOtherIndex(file.file)) return;
    const declared = this.#declaredIn(file);
    const works = comes?.lines
      .filter((line) => nearestOf(line) !== undefined)
      .slice(0, mostPackages)
      .flatMap((line) => this.#work(file, line, tree, declared));
    if (works === undefined || works.length === 0) return;
    let cancel: () => void = () => undefined;
    const limit = new Promise<void>((resolve) => (cancel = this.#timers.after(limitMs, resolve)));
    await Promise.race([Promise.all(works), limit]);
    cancel();
  }

  /** The same for the lines that a range touches. */
  async lookIntoLines(file: FileSnapshot, { start, end }: Range): Promise<void> {
    const lines = file.lines.filter(({ comes, requirement: { range } }) => {
      return comes !== undefined && range.start.line <= end.line && range.end.line >= start.line;
    });
    await Promise.all(lines.slice(0, mostLines).map((line) => this.lookInto(file, line)));
  }

  /** What is known of it; `coming` is a line that comes with another. */
  of(file: FileSnapshot, { source }: ComesWith, coming: LineState): Raise | undefined {
    return source.tree && this.#known.get(source.tree)?.get(keyOf(coming, this.#declaredIn(file).key))?.raise;
  }

  #declaredIn(file: FileSnapshot): DeclaredNames {
    const known = this.#declared.get(file) ?? declaredIn(file);
    this.#declared.set(file, known);
    return known;
  }

  #work(
    file: FileSnapshot,
    line: LineState,
    tree: LockedTree,
    { key: declaredKey, declared }: DeclaredNames,
  ): readonly Promise<void>[] {
    const key = keyOf(line, declaredKey);
    const known = this.#known.get(tree) ?? new Map<string, Entry>();
    const entry = known.get(key);
    const isOpen = entry === undefined || Math.abs(this.#clock.now() - entry.at) >= quietMs;
    if (entry?.raise !== undefined || !isOpen) return [];
    this.#known.set(tree, known);
    const begun =
      entry?.going ??
      this.#ask(file, line, tree, declared)
        .catch(() => undefined)
        .then((raise) => void known.set(key, { raise, at: this.#clock.now() }));
    known.set(key, { raise: undefined, at: -Infinity, going: begun });
    return [begun];
  }

  async #ask(
    file: FileSnapshot,
    { requirement }: LineState,
    tree: LockedTree,
    declared: ReadonlyMap<PackageName, Declared>,
  ): Promise<Raise | undefined> {
    const { scanner } = this.#engine.engine;
    const name = requirement.normalizedName as PackageName;
    await scanner.recallPackages([name]);
    const facts = scanner.peekPackage(name)?.facts;
    const from = parseVersion(requirement.version ?? '');
    if (facts?.releases === undefined || from === undefined) return undefined;
    const markers = this.#markersOf(file);
    const safe = facts.releases
      .filter(({ version, yanked, requiresPython }) => {
        const isLater = version.key > from.key && !yanked && !version.isPrerelease;
        return (
          isLater && !setHas(facts.advisories.vulnerable, version.key) && this.#canRun(file, requiresPython, markers)
        );
      })
      .map(({ version }) => version);
    return raiseFor({ tree, name, safe, declared, values: markers }, this.#ports(file, markers));
  }

  /** Of the environment of the file, where it has one. */
  #markersOf({ id }: FileSnapshot): MarkerValues {
    return this.#locks.known.get(id)?.find(({ installed }) => installed !== undefined)?.installed?.markers ?? new Map();
  }

  #ports(file: FileSnapshot, markers: MarkerValues): RaisePorts {
    const { engine } = this.#engine;
    const signal = AbortSignal.any([this.#closing, AbortSignal.timeout(wholeMs)]);
    const matchers = file.settings.privatePackages.map(nameMatcher);
    const own = this.#locks.ownIndexOf(file.id);
    const isPrivate = (name: PackageName): boolean =>
      own?.has(name) === true || matchers.some((matches) => matches(name));
    return {
      requiresOf: async (pins) => {
        const { needs } = engine;
        if (needs === undefined || pins.some(({ name }) => isPrivate(name))) return pins.map(() => undefined);
        await needs.ask(pins, signal);
        return pins.map((pin) => {
          const state = needs.state(pin);
          return state.kind === 'known' ? state.fact.requires : undefined;
        });
      },
      releasesOf: async (name) => {
        if (isPrivate(name)) return undefined;
        try {
          return await engine.index?.releases(name, signal);
        } catch (error) {
          if (error instanceof LookupError) return undefined;
          throw error;
        }
      },
      isFit: async (pin, { requiresPython }) => {
        if (isPrivate(pin.name) || !this.#canRun(file, requiresPython, markers)) return false;
        const outcome = (await engine.scanner.scan([pin], { signal })).get(lookupKey(pin));
        return outcome?.kind === 'assessed' && outcome.verdict === 'clean' && outcome.brokenOff === undefined;
      },
    };
  }

  /** Whether the Python that is there, and those that the project is for, can install it. */
  #canRun({ id }: FileSnapshot, requiresPython: Release['requiresPython'], markers: MarkerValues): boolean {
    const demand = this.#locks.knownPython(id)?.requiresPython;
    if (requiresPython === undefined) return true;
    if (demand !== undefined && withoutPythons(pythonsOf(demand), pythonsOf(requiresPython)).length > 0) return false;
    const present = markers.get('python_full_version');
    const specifier = parseSpecifier(requiresPython);
    return present === undefined || specifier === undefined || contains(specifier, present, { prereleases: true });
  }
}

interface DeclaredNames {
  readonly declared: ReadonlyMap<PackageName, Declared>;
  /** The same for the same. */
  readonly key: string;
}

function declaredIn({ lines }: FileSnapshot): DeclaredNames {
  const declared = new Map<PackageName, Declared>();
  const key: unknown[] = [];
  for (const { requirement } of lines) {
    const { normalizedName, extras = [], within, subject } = requirement;
    const name = normalizedName as PackageName;
    const limits = (within?.limits ?? []).flatMap(({ clauses }) => clauses);
    const isLimit = subject.kind === 'lookup' && !isPin(subject.lookup) && subject.lookup.isLimit === true;
    if (name === ('' as PackageName) || isLimit) continue;
    const before = declared.get(name);
    declared.set(name, {
      extras: [...(before?.extras ?? []), ...extras],
      allows: (version) =>
        before?.allows(version) !== false &&
        limits.every((clause) => {
          const read = parseClause(clause.operator, clause.version);
          return read !== undefined && contains([read], version, { prereleases: true });
        }),
    });
    key.push([name, extras, limits.map(({ operator, version }) => operator + version)]);
  }
  return { declared, key: JSON.stringify(key) };
}

function keyOf({ requirement: { normalizedName, version } }: LineState, declared: string): string {
  return `${normalizedName} ${version ?? ''} ${declared}`;
}

/** The nearest safe version of what is vulnerable. */
function nearestOf({ state }: LineState): string | undefined {
  return state.kind === 'settled' && state.outcome.kind === 'assessed' && state.outcome.findings.length > 0
    ? state.outcome.fix?.nearest
    : undefined;
}
