import { LRUCache } from 'lru-cache';
import type { Advisory } from '../core/advisories/advisory.ts';
import type { Assessed } from '../core/assessment/outcome.ts';
import type { Pin } from '../core/assessment/pin.ts';
import { advisoryKey, answerKey } from './cacheKey.ts';
import type { Clock } from './ports.ts';

export interface CacheLimits {
  readonly maxEntries: number;
  /** How long an answer about a pin is relied on. */
  readonly answerTtlMs: number;
  /** How long an advisory is kept though its `modified` has not changed: a record may change without it. */
  readonly detailsMaxAgeMs: number;
}

/**
 * Answers and advisories in memory, least recently used out first. Nothing failed is ever put in. What is too old stays
 * until it is pushed out: it is shown as stale while it is asked again.
 */
export class MemoryCache {
  readonly #clock: Clock;
  readonly #limits: CacheLimits;
  readonly #entries: LRUCache<string, Entry>;
  /** Hashes of pins at hand: every keystroke looks up every pin of the file. */
  readonly #answerKeys = new WeakMap<Pin, string>();
  #evictions = 0;

  constructor(limits: CacheLimits, clock: Clock) {
    this.#clock = clock;
    this.#limits = limits;
    this.#entries = new LRUCache({
      max: limits.maxEntries,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') {
          this.#evictions++;
        }
      },
    });
  }

  get size(): number {
    return this.#entries.size;
  }

  get evictions(): number {
    return this.#evictions;
  }

  answer(pin: Pin): { readonly outcome: Assessed; readonly fresh: boolean } | undefined {
    const entry = this.#entries.get(this.#answerKey(pin));
    if (entry?.kind !== 'answer') {
      return undefined;
    }
    const age = this.#clock.now() - entry.outcome.checkedAt;
    // A clock that was set back makes an answer look younger than it is; it is not trusted then.
    return { outcome: entry.outcome, fresh: age >= 0 && age < this.#limits.answerTtlMs };
  }

  keepAnswer(pin: Pin, outcome: Assessed): void {
    this.#entries.set(this.#answerKey(pin), { kind: 'answer', outcome });
  }

  #answerKey(pin: Pin): string {
    let key = this.#answerKeys.get(pin);
    if (key === undefined) {
      key = answerKey(pin);
      this.#answerKeys.set(pin, key);
    }
    return key;
  }

  /** The advisory as held for exactly this `modified` stamp, which is only ever compared for equality. */
  advisory(id: string, modified: string): Advisory | undefined {
    const entry = this.#entries.get(advisoryKey(id));
    const age = entry?.kind === 'advisory' ? this.#clock.now() - entry.fetchedAt : 0;
    return entry?.kind === 'advisory' && entry.modified === modified && age >= 0 && age < this.#limits.detailsMaxAgeMs
      ? entry.advisory
      : undefined;
  }

  keepAdvisory(id: string, modified: string, advisory: Advisory): void {
    this.#entries.set(advisoryKey(id), { kind: 'advisory', modified, advisory, fetchedAt: this.#clock.now() });
  }

  /** Returns how many entries were forgotten. */
  clear(): number {
    const { size } = this.#entries;
    this.#entries.clear();
    return size;
  }
}

type Entry =
  | { readonly kind: 'answer'; readonly outcome: Assessed }
  | {
      readonly kind: 'advisory';
      readonly modified: string;
      readonly advisory: Advisory;
      readonly fetchedAt: number;
    };
