import type { Range } from '../../core/text/position.ts';
import type { LockedTree } from '../../core/manifests/lockedTree.ts';
import { namesOtherIndex } from '../../core/manifests/namesOtherIndex.ts';
import type { MarkerValues } from '../../core/markers/holdsIn.ts';
import { nameMatcher, type PackageName } from '../../core/packages/packageName.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { ComesWith, LineState } from '../../project/workspace/lineState.ts';
import { askRaise, type RaiseScope } from '../../project/raising/askRaise.ts';
import { type DeclaredNames, declaredNames } from '../../project/raising/declaredNames.ts';
import type { Raise } from '../../project/raising/raise.ts';
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
    const known = this.#declared.get(file) ?? declaredNames(file.lines.map(({ requirement }) => requirement));
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
      this.#ask(file, line, { tree, declared })
        .catch(() => undefined)
        .then((raise) => void known.set(key, { raise, at: this.#clock.now() }));
    known.set(key, { raise: undefined, at: -Infinity, going: begun });
    return [begun];
  }

  #ask(
    { id, settings }: FileSnapshot,
    { requirement }: LineState,
    where: Pick<RaiseScope, 'tree' | 'declared'>,
  ): Promise<Raise | undefined> {
    const name = requirement.normalizedName as PackageName;
    const matchers = settings.privatePackages.map(nameMatcher);
    const own = this.#locks.ownIndexOf(id);
    const scope: RaiseScope = {
      ...where,
      markers: this.#markersOf(id),
      python: this.#locks.knownPython(id),
      isPrivate: (one) => own?.has(one as PackageName) === true || matchers.some((matches) => matches(one)),
    };
    const signal = AbortSignal.any([this.#closing, AbortSignal.timeout(wholeMs)]);
    return askRaise({ name, version: requirement.version }, scope, this.#engine.engine, signal);
  }

  /** Of the environment of the file, where it has one. */
  #markersOf(id: FileSnapshot['id']): MarkerValues {
    return this.#locks.known.get(id)?.find(({ installed }) => installed !== undefined)?.installed?.markers ?? new Map();
  }
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
