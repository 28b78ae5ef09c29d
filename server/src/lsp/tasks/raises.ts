import type { Range } from '../../core/text/position.ts';
import { haveSameEntries } from '../../core/text/carryOver.ts';
import type { RaiseAdvice } from '../../core/assessment/advice/raise.ts';
import type { LineBounds } from '../../core/assessment/decided/lineBounds.ts';
import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { LockedTree } from '../../core/manifests/lockedTree.ts';
import { namesOtherIndex } from '../../core/manifests/namesOtherIndex.ts';
import { nameMatcher, type PackageName } from '../../core/packages/packageName.ts';
import { releasesKeptMs } from '../../engine/index/packageIndex.ts';
import { declaresFor } from '../../project/declarers.ts';
import { shownBelow } from '../../project/fileId.ts';
import { adviseRaise, placeOfSource, type RaisingPlace } from '../../project/raising/adviseRaise.ts';
import { declaredKey } from '../../project/raising/declaredNames.ts';
import { raiseScope, type RaisingSource } from '../../project/raising/raiseScope.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { ComesWith, LineState } from '../../project/workspace/lineState.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { Engine, Environment, Timers } from '../environment.ts';
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
  readonly advice: RaiseAdvice | undefined;
  readonly at: number;
  /** Who answered. */
  readonly engine: Engine;
  /** What held of other files. */
  readonly limits: readonly (LineBounds | undefined)[];
  /** It is being found out. */
  readonly going?: Promise<void>;
}

/** Finds out what has to be raised for what comes with a requirement: when somebody looks at it, and not before. */
export class Raises {
  readonly #timers: Timers;
  readonly #clock: Environment['clock'];
  readonly #engine: EngineHolder;
  readonly #locks: LockStore;
  readonly #workspace: Pick<Workspace, 'snapshot' | 'folders'>;
  readonly #closing: AbortSignal;
  #known = new WeakMap<LockedTree, Map<string, Entry>>();
  /** Every action asks for it. */
  readonly #keys = new WeakMap<FileSnapshot, string>();

  constructor(
    { timers, clock }: Pick<Environment, 'timers' | 'clock'>,
    engine: EngineHolder,
    locks: LockStore,
    workspace: Pick<Workspace, 'snapshot' | 'folders'>,
    closing: AbortSignal,
  ) {
    this.#timers = timers;
    this.#clock = clock;
    this.#engine = engine;
    this.#locks = locks;
    this.#workspace = workspace;
    this.#closing = closing;
  }

  /** Resolves when it is known of each vulnerable package that comes with the line, or after the limit. Never rejects. */
  async lookInto(file: FileSnapshot, { comes, requirement }: LineState): Promise<void> {
    const isOurs = requirement.subject.kind === 'lookup' && file.settings.blocked === undefined;
    const source = comes && raisingSource(comes.source);
    if (comes === undefined || source === undefined || !isOurs) return;
    const around = this.#aroundOf(source);
    const works = comes.lines.flatMap((line) => {
      const nearest = nearestOf(line);
      return nearest === undefined ? [] : [{ line, nearest }];
    });
    const begun = works.slice(0, mostPackages).flatMap((one) => this.#work(one, source, around));
    if (begun.length === 0) return;
    let cancel: () => void = () => undefined;
    const limit = new Promise<void>((resolve) => (cancel = this.#timers.after(limitMs, resolve)));
    await Promise.race([Promise.all(begun), limit]);
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
  of(comes: ComesWith, coming: LineState): RaiseAdvice | undefined {
    const source = raisingSource(comes.source);
    const known = source && this.#known.get(source.tree);
    if (source === undefined || known === undefined) return undefined;
    const around = this.#aroundOf(source);
    const entry = known.get(keyOf(coming, around));
    return entry !== undefined && this.#holds(entry, around) ? entry.advice : undefined;
  }

  /** A person asks for all of it again. */
  clear(): void {
    this.#known = new WeakMap();
  }

  /** A lock, compiled file or environment, with what all files say that declare what it holds. */
  placeOf(source: RaisingSource): RaisingPlace {
    const files = this.#filesOf(source);
    const ages = files.map(({ settings }) => settings.fixMinimumReleaseAgeDays);
    const scope = raiseScope(
      source,
      files.map(({ id, lines, limits, settings: { privatePackages }, file: manifest }) => {
        const matchers = privatePackages.map(nameMatcher);
        const own = this.#locks.ownIndexOf(id);
        return {
          shown: shownBelow(this.#workspace.folders, id),
          requirements: lines.map(({ requirement }) => requirement),
          limits,
          python: this.#locks.knownPython(id),
          locked: this.#locks.known.get(id) ?? [],
          isPrivate: (name) => own?.has(name as PackageName) === true || matchers.some((matches) => matches(name)),
          namesOtherIndex: namesOtherIndex(manifest),
        };
      }),
      { minimumReleaseAgeDays: Math.max(0, ...ages), nowMs: this.#clock.now() },
    );
    return placeOfSource(source, scope);
  }

  #work(
    { line, nearest }: { readonly line: LineState; readonly nearest: string },
    source: RaisingSource,
    around: Around,
  ): readonly Promise<void>[] {
    const key = keyOf(line, around);
    const known = this.#known.get(source.tree) ?? new Map<string, Entry>();
    const entry = known.get(key);
    const isSame = entry !== undefined && this.#isSame(entry, around);
    if (isSame && entry.going === undefined && this.#holds(entry, around)) return [];
    this.#known.set(source.tree, known);
    const { engine } = this.#engine;
    const { limits } = around;
    const begun = (isSame ? entry.going : undefined) ?? this.#ask(line, nearest, source).then(take);
    known.set(key, { advice: undefined, at: -Infinity, engine, limits, going: begun });
    return [begun];

    function take(this: void, answer: { readonly advice: RaiseAdvice; readonly at: number }): void {
      known.set(key, { ...answer, engine, limits });
    }
  }

  async #ask(
    { requirement }: LineState,
    nearest: string,
    source: RaisingSource,
  ): Promise<{ readonly advice: RaiseAdvice; readonly at: number }> {
    const signal = AbortSignal.any([this.#closing, AbortSignal.timeout(wholeMs)]);
    const place = this.placeOf(source);
    const advice = await adviseRaise({ requirement, place, nearest }, this.#engine.engine, signal);
    return { advice, at: this.#clock.now() };
  }

  /** Whether it still says what is so: no longer than what the index said of releases is believed. */
  #holds(entry: Entry, around: Around): boolean {
    const limit = entry.advice?.raise.kind === 'unknown' ? quietMs : releasesKeptMs;
    return this.#isSame(entry, around) && Math.abs(this.#clock.now() - entry.at) < limit;
  }

  #isSame({ engine, limits }: Entry, around: Around): boolean {
    return engine === this.#engine.engine && haveSameEntries(limits, around.limits);
  }

  #aroundOf(source: RaisingSource): Around {
    const files = this.#filesOf(source);
    const keys = files.map((file) => {
      const key = this.#keys.get(file) ?? declaredKey(file.lines.map(({ requirement }) => requirement));
      this.#keys.set(file, key);
      return key;
    });
    return { key: keys.join(), limits: files.map(({ limits }) => limits) };
  }

  #filesOf(source: RaisingSource): readonly FileSnapshot[] {
    return [...this.#locks.known].flatMap(([id, all]) => {
      const file = all.some(({ tree }) => tree === source.tree) ? this.#workspace.snapshot(id) : undefined;
      return file !== undefined && declaresFor(file.file, source) ? [file] : [];
    });
  }
}

/** What files say that declare what a tree holds. */
interface Around {
  readonly key: string;
  readonly limits: readonly (LineBounds | undefined)[];
}

function raisingSource(source: LockedVersions): RaisingSource | undefined {
  const { tree } = source;
  return tree && { ...source, tree };
}

function keyOf({ requirement: { normalizedName, version }, state }: LineState, { key }: Around): string {
  return `${normalizedName} ${version ?? ''} ${nearestOf({ state }) ?? ''} ${key}`;
}

/** The nearest safe version of what is vulnerable. */
function nearestOf({ state }: Pick<LineState, 'state'>): string | undefined {
  return state.kind === 'settled' && state.outcome.kind === 'assessed' && state.outcome.findings.length > 0
    ? state.outcome.fix?.nearest
    : undefined;
}
