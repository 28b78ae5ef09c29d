import type { PackageName } from '../../core/packages/packageName.ts';
import { type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../core/assessment/outcome.ts';
import { noDurations, withDuration } from '../durations.ts';
import type { PackageIndex } from '../index/packageIndex.ts';
import type { AdvisorySource, Clock, Log } from '../ports.ts';
import { type SharedWork, SingleFlight } from '../singleFlight.ts';
import type { AdvisoryStore } from '../store/advisoryStore.ts';
import type { PackageKnowledge } from '../store/packageKnowledge.ts';
import { PackageLibrary } from './packageLibrary.ts';
import type { Known, Outcomes, ScanOptions, Scanner, ScannerFigures } from './scanner.ts';
import { ServiceAnswers } from './serviceAnswers.ts';

export interface ScannerParts {
  readonly source: AdvisorySource;
  /** What is known, and what of it is kept. */
  readonly store: AdvisoryStore;
  /** Verifies fixes; absent where nobody is to be asked. */
  readonly index?: PackageIndex | undefined;
  readonly clock: Clock;
  readonly log: Log;
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

// Telling what stored answers mean is synchronous; a keystroke must get in between.
const recalledAtATime = 50;
class CachedScanner implements Scanner {
  readonly #store: AdvisoryStore;
  readonly #library: PackageLibrary;
  readonly #service: ServiceAnswers;
  readonly #clock: Clock;
  readonly #log: Log;
  /** By `lookupKey`. */
  readonly #flights = new SingleFlight<string, Outcomes>();
  readonly #soFar = new WeakMap<SharedWork<Outcomes>, SoFar>();
  #durations = noDurations;
  #hits = 0;
  #misses = 0;
  #running = 0;

  constructor({ source, store, index, clock, log }: ScannerParts) {
    this.#store = store;
    this.#library = new PackageLibrary({ source, store, index, clock, log });
    this.#service = new ServiceAnswers({ source, store, library: this.#library, clock });
    this.#clock = clock;
    this.#log = log;
  }

  get figures(): ScannerFigures {
    return {
      ...this.#store.figures,
      hits: this.#hits + this.#library.hits,
      misses: this.#misses + this.#library.misses,
      durations: this.#durations,
      running: this.#running,
    };
  }

  peek(lookup: Lookup): Known {
    // What is about to be answered is not worked out for those who look meanwhile: they look again when it is.
    const isAsked = this.#flights.get(lookupKey(lookup)) !== undefined;
    const held = isAsked ? this.#store.answered(lookup) : this.#store.outcome(lookup);
    if (held === undefined) {
      return { kind: 'unknown' };
    }
    const { outcome, fresh } = held;
    return fresh ? { kind: 'fresh', outcome, until: this.#store.freshUntil(outcome) } : { kind: 'stale', outcome };
  }

  get revision(): number {
    return this.#store.revision;
  }

  changedSince(revision: number): ReadonlySet<PackageName> | undefined {
    return this.#store.changedSince(revision);
  }

  peekPackage(name: PackageName): PackageKnowledge | undefined {
    return this.#store.knowledge(name);
  }

  async scan(lookups: readonly Lookup[], options: ScanOptions): Promise<Outcomes> {
    const { signal, again = false, typing = false, onProgress = nothing, onAborted = nothing } = options;
    signal.throwIfAborted();
    const startedAt = this.#clock.now();
    this.#running++;
    try {
      const outcomes = await this.#outcomes(lookups, { again, typing, onProgress, onAborted }, signal);
      const tookMs = this.#clock.now() - startedAt;
      this.#durations = withDuration(this.#durations, tookMs);
      const failed = [...outcomes.values()].filter((outcome) => outcome.kind === 'failed').length;
      this.#log.debug(`scanned ${outcomes.size} requirements, ${failed} could not be checked, ${tookMs} ms`, {
        event: 'lookups.answered',
        lookups: outcomes.size,
        failed,
        durationMs: tookMs,
      });
      return outcomes;
    } finally {
      this.#running--;
    }
  }

  async recall(lookups: readonly Lookup[], signal: AbortSignal): Promise<void> {
    const unknown = lookups.filter((lookup) => this.peek(lookup).kind !== 'fresh');
    for (let start = 0; start < unknown.length && !signal.aborted; start += recalledAtATime) {
      await this.#store.recall(unknown.slice(start, start + recalledAtATime));
    }
  }

  async recallPackages(names: readonly PackageName[]): Promise<void> {
    const unknown = [...new Set(names)].filter((name) => this.peekPackage(name) === undefined);
    if (unknown.length > 0) {
      await this.#store.recall(
        unknown.map((name) => ({ name, specifier: [], text: '' })),
        true,
      );
    }
  }

  get unpacked(): number {
    return this.#store.unpacked;
  }

  pack(most: number): void {
    this.#store.pack(most);
  }

  limitTo(entries: number): void {
    this.#service.spareMemory();
    this.#store.limitTo(entries);
  }

  clear(): Promise<number> {
    return this.#store.clear();
  }

  async #outcomes(lookups: readonly Lookup[], asking: Asking, signal: AbortSignal): Promise<Outcomes> {
    const outcomes = new Map<string, Assessed | Failed>();
    const flights = new Set<SharedWork<Outcomes>>();
    const unasked: Lookup[] = [];
    const distinct = new Map(lookups.map((lookup) => [lookupKey(lookup), lookup]));
    for (const [key, lookup] of distinct) {
      const held = asking.again ? undefined : this.#store.outcome(lookup);
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
    const isCurrent = this.#store.mark();
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
    // What is on disk may take a while, too.
    const onRecalled = asking.again ? undefined : asking.onProgress;
    const { known, bare } = await this.#store.recall(lookups, asking.again, onRecalled);
    const { turns } = this.#store;
    const open: Lookup[] = [];
    for (const lookup of lookups) {
      if (turns.isOver) {
        await turns.take();
      }
      const key = lookupKey(lookup);
      const outcome = known.get(key) ?? (asking.again ? undefined : this.#freshOutcome(lookup));
      if (outcome === undefined) {
        open.push(lookup);
      } else {
        this.#hits++;
        outcomes.set(key, outcome);
      }
    }
    soFar.push(() => outcomes);
    this.#misses += open.length;
    if (outcomes.size > 0 && open.length > 0) {
      asking.onProgress();
    }
    await turns.take();
    const onNamed = (tell: () => Outcomes): void => void soFar.unshift(tell); // `outcomes` grows, and says more
    await this.#service.settle(open, { typing: asking.typing, isCurrent, onNamed, signal }, (settled) => {
      settled.forEach((outcome, key) => outcomes.set(key, outcome));
      asking.onProgress();
    });
    for (const [key, outcome] of asking.again ? [] : bare) {
      if (outcomes.get(key)?.kind === 'failed' && this.#store.isFresh(outcome)) {
        outcomes.set(key, outcome); // only its details could not be had
      }
    }
    return outcomes;
  }

  #freshOutcome(lookup: Lookup): Assessed | undefined {
    const held = this.#store.outcome(lookup);
    return held?.fresh === true ? held.outcome : undefined;
  }
}
