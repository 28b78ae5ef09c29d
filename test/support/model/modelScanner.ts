import { noDurations } from '../../../server/src/engine/durations.ts';
import { type Lookup, lookupKey } from '../../../server/src/core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../../server/src/core/assessment/outcome.ts';
import type { PackageKnowledge } from '../../../server/src/engine/store/packageKnowledge.ts';
import type { Known, Outcomes, ScanOptions, Scanner } from '../../../server/src/engine/lookup/scanner.ts';
import type { ModelService } from './modelService.ts';

export const answerTtlMs = 3_600_000;

/** A scanner as small as can be: a memory with an age, and a service behind it. */
export class ModelScanner implements Scanner {
  readonly #service: ModelService;
  readonly #now: () => number;
  readonly #known = new Map<string, Assessed>();
  revision = 0;
  readonly unpacked = 0;
  readonly figures = {
    entries: 0,
    capacity: 100,
    hits: 0,
    misses: 0,
    evictions: 0,
    durations: noDurations,
    running: 0,
  };

  constructor(service: ModelService, now: () => number) {
    this.#service = service;
    this.#now = now;
  }

  peek(lookup: Lookup): Known {
    const outcome = this.#known.get(lookupKey(lookup));
    if (outcome === undefined) {
      return { kind: 'unknown' };
    }
    const until = outcome.checkedAt + answerTtlMs;
    return this.#now() < until ? { kind: 'fresh', outcome, until } : { kind: 'stale', outcome };
  }

  async scan(
    lookups: readonly Lookup[],
    { signal, again = false, onProgress, onAborted }: ScanOptions,
  ): Promise<Outcomes> {
    const outcomes = new Map<string, Assessed | Failed>();
    const distinct = new Map(lookups.map((lookup) => [lookupKey(lookup), lookup]));
    const asking = [...distinct].map(async ([key, lookup]) => {
      const known = this.peek(lookup);
      outcomes.set(key, known.kind === 'fresh' && !again ? known.outcome : await this.#ask(lookup));
      if (!signal.aborted) {
        onProgress?.();
      }
    });
    let leave: () => void = () => undefined;
    const aborted = new Promise<never>((_resolve, reject) => {
      leave = () => {
        onAborted?.(outcomes);
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
    });
    await Promise.race([Promise.all(asking), aborted]);
    signal.removeEventListener('abort', leave);
    signal.throwIfAborted();
    return outcomes;
  }

  async #ask(lookup: Lookup): Promise<Assessed | Failed> {
    const outcome = await this.#service.ask(lookup);
    const key = lookupKey(lookup);
    const lastKnown = this.#known.get(key);
    if (outcome.kind === 'failed') {
      return lastKnown === undefined ? outcome : { ...outcome, lastKnown };
    }
    this.#known.set(key, outcome);
    this.revision++;
    return outcome;
  }

  recall(): Promise<void> {
    return Promise.resolve();
  }

  pack(): void {
    // Nothing is packed here.
  }

  recallPackages(): Promise<void> {
    return Promise.resolve();
  }

  limitTo(): void {
    // Nothing is let go of here.
  }

  peekPackage(): PackageKnowledge | undefined {
    return undefined;
  }

  clear(): Promise<number> {
    const entries = this.#known.size;
    this.#known.clear();
    this.revision++;
    return Promise.resolve(entries);
  }
}
