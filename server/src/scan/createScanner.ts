import type { Advisory } from '../core/advisories/advisory.ts';
import { decodeOsv } from '../core/advisories/decodeOsv.ts';
import { foldFindings } from '../core/assessment/findings.ts';
import type { Assessed, Failed } from '../core/assessment/outcome.ts';
import { type Pin, pinKey } from '../core/assessment/pin.ts';
import { Flight } from './flight.ts';
import { type CacheLimits, MemoryCache } from './memoryCache.ts';
import { type AdvisorySource, type Clock, type Log, LookupError, type Match } from './ports.ts';
import type { Known, ScanOptions, Scanner, ScannerFigures } from './scanner.ts';

export interface ScannerParts {
  readonly source: AdvisorySource;
  readonly limits: CacheLimits;
  readonly clock: Clock;
  readonly log: Log;
}

export function createScanner(parts: ScannerParts): Scanner {
  return new CachedScanner(parts);
}

type Outcomes = ReadonlyMap<string, Assessed | Failed>;

// Statistics speak of the recent past; a long session must not grow.
const mostDurations = 1000;

class CachedScanner implements Scanner {
  readonly #source: AdvisorySource;
  readonly #cache: MemoryCache;
  readonly #capacity: number;
  readonly #clock: Clock;
  readonly #log: Log;
  /** By pin, and by advisory id with its stamp: whoever asks for what is under way joins it. */
  readonly #questions = new Map<string, Flight<Outcomes>>();
  readonly #details = new Map<string, Flight<Advisory | undefined>>();
  readonly #durationsMs: number[] = [];
  #hits = 0;
  #misses = 0;
  #scans = 0;
  #running = 0;
  /** Raised by `clear`: answers to questions asked before it are given, but not kept. */
  #generation = 0;

  constructor({ source, limits, clock, log }: ScannerParts) {
    this.#source = source;
    this.#cache = new MemoryCache(limits, clock);
    this.#capacity = limits.maxEntries;
    this.#clock = clock;
    this.#log = log;
  }

  get figures(): ScannerFigures {
    return {
      entries: this.#cache.size,
      capacity: this.#capacity,
      hits: this.#hits,
      misses: this.#misses,
      evictions: this.#cache.evictions,
      durationsMs: this.#durationsMs,
      scans: this.#scans,
      running: this.#running,
    };
  }

  peek(pin: Pin): Known {
    const held = this.#cache.answer(pin);
    return held === undefined ? { kind: 'unknown' } : { kind: held.fresh ? 'fresh' : 'stale', outcome: held.outcome };
  }

  async scan(pins: readonly Pin[], { signal, again = false }: ScanOptions): Promise<Outcomes> {
    signal.throwIfAborted();
    const startedAt = this.#clock.now();
    this.#running++;
    try {
      const outcomes = await this.#outcomes(pins, again, signal);
      this.#scans++;
      this.#durationsMs.push(Math.max(0, this.#clock.now() - startedAt));
      this.#durationsMs.splice(0, this.#durationsMs.length - mostDurations);
      const failed = [...outcomes.values()].filter((outcome) => outcome.kind === 'failed').length;
      this.#log.debug(`scanned ${outcomes.size} pins, ${failed} could not be checked, ${this.#durationsMs.at(-1)} ms`);
      return outcomes;
    } finally {
      this.#running--;
    }
  }

  clear(): number {
    this.#generation++;
    return this.#cache.clear();
  }

  async #outcomes(pins: readonly Pin[], again: boolean, signal: AbortSignal): Promise<Outcomes> {
    const outcomes = new Map<string, Assessed | Failed>();
    const flights = new Set<Flight<Outcomes>>();
    const unasked: Pin[] = [];
    const distinct = new Map(pins.map((pin) => [pinKey(pin), pin]));
    for (const [key, pin] of distinct) {
      const held = again ? undefined : this.#cache.answer(pin);
      if (held?.fresh === true) {
        this.#hits++;
        outcomes.set(key, held.outcome);
        continue;
      }
      this.#misses++;
      const flight = again ? undefined : this.#questions.get(key);
      if (flight === undefined) {
        unasked.push(pin);
      } else {
        flights.add(flight);
      }
    }
    if (unasked.length > 0) {
      flights.add(this.#question(unasked));
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

  #question(pins: readonly Pin[]): Flight<Outcomes> {
    const keys = pins.map(pinKey);
    const forget = (): void => {
      for (const key of keys) {
        if (this.#questions.get(key) === flight) {
          this.#questions.delete(key);
        }
      }
    };
    const flight: Flight<Outcomes> = new Flight((signal) => this.#ask(pins, signal).finally(() => forget()), forget);
    keys.forEach((key) => this.#questions.set(key, flight));
    return flight;
  }

  async #ask(pins: readonly Pin[], signal: AbortSignal): Promise<Outcomes> {
    const generation = this.#generation;
    // Nothing runs before the flight is registered.
    await Promise.resolve();
    const answers = await this.#query(pins, signal);
    const checkedAt = this.#clock.now();
    const matches = answers.flatMap((answer) => (answer instanceof LookupError ? [] : answer));
    const details = await this.#fetchDetails(matches, generation, signal);
    const outcomes = new Map<string, Assessed | Failed>();
    pins.forEach((pin, index) => {
      const answer = answers[index] ?? new LookupError('badResponse', 'The advisory service left a package out.');
      if (answer instanceof LookupError) {
        outcomes.set(pinKey(pin), this.#failed(pin, answer));
        return;
      }
      const findings = foldFindings(
        pin.name,
        answer.map(({ id }) => ({ id, advisory: details.get(id) })),
      );
      const verdict = findings.length === 0 ? 'clean' : 'vulnerable';
      const outcome: Assessed = { kind: 'assessed', verdict, findings, checkedAt };
      outcomes.set(pinKey(pin), outcome);
      // What lacks details is asked for again the next time.
      if (generation === this.#generation && findings.every((finding) => finding.missingDetails.length === 0)) {
        this.#cache.keepAnswer(pin, outcome);
      }
    });
    return outcomes;
  }

  async #query(pins: readonly Pin[], signal: AbortSignal): Promise<readonly (readonly Match[] | LookupError)[]> {
    try {
      const answers = await this.#source.query(pins, signal);
      return answers.map((answer) => (answer.kind === 'matches' ? answer.matches : answer.error));
    } catch (error) {
      if (error instanceof LookupError) {
        return pins.map(() => error);
      }
      throw error;
    }
  }

  /** Advisories by id; one that could not be had is left out, and its finding says so. */
  async #fetchDetails(
    matches: readonly Match[],
    generation: number,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, Advisory>> {
    const stamps = new Map(matches.map(({ id, modified }) => [id, modified]));
    const details = new Map<string, Advisory>();
    await Promise.all(
      [...stamps].map(async ([id, modified]) => {
        const advisory = await this.#detail(id, modified, generation, signal);
        if (advisory !== undefined) {
          details.set(id, advisory);
        }
      }),
    );
    return details;
  }

  async #detail(id: string, modified: string, generation: number, signal: AbortSignal): Promise<Advisory | undefined> {
    const held = this.#cache.advisory(id, modified);
    if (held !== undefined) {
      this.#hits++;
      return held;
    }
    this.#misses++;
    const key = `${id}\n${modified}`;
    const forget = (): void => void this.#details.delete(key);
    let flight = this.#details.get(key);
    if (flight === undefined) {
      flight = new Flight((own) => this.#fetch(id, modified, generation, own).finally(forget), forget);
      this.#details.set(key, flight);
    }
    return flight.wait(signal);
  }

  async #fetch(id: string, modified: string, generation: number, signal: AbortSignal): Promise<Advisory | undefined> {
    await Promise.resolve();
    try {
      const { advisory, problem } = decodeOsv(await this.#source.record(id, signal));
      if (advisory === undefined || advisory.id !== id) {
        this.#log.warn(`The details of ${id} cannot be used: ${problem ?? `they are those of ${advisory?.id}`}`);
        return undefined;
      }
      if (generation === this.#generation) {
        this.#cache.keepAdvisory(id, modified, advisory);
      }
      return advisory;
    } catch (error) {
      if (error instanceof LookupError) {
        this.#log.warn(`The details of ${id} could not be fetched: ${error.message}`);
        return undefined;
      }
      throw error;
    }
  }

  #failed(pin: Pin, { reason, message }: LookupError): Failed {
    const known = this.#cache.answer(pin);
    return { kind: 'failed', reason, message, ...(known === undefined ? {} : { lastKnown: known.outcome }) };
  }
}
