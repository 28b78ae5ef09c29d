/**
 * How long each part of the work was in progress. Where several are, the one that stands first counts, so that the parts of
 * one stretch of time add up to no more than it.
 */
export class PartsClock<Part extends string = string> {
  readonly #now: () => number;
  readonly #parts: readonly Part[];
  readonly #active: number[];
  readonly #spent: number[];
  #since: number;

  /** `parts`: the most telling one first. */
  constructor(parts: readonly Part[], now: () => number) {
    this.#now = now;
    this.#parts = parts;
    this.#active = parts.map(() => 0);
    this.#spent = parts.map(() => 0);
    this.#since = now();
  }

  async time<T>(part: Part, work: () => Promise<T>): Promise<T> {
    const at = this.#parts.indexOf(part);
    this.#count(at, 1);
    try {
      return await work();
    } finally {
      this.#count(at, -1);
    }
  }

  /** Milliseconds so far, what is in progress included. */
  get spentMs(): Readonly<Record<Part, number>> {
    this.#charge();
    return Object.fromEntries(this.#parts.map((part, at) => [part, this.#spent[at]])) as Record<Part, number>;
  }

  #count(at: number, change: 1 | -1): void {
    this.#charge();
    this.#active[at] = (this.#active[at] ?? 0) + change;
  }

  #charge(): void {
    const now = this.#now();
    const first = this.#active.findIndex((count) => count > 0);
    if (first !== -1) {
      this.#spent[first] = (this.#spent[first] ?? 0) + now - this.#since;
    }
    this.#since = now;
  }
}

/** The parts of a look-up that others do for the engine. */
export const lookUpParts = ['batch', 'packages', 'index', 'cache'] as const;

export type LookUpPart = (typeof lookUpParts)[number];

/** For those who time what they wait for. */
export type LookUpTimes = Pick<PartsClock<LookUpPart>, 'time'>;
