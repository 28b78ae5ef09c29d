import { noDurations } from '../../server/src/engine/durations.ts';
import type { PackageName } from '../../server/src/core/packages/packageName.ts';
import { type Lookup, lookupKey } from '../../server/src/core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../server/src/core/assessment/outcome.ts';
import type { PackageKnowledge } from '../../server/src/engine/store/packageKnowledge.ts';
import type { Known, ScanOptions, Scanner } from '../../server/src/engine/lookup/scanner.ts';
import { assessed } from './builders.ts';

interface Question {
  readonly pins: readonly string[];
  readonly again: boolean;
  readonly signal: AbortSignal;
  answer(): void;
}

/** A scanner that knows what the test tells it, records what it is asked, and may be made to wait. */
export class FakeScanner implements Scanner {
  /** What the service would say; a pin that is not here is clean. */
  readonly truth = new Map<string, Assessed | Failed>();
  readonly questions: Question[] = [];
  /** What the service has said by the time a scan is aborted. */
  readonly named = new Map<string, Assessed>();
  /** What was to be taken from storage. */
  readonly recalled: string[] = [];
  /** What is held of whole packages. */
  readonly packages = new Map<PackageName, PackageKnowledge>();
  unpacked = 0;
  /** Until when answers are fresh. */
  until = Infinity;
  /** Answers wait until the test calls `answer` on the question. */
  holds = false;
  readonly #known = new Map<string, Known>();
  #onQuestion: () => void = () => undefined;

  readonly figures = {
    entries: 0,
    capacity: 100,
    hits: 0,
    misses: 0,
    evictions: 0,
    durations: noDurations,
    running: 0,
  };

  revision = 0;

  peek(lookup: Lookup): Known {
    return this.#known.get(lookupKey(lookup)) ?? { kind: 'unknown' };
  }

  async scan(
    lookups: readonly Lookup[],
    { signal, again = false, onAborted }: ScanOptions,
  ): Promise<ReadonlyMap<string, Assessed | Failed>> {
    const keys = [...new Set(lookups.map(lookupKey))];
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => {
        onAborted?.(new Map([...this.named].filter(([key]) => keys.includes(key))));
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.questions.push({ pins: keys, again, signal, answer: resolve });
      if (!this.holds) {
        resolve();
      }
      this.#onQuestion();
    });
    const outcomes = new Map(keys.map((key) => [key, this.truth.get(key) ?? assessed([])]));
    this.revision++;
    for (const [key, outcome] of outcomes) {
      if (outcome.kind === 'assessed') {
        this.#known.set(key, { kind: 'fresh', outcome, until: this.until });
      }
    }
    return outcomes;
  }

  recall(lookups: readonly Lookup[]): Promise<void> {
    this.recalled.push(...lookups.map(lookupKey));
    return Promise.resolve();
  }

  pack(most: number): void {
    this.unpacked -= Math.min(most, this.unpacked);
  }

  recallPackages(): Promise<void> {
    return Promise.resolve();
  }

  limitTo(entries: number): void {
    this.figures.capacity = entries;
    this.figures.entries = Math.min(entries, this.figures.entries);
  }

  /** As if the answers had grown too old to be relied on. */
  age(): void {
    this.revision++;
    for (const [key, known] of this.#known) {
      if (known.kind === 'fresh') {
        this.#known.set(key, { kind: 'stale', outcome: known.outcome });
      }
    }
  }

  peekPackage(name: PackageName): PackageKnowledge | undefined {
    return this.packages.get(name);
  }

  clear(): Promise<number> {
    const entries = this.#known.size;
    this.#known.clear();
    this.revision++;
    return Promise.resolve(entries);
  }

  /** Resolves with the nth question, counted from 1, when it is asked. */
  question(nth: number): Promise<Question> {
    return new Promise((resolve) => {
      const look = (): void => {
        const question = this.questions[nth - 1];
        if (question !== undefined) {
          resolve(question);
        }
      };
      this.#onQuestion = look;
      look();
    });
  }
}
