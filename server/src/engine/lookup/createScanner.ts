import type { PackageName } from '../../core/packages/packageName.ts';
import { assessRelease } from '../../core/assessment/assessRelease.ts';
import { isPin, type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../core/assessment/outcome.ts';
import type { Pin } from '../../core/assessment/pin.ts';
import type { CacheTier } from '../store/cacheTier.ts';
import { follows } from '../store/derivedAnswers.ts';
import { Epoch } from '../epoch.ts';
import { type SharedWork, SingleFlight } from '../singleFlight.ts';
import { type CacheLimits, MemoryCache } from '../store/memoryCache.ts';
import type { PackageIndex } from '../index/packageIndex.ts';
import { advisoriesById, outdated, type PackageKnowledge } from './packageKnowledge.ts';
import { PackageLibrary } from './packageLibrary.ts';
import type { AdvisorySource, Clock, Log } from '../ports.ts';
import type { Known, Outcomes, ScanOptions, Scanner, ScannerFigures } from './scanner.ts';
import { ServiceAnswers } from './serviceAnswers.ts';
import { type StoredAnswer, TierStorage } from '../store/tierStorage.ts';

export interface ScannerParts {
  readonly source: AdvisorySource;
  /** Says whose answers these are, in storage that others may share: its address. */
  readonly sourceId: string;
  /** Nearest first. */
  readonly tiers: readonly CacheTier[];
  /** Verifies fixes; absent where nobody is to be asked. */
  readonly index?: PackageIndex | undefined;
  readonly limits: CacheLimits;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * For a run that asks once and about no package as a whole: packages leave memory when their look-ups are told, and what
   * was told is kept in the tiers too, for the same version of Pinwatch.
   */
  readonly outcomesOnly?: { readonly version: string } | undefined;
}

export function createScanner(parts: ScannerParts): Scanner {
  return new CachedScanner(parts);
}

interface Asking {
  readonly again: boolean;
  readonly typing: boolean;
  readonly onProgress: () => void;
  readonly onAborted: (known: Outcomes) => void;
}

/** What is known already of look-ups in progress; later ones say more. */
type SoFar = (() => Outcomes)[];

const nothing = (): void => undefined;

// Statistics speak of the recent past; a long session must not grow.
const mostDurations = 1000;
// Telling what stored answers mean is synchronous; a keystroke must get in between.
const recalledAtATime = 50;
class CachedScanner implements Scanner {
  readonly #memory: MemoryCache;
  readonly #storage: TierStorage;
  readonly #library: PackageLibrary;
  readonly #service: ServiceAnswers;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #outcomesOnly: boolean;
  /** By `lookupKey`. */
  readonly #flights = new SingleFlight<string, Outcomes>();
  readonly #soFar = new WeakMap<SharedWork<Outcomes>, SoFar>();
  readonly #durationsMs: number[] = [];
  #hits = 0;
  #misses = 0;
  #scans = 0;
  #running = 0;
  /** Answers to questions asked before a `clear` are given, but not kept. */
  readonly #clearings = new Epoch();

  constructor({ source, sourceId, tiers, index, limits, clock, log, outcomesOnly }: ScannerParts) {
    this.#memory = new MemoryCache(limits, clock);
    this.#storage = new TierStorage(tiers, sourceId, {
      maxAgeMs: limits.detailsMaxAgeMs,
      clock,
      derivedBy: outcomesOnly?.version,
    });
    this.#outcomesOnly = outcomesOnly !== undefined;
    const parts = { source, memory: this.#memory, storage: this.#storage, clock };
    this.#library = new PackageLibrary({ ...parts, index, log });
    this.#service = new ServiceAnswers({ ...parts, library: this.#library, outcomesOnly: this.#outcomesOnly });
    this.#clock = clock;
    this.#log = log;
  }

  get figures(): ScannerFigures {
    return {
      entries: this.#memory.size,
      capacity: this.#memory.capacity,
      hits: this.#hits + this.#library.hits,
      misses: this.#misses + this.#library.misses,
      evictions: this.#memory.evictions,
      durationsMs: this.#durationsMs,
      scans: this.#scans,
      running: this.#running,
    };
  }

  peek(lookup: Lookup): Known {
    const held = this.#memory.outcome(lookup);
    if (held === undefined) {
      return { kind: 'unknown' };
    }
    const { outcome, fresh } = held;
    return fresh ? { kind: 'fresh', outcome, until: this.#memory.freshUntil(outcome) } : { kind: 'stale', outcome };
  }

  get revision(): number {
    return this.#memory.revision;
  }

  peekPackage(name: PackageName): PackageKnowledge | undefined {
    return this.#memory.knowledge(name);
  }

  async scan(lookups: readonly Lookup[], options: ScanOptions): Promise<Outcomes> {
    const { signal, again = false, typing = false, onProgress = nothing, onAborted = nothing } = options;
    signal.throwIfAborted();
    const startedAt = this.#clock.now();
    this.#running++;
    try {
      const outcomes = await this.#outcomes(lookups, { again, typing, onProgress, onAborted }, signal);
      this.#scans++;
      this.#durationsMs.push(Math.max(0, this.#clock.now() - startedAt));
      this.#durationsMs.splice(0, this.#durationsMs.length - mostDurations);
      const failed = [...outcomes.values()].filter((outcome) => outcome.kind === 'failed').length;
      this.#log.debug(
        `scanned ${outcomes.size} requirements, ${failed} could not be checked, ${this.#durationsMs.at(-1)} ms`,
      );
      return outcomes;
    } finally {
      this.#running--;
    }
  }

  async recall(lookups: readonly Lookup[], signal: AbortSignal): Promise<void> {
    const unknown = lookups.filter((lookup) => this.peek(lookup).kind !== 'fresh');
    for (let start = 0; start < unknown.length && !signal.aborted; start += recalledAtATime) {
      await this.#loadFromStorage(unknown.slice(start, start + recalledAtATime));
    }
  }

  get unpacked(): number {
    return this.#memory.unpacked;
  }

  pack(most: number): void {
    this.#memory.pack(most);
  }

  limitTo(entries: number): void {
    this.#memory.limitTo(entries);
  }

  async clear(): Promise<number> {
    this.#clearings.next();
    const entries = this.#memory.clear();
    this.#library.forget();
    return entries + (await this.#storage.clear());
  }

  async #outcomes(lookups: readonly Lookup[], asking: Asking, signal: AbortSignal): Promise<Outcomes> {
    const outcomes = new Map<string, Assessed | Failed>();
    const flights = new Set<SharedWork<Outcomes>>();
    const unasked: Lookup[] = [];
    const distinct = new Map(lookups.map((lookup) => [lookupKey(lookup), lookup]));
    for (const [key, lookup] of distinct) {
      const held = asking.again ? undefined : this.#memory.outcome(lookup);
      if (held?.fresh === true) {
        this.#hits++;
        outcomes.set(key, held.outcome);
        continue;
      }
      const flight = asking.again ? undefined : this.#flights.get(key);
      if (flight === undefined) {
        unasked.push(lookup);
      } else {
        this.#misses++;
        flights.add(flight);
      }
    }
    if (unasked.length > 0) {
      flights.add(this.#flight(unasked, asking));
    }
    const take = (answered: Outcomes): void => {
      for (const [key, outcome] of answered) {
        if (distinct.has(key)) {
          outcomes.set(key, outcome);
        }
      }
    };
    try {
      (await Promise.all([...flights].map((flight) => flight.wait(signal)))).forEach(take);
    } catch (error) {
      if (signal.aborted) {
        flights.forEach((flight) => this.#soFar.get(flight)?.forEach((tell) => take(tell())));
        asking.onAborted(outcomes);
      }
      throw error;
    }
    return outcomes;
  }

  #flight(lookups: readonly Lookup[], asking: Asking): SharedWork<Outcomes> {
    const soFar: SoFar = [];
    const isCurrent = this.#clearings.mark();
    const flight = this.#flights.begin(lookups.map(lookupKey), (signal) =>
      this.#answer(lookups, { ...asking, soFar, isCurrent }, signal),
    );
    this.#soFar.set(flight, soFar);
    return flight;
  }

  /** Storage first, then one batch for what is left, then the packages that have something. */
  async #answer(
    lookups: readonly Lookup[],
    asking: Asking & { readonly soFar: SoFar; readonly isCurrent: () => boolean },
    signal: AbortSignal,
  ): Promise<Outcomes> {
    const { soFar, isCurrent } = asking;
    const outcomes = new Map<string, Assessed | Failed>();
    const bare = await this.#loadFromStorage(lookups, asking.again);
    for (const lookup of asking.again ? [] : lookups) {
      const held = this.#memory.outcome(lookup);
      if (held?.fresh === true) {
        this.#hits++;
        outcomes.set(lookupKey(lookup), held.outcome);
      }
    }
    soFar.push(() => outcomes);
    const open = lookups.filter((lookup) => !outcomes.has(lookupKey(lookup)));
    this.#misses += open.length;
    if (outcomes.size > 0 && open.length > 0) {
      asking.onProgress();
    }
    const onNamed = (tell: () => Outcomes): void => void soFar.unshift(tell); // `outcomes` grows, and says more
    await this.#service.settle(open, { typing: asking.typing, isCurrent, onNamed, signal }, (settled) => {
      settled.forEach((outcome, key) => outcomes.set(key, outcome));
      asking.onProgress();
    });
    for (const [key, outcome] of asking.again ? [] : bare) {
      if (outcomes.get(key)?.kind === 'failed' && this.#memory.isFresh(outcome)) {
        outcomes.set(key, outcome); // only its details could not be had
      }
    }
    return outcomes;
  }

  /**
   * By `lookupKey`, what storage knows to be vulnerable without the details at hand: never in memory as an answer.
   * `again`: the answers are asked for again, and what is held of the packages says what of them has changed.
   */
  async #loadFromStorage(lookups: readonly Lookup[], again = false): Promise<ReadonlyMap<string, Assessed>> {
    const bare = new Map<string, Assessed>();
    const isCurrent = this.#clearings.mark();
    const known = new Set(this.#storage.keepsDerived ? lookups.filter((lookup) => this.#memory.outcome(lookup)) : []);
    const isEnough = (outcome: Assessed): boolean => !again && this.#memory.isFresh(outcome);
    const { answers, packages, derived } = await this.#storage.load(lookups, { isEnough });
    if (!isCurrent()) {
      return bare;
    }
    // What was kept while a clock was ahead would look new again, once the time has come.
    const isPast = ({ checkedAt }: { readonly checkedAt: number }): boolean => checkedAt <= this.#clock.now();
    for (const knowledge of packages.filter(isPast)) {
      if (knowledge.checkedAt > (this.#memory.knowledge(knowledge.name)?.checkedAt ?? 0)) {
        this.#memory.keepKnowledge(knowledge);
      }
    }
    for (const lookup of lookups) {
      const kept = isPin(lookup) ? answers.get(lookupKey(lookup)) : undefined;
      const answer = kept && isPast(kept) ? kept : undefined;
      const held = derived.get(lookupKey(lookup));
      const outcome =
        held !== undefined && isPast(held)
          ? held
          : answer && isPin(lookup)
            ? this.#storedOutcome(lookup, answer)
            : undefined;
      if (outcome !== undefined && outcome.checkedAt > (this.#memory.outcome(lookup)?.outcome.checkedAt ?? 0)) {
        this.#memory.keepOutcome(lookup, outcome);
      } else if (outcome === undefined && answer !== undefined && isPin(lookup)) {
        const records = answer.matches.map(({ id }) => ({ id, advisory: undefined }));
        const { checkedAt } = answer;
        const named: Assessed = { kind: 'assessed', ...assessRelease(lookup, records, undefined), checkedAt };
        bare.set(lookupKey(lookup), named);
        if (this.#memory.outcome(lookup) === undefined) {
          this.#memory.keepDoubted(lookup, named);
        }
      }
    }
    if (this.#storage.keepsDerived) {
      const told = byName(lookups.filter((lookup) => !known.has(lookup)));
      packages.forEach((knowledge) => this.#keepDerived(knowledge, told.get(knowledge.name) ?? []));
    }
    return bare;
  }

  /** What was just told from what storage has of a package need not be worked out the next time. */
  #keepDerived(knowledge: PackageKnowledge, lookups: readonly Lookup[]): void {
    if (this.#memory.knowledge(knowledge.name) !== knowledge) {
      return; // something newer is in memory
    }
    const told = new Map<string, Assessed>();
    for (const lookup of lookups) {
      const outcome = this.#memory.outcome(lookup)?.outcome;
      if (outcome !== undefined && follows(lookup, outcome, knowledge)) {
        told.set(lookupKey(lookup), outcome);
      }
    }
    this.#storage.keepDerived(knowledge, told);
  }

  /** `undefined` where the details of the answer are not at hand as they are now. */
  #storedOutcome(pin: Pin, { matches, checkedAt }: StoredAnswer): Assessed | undefined {
    const knowledge = this.#memory.knowledge(pin.name);
    if (matches.length > 0 && (knowledge === undefined || outdated(knowledge, matches).length > 0)) {
      return undefined;
    }
    const held = advisoriesById(knowledge);
    const records = matches.map(({ id }) => ({ id, advisory: held.get(id) }));
    return { kind: 'assessed', ...assessRelease(pin, records, knowledge?.facts), checkedAt };
  }
}

function byName(lookups: readonly Lookup[]): ReadonlyMap<PackageName, readonly Lookup[]> {
  const groups = new Map<PackageName, Lookup[]>();
  for (const lookup of lookups) {
    const group = groups.get(lookup.name);
    if (group === undefined) {
      groups.set(lookup.name, [lookup]);
    } else {
      group.push(lookup);
    }
  }
  return groups;
}
