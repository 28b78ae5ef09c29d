import { LRUCache } from 'lru-cache';
import type { CacheTier } from '../store/cacheTier.ts';
import { Epoch } from '../epoch.ts';
import { type Clock, LookupError } from '../ports.ts';

/** What a library is about: the key of each subject, and how one is looked up. */
export interface FactParts<Subject, Fact> {
  readonly keyOf: (subject: Subject) => string;
  /** In storage; another index's answers are others. */
  readonly storageKey: (subject: Subject) => string;
  readonly decode: (json: unknown) => Fact | undefined;
  /** `undefined` where the index knows of none. Throws `LookupError`, or the signal's reason. */
  readonly fetch: (subject: Subject, signal: AbortSignal) => Promise<Fact | undefined>;
  /** Why nothing is known where the index knows of none; a clause. */
  readonly noneText: string;
  readonly mostAtOnce: number;
  /** How long an answer holds. */
  readonly keptMs: number;
  /** Nearest first. */
  readonly tiers: readonly CacheTier[];
  readonly clock: Clock;
}

/** What is known of a subject at this moment. */
export type FactState<Fact> =
  | { readonly kind: 'known'; readonly fact: Fact }
  /** It is being asked, or will be. */
  | { readonly kind: 'pending' }
  /** A clause for people. `failed`: nobody has answered. */
  | { readonly kind: 'unknown'; readonly why: string; readonly failed: boolean };

/** Failures are asked about again after this long. */
export const factRetryMs = 5 * 60_000;
const mostKept = 20_000;
// One that fails by chance seldom fails so often.
const rounds = 3;

type Held<Fact> =
  | { readonly kind: 'known'; readonly fact: Fact; readonly at: number }
  | { readonly kind: 'none' | 'failed'; readonly why: string; readonly at: number };

/** Facts of a package index, each asked once and kept in memory and storage. A failure is known as such, and not kept. */
export class FactLibrary<Subject, Fact extends object> {
  readonly #parts: FactParts<Subject, Fact>;
  /** Made when something is to be held: it takes its whole room at once, and most runs ask nothing. */
  #held: LRUCache<string, Held<Fact>> | undefined;
  readonly #changes = new Epoch();

  constructor(parts: FactParts<Subject, Fact>) {
    this.#parts = parts;
  }

  /** While it stays the same, `state` says what it said before. */
  get revision(): number {
    return this.#changes.count;
  }

  state(subject: Subject): FactState<Fact> {
    const held = this.#held?.get(this.#parts.keyOf(subject));
    if (held === undefined) {
      return { kind: 'pending' };
    }
    return held.kind === 'known'
      ? { kind: 'known', fact: held.fact }
      : { kind: 'unknown', why: held.why, failed: held.kind === 'failed' };
  }

  /** Whether nothing is known of it, or what was known is too old, or has failed long enough ago. */
  isOpen(subject: Subject): boolean {
    const held = this.#held?.peek(this.#parts.keyOf(subject));
    const limitMs = held?.kind === 'failed' ? factRetryMs : this.#parts.keptMs;
    return held === undefined || Math.abs(this.#parts.clock.now() - held.at) >= limitMs;
  }

  /** Asks about those that are open. Resolves when each is known or has failed; rejects only with the signal's reason. */
  async ask(subjects: readonly Subject[], signal: AbortSignal): Promise<void> {
    const { keyOf, mostAtOnce } = this.#parts;
    const open = new Map(subjects.filter((one) => this.isOpen(one)).map((one) => [keyOf(one), one]));
    for (const key of await this.#recall([...open.values()])) {
      open.delete(key);
    }
    let queue = [...open.values()];
    for (let round = 0; round < rounds && queue.length > 0; round++) {
      const failed: Subject[] = [];
      const asked = queue.length;
      // A queue of our own: the index measures how long it takes to answer, not how long others wait for their turn.
      const work = async (): Promise<void> => {
        for (let subject = queue.shift(); subject !== undefined; subject = queue.shift()) {
          if (!(await this.#askOne(subject, signal))) {
            failed.push(subject);
          }
        }
      };
      await Promise.all(Array.from({ length: mostAtOnce }, work));
      // Who answers nobody will not answer the next time either.
      queue = failed.length < asked ? failed : [];
    }
  }

  /** What failed is asked about again at once. */
  retry(): void {
    // A copy: what is set moves to the front of what is gone through, which then has no end.
    for (const [key, held] of [...(this.#held?.entries() ?? [])]) {
      if (held.kind !== 'known') {
        this.#held?.set(key, { ...held, kind: 'failed', at: -Infinity });
      }
    }
  }

  clear(): void {
    this.#held?.clear();
    this.#changes.next();
  }

  async #recall(subjects: readonly Subject[]): Promise<ReadonlySet<string>> {
    const { tiers, keyOf, storageKey, decode } = this.#parts;
    const found = new Set<string>();
    for (const tier of tiers) {
      const open = new Map(subjects.filter((one) => !found.has(keyOf(one))).map((one) => [storageKey(one), one]));
      for (const [key, { json, checkedAt }] of open.size === 0 ? [] : await tier.read([...open.keys()])) {
        const [subject, fact] = [open.get(key), decode(json)];
        if (subject !== undefined && fact !== undefined) {
          this.#keep(subject, { kind: 'known', fact, at: checkedAt });
          found.add(keyOf(subject));
        }
      }
    }
    return found;
  }

  /** Whether the index has answered. */
  async #askOne(subject: Subject, signal: AbortSignal): Promise<boolean> {
    const { fetch, storageKey, tiers, clock, keptMs, noneText } = this.#parts;
    try {
      const fact = await fetch(subject, signal);
      const now = clock.now();
      if (fact === undefined) {
        this.#keep(subject, { kind: 'none', why: noneText, at: now });
        return true;
      }
      this.#keep(subject, { kind: 'known', fact, at: now });
      const entry = { key: storageKey(subject), json: fact, checkedAt: now, maxAgeMs: keptMs };
      tiers.forEach((tier) => tier.write([entry]));
      return true;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof LookupError)) {
        throw error;
      }
      this.#keep(subject, { kind: 'failed', why: error.message.replace(/\.$/u, ''), at: clock.now() });
      // What makes no sense makes no more of it at once.
      return error.reason === 'badResponse';
    }
  }

  #keep(subject: Subject, held: Held<Fact>): void {
    this.#held ??= new LRUCache({ max: mostKept });
    this.#held.set(this.#parts.keyOf(subject), held);
    this.#changes.next();
  }
}
