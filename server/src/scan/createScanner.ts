import type { Advisory } from '../core/advisories/advisory.ts';
import { assessRelease } from '../core/assessment/assessRelease.ts';
import { isPin, type Lookup, lookupKey } from '../core/assessment/lookup.ts';
import { type Assessed, type Failed, isIncomplete } from '../core/assessment/outcome.ts';
import type { Pin } from '../core/assessment/pin.ts';
import type { PackageName } from '../core/requirements/model.ts';
import type { CacheTier } from './cacheTier.ts';
import { Flight } from './flight.ts';
import { type CacheLimits, MemoryCache, outcomeFrom } from './memoryCache.ts';
import type { PackageIndex } from './packageIndex.ts';
import { advisoriesOf, outdated, type PackageKnowledge } from './packageKnowledge.ts';
import { type PackageAnswer, PackageLibrary } from './packageLibrary.ts';
import { type AdvisorySource, type Answer, type Clock, type Log, LookupError, type Match } from './ports.ts';
import type { Question } from './question.ts';
import type { Known, ScanOptions, Scanner, ScannerFigures } from './scanner.ts';
import { type StoredAnswer, TierStorage } from './tierStorage.ts';

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
}

export function createScanner(parts: ScannerParts): Scanner {
  return new CachedScanner(parts);
}

type Outcomes = ReadonlyMap<string, Assessed | Failed>;

interface Asking {
  readonly again: boolean;
  readonly typing: boolean;
  readonly onProgress: () => void;
}

// Statistics speak of the recent past; a long session must not grow.
const mostDurations = 1000;
// Telling what stored answers mean is synchronous; a keystroke must get in between.
const recalledAtATime = 50;
// More packages than a person edits at a time are asked about in one batch.
const mostTyped = 4;

class CachedScanner implements Scanner {
  readonly #source: AdvisorySource;
  readonly #memory: MemoryCache;
  readonly #storage: TierStorage;
  readonly #library: PackageLibrary;
  readonly #capacity: number;
  readonly #clock: Clock;
  readonly #log: Log;
  /** By look-up: whoever asks for what is under way joins it. */
  readonly #flights = new Map<string, Flight<Outcomes>>();
  readonly #durationsMs: number[] = [];
  #hits = 0;
  #misses = 0;
  #scans = 0;
  #running = 0;
  /** Raised by `clear`: answers to questions asked before it are given, but not kept. */
  #generation = 0;

  constructor({ source, sourceId, tiers, index, limits, clock, log }: ScannerParts) {
    this.#source = source;
    this.#memory = new MemoryCache(limits, clock);
    this.#storage = new TierStorage(tiers, sourceId, limits.detailsMaxAgeMs);
    this.#library = new PackageLibrary({ source, index, memory: this.#memory, storage: this.#storage, clock, log });
    this.#capacity = limits.maxEntries;
    this.#clock = clock;
    this.#log = log;
  }

  get figures(): ScannerFigures {
    return {
      entries: this.#memory.size,
      capacity: this.#capacity,
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
    const { signal, again = false, typing = false, onProgress = () => undefined } = options;
    signal.throwIfAborted();
    const startedAt = this.#clock.now();
    this.#running++;
    try {
      const outcomes = await this.#outcomes(lookups, { again, typing, onProgress }, signal);
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

  async clear(): Promise<number> {
    this.#generation++;
    const entries = this.#memory.clear();
    this.#library.forget();
    return entries + (await this.#storage.clear());
  }

  async #outcomes(lookups: readonly Lookup[], asking: Asking, signal: AbortSignal): Promise<Outcomes> {
    const outcomes = new Map<string, Assessed | Failed>();
    const flights = new Set<Flight<Outcomes>>();
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
    for (const answered of await Promise.all([...flights].map((flight) => flight.wait(signal)))) {
      for (const [key, outcome] of answered) {
        if (distinct.has(key)) {
          outcomes.set(key, outcome);
        }
      }
    }
    return outcomes;
  }

  #flight(lookups: readonly Lookup[], asking: Asking): Flight<Outcomes> {
    const keys = lookups.map(lookupKey);
    const forget = (): void => {
      for (const key of keys) {
        if (this.#flights.get(key) === flight) {
          this.#flights.delete(key);
        }
      }
    };
    const flight: Flight<Outcomes> = new Flight(
      (signal) => this.#answer(lookups, asking, signal).finally(() => forget()),
      forget,
    );
    keys.forEach((key) => this.#flights.set(key, flight));
    return flight;
  }

  /** Storage first, then one batch for what is left, then the packages that have something. */
  async #answer(lookups: readonly Lookup[], asking: Asking, signal: AbortSignal): Promise<Outcomes> {
    const generation = this.#generation;
    // Nothing runs before the flight is registered.
    await Promise.resolve();
    const outcomes = new Map<string, Assessed | Failed>();
    await this.#loadFromStorage(lookups);
    for (const lookup of asking.again ? [] : lookups) {
      const held = this.#memory.outcome(lookup);
      if (held?.fresh === true) {
        this.#hits++;
        outcomes.set(lookupKey(lookup), held.outcome);
      }
    }
    const open = lookups.filter((lookup) => !outcomes.has(lookupKey(lookup)));
    this.#misses += open.length;
    if (outcomes.size > 0 && open.length > 0) {
      asking.onProgress();
    }
    const groups = byPackage(open);
    const atOnce = asking.typing && groups.size <= mostTyped;
    await Promise.all(
      portions(groups).map(async (portion) => {
        const answers = await this.#query(atOnce ? [] : portion.flatMap(([, group]) => group), signal);
        const round: Round = { answers, checkedAt: this.#clock.now(), generation, signal };
        await Promise.all(
          portion.map(async ([name, group]) => {
            const settled = atOnce
              ? await this.#askPackage(name, group, round)
              : await this.#settleGroup(name, group, round);
            settled.forEach((outcome, key) => outcomes.set(key, outcome));
            asking.onProgress();
          }),
        );
      }),
    );
    return outcomes;
  }

  async #loadFromStorage(lookups: readonly Lookup[]): Promise<void> {
    const generation = this.#generation;
    const { answers, packages } = await this.#storage.load(lookups);
    if (generation !== this.#generation) {
      return;
    }
    for (const knowledge of packages) {
      if (knowledge.checkedAt > (this.#memory.knowledge(knowledge.name)?.checkedAt ?? 0)) {
        this.#memory.keepKnowledge(knowledge);
      }
    }
    for (const lookup of lookups) {
      const answer = isPin(lookup) ? answers.get(lookupKey(lookup)) : undefined;
      const outcome = answer && isPin(lookup) ? this.#storedOutcome(lookup, answer) : undefined;
      if (outcome !== undefined && outcome.checkedAt > (this.#memory.outcome(lookup)?.outcome.checkedAt ?? 0)) {
        this.#memory.keepOutcome(lookup, outcome);
      }
    }
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

  /** By `lookupKey`. A pin is asked about by its version, a range by its package. */
  async #query(lookups: readonly Lookup[], signal: AbortSignal): Promise<ReadonlyMap<string, Answer>> {
    const questions = lookups.map((lookup): Question => (isPin(lookup) ? lookup : { name: lookup.name }));
    if (questions.length === 0) {
      return new Map();
    }
    try {
      const answers = await this.#source.query(questions, signal);
      return new Map(lookups.map((lookup, index) => [lookupKey(lookup), answers[index] ?? leftOut(lookup)]));
    } catch (error) {
      if (error instanceof LookupError) {
        return new Map(lookups.map((lookup) => [lookupKey(lookup), { kind: 'failed', error }]));
      }
      throw error;
    }
  }

  /** The look-ups of one package, told from what the service answered to each. */
  async #settleGroup(name: PackageName, lookups: readonly Lookup[], round: Round): Promise<Outcomes> {
    const { answers, checkedAt, signal } = round;
    const outcomes = new Map<string, Assessed | Failed>();
    const answered: { readonly lookup: Lookup; readonly matches: readonly Match[] }[] = [];
    for (const lookup of lookups) {
      const answer = answers.get(lookupKey(lookup)) ?? leftOut(lookup);
      if (answer.kind === 'failed') {
        outcomes.set(lookupKey(lookup), this.#failed(lookup, answer.error));
      } else {
        answered.push({ lookup, matches: answer.matches });
      }
    }
    const isComplete = answered.some(({ lookup }) => !isPin(lookup));
    // Each record once. What one answer names is believed of all, whatever another leaves out.
    const matches = [...new Map(answered.flatMap((one) => one.matches.map((match) => [match.id, match]))).values()];
    const needsPackage = isComplete || matches.length > 0;
    const completeAt = isComplete ? checkedAt : undefined;
    const found = needsPackage
      ? await this.#library.find(name, { matches, completeAt, anew: false }, signal)
      : undefined;
    for (const answer of answered) {
      const { lookup } = answer;
      const outcome =
        found !== undefined && !isPin(lookup)
          ? this.#fromPackage(lookup, found)
          : await this.#fromMatches(lookup, answer.matches, found, round);
      outcomes.set(lookupKey(lookup), outcome);
      this.#keep(lookup, outcome, round);
    }
    return outcomes;
  }

  /** The same from all advisories of the package, fetched in one request. */
  async #askPackage(name: PackageName, lookups: readonly Lookup[], round: Round): Promise<Outcomes> {
    const found = await this.#library.find(name, { matches: [], anew: true }, round.signal);
    if (found.kind === 'known' && isUnreadable(found) && round.generation === this.#generation) {
      // What the service said of them before tells nothing of the record that cannot be read.
      lookups.filter(isPin).forEach((pin) => this.#storage.forgetAnswer(pin, found.knowledge.checkedAt));
    }
    return new Map(
      lookups.map((lookup) => {
        const outcome = this.#fromPackage(lookup, found);
        this.#keep(lookup, outcome, round);
        return [lookupKey(lookup), outcome] as const;
      }),
    );
  }

  async #fromMatches(
    lookup: Lookup,
    matches: readonly Match[],
    found: PackageAnswer | undefined,
    { checkedAt, signal, generation }: Round,
  ): Promise<Assessed> {
    const knowledge = found?.kind === 'known' ? found.knowledge : undefined;
    const held = advisoriesById(knowledge);
    const records = await Promise.all(
      matches.map(async ({ id, modified }) => {
        const isAsked = found?.kind === 'known' && found.lacking.includes(id);
        const advisory = held.get(id) ?? (isAsked ? undefined : await this.#library.advisory(id, modified, signal));
        return { id, advisory };
      }),
    );
    if (isPin(lookup) && generation === this.#generation) {
      this.#storage.keepAnswer(lookup, matches, checkedAt);
    }
    const pin = { name: lookup.name, version: isPin(lookup) ? lookup.version : '' };
    return { kind: 'assessed', ...assessRelease(pin, records, knowledge?.facts), checkedAt };
  }

  /** Only where every advisory of the package can be read. */
  #fromPackage(lookup: Lookup, found: PackageAnswer): Assessed | Failed {
    if (found.kind === 'failed') {
      return this.#failed(lookup, found.error);
    }
    const { knowledge, lacking } = found;
    if (isUnreadable(found)) {
      const which = lacking[0] ?? knowledge.unreadable[0] ?? '';
      const message = `The advisory service has a record about ${lookup.name} that could not be read: ${which}.`;
      return this.#failed(lookup, new LookupError('badResponse', message));
    }
    const noVersion = new LookupError('badResponse', `${lookupKey(lookup)} names no PEP 440 version.`);
    return outcomeFrom(lookup, knowledge) ?? this.#failed(lookup, noVersion);
  }

  /** What lacks details, or a fix for want of the package's advisories, is asked for again the next time. */
  #keep(lookup: Lookup, outcome: Assessed | Failed, { generation }: Round): void {
    if (generation !== this.#generation) {
      return;
    }
    if (outcome.kind === 'assessed' && !isIncomplete(outcome)) {
      this.#memory.keepOutcome(lookup, outcome);
    } else {
      this.#memory.doubtOutcome(lookup);
    }
  }

  #failed(lookup: Lookup, { reason, message }: LookupError): Failed {
    const known = this.#memory.outcome(lookup);
    return { kind: 'failed', reason, message, ...(known === undefined ? {} : { lastKnown: known.outcome }) };
  }
}

// OSV's own limit for a batch. What one batch says is kept while others are still under way.
const mostAtATime = 1000;

/** What is asked at a time; the look-ups of a package stay together. */
function portions(groups: Groups): readonly (readonly [PackageName, readonly Lookup[]][])[] {
  const all: [PackageName, readonly Lookup[]][][] = [];
  let room = 0;
  for (const entry of groups) {
    const size = entry[1].length;
    if (size > room) {
      all.push([]);
      room = mostAtATime;
    }
    all.at(-1)?.push(entry);
    room -= size;
  }
  return all;
}

type Groups = ReadonlyMap<PackageName, readonly Lookup[]>;

/** What one round of questions has in common. */
interface Round {
  /** By `lookupKey`. */
  readonly answers: ReadonlyMap<string, Answer>;
  readonly checkedAt: number;
  readonly generation: number;
  readonly signal: AbortSignal;
}

function byPackage(lookups: readonly Lookup[]): Groups {
  const groups = new Map<PackageName, Lookup[]>();
  for (const lookup of lookups) {
    groups.set(lookup.name, [...(groups.get(lookup.name) ?? []), lookup]);
  }
  return groups;
}

function advisoriesById(knowledge: PackageKnowledge | undefined): ReadonlyMap<string, Advisory> {
  return new Map(knowledge && advisoriesOf(knowledge).map((advisory) => [advisory.id, advisory]));
}

function isUnreadable({ knowledge, lacking }: PackageAnswer & { readonly kind: 'known' }): boolean {
  return knowledge.unreadable.length > 0 || lacking.length > 0;
}

function leftOut({ name }: Lookup): Answer {
  const message = `The advisory service left ${name} out of its answer.`;
  return { kind: 'failed', error: new LookupError('badResponse', message) };
}
