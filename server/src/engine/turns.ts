/** What it takes to let others have their turn. */
export interface TurnParts {
  /** Milliseconds since some moment; never jumps. */
  readonly elapsedMs: () => number;
  /** Resolves when everyone else who waited has had a turn. */
  readonly pause: () => Promise<void>;
}

// A frame of the editor has 16 ms.
const sliceMs = 6;

/**
 * Cuts long work into slices, so that a key pressed in between waits for one slice and not for all of them. The caller of a
 * turn does one piece of work, and no other piece comes between.
 */
export class Turns {
  readonly #parts: TurnParts | undefined;
  /** Work in progress goes first: half of a result has no use, and it fills memory. */
  readonly #inProgress: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #isServing = false;
  #startedAt = -Infinity;

  /** Without parts nobody waits. */
  constructor(parts?: TurnParts) {
    this.#parts = parts;
  }

  /** Whether anybody else is served meanwhile. */
  get areTaken(): boolean {
    return this.#parts !== undefined;
  }

  /** Resolves when everyone else who waited has had a turn. */
  async pause(): Promise<void> {
    await this.#parts?.pause();
  }

  /** Whether the next one to take a turn has to wait. */
  get isOver(): boolean {
    return this.#parts !== undefined && this.#parts.elapsedMs() - this.#startedAt >= sliceMs;
  }

  /** Await it just before a piece of work. */
  take(): Promise<void> {
    return this.#queued(this.#others);
  }

  /** The same for the next piece of work in progress: it comes before everything that has not started. */
  goOn(): Promise<void> {
    return this.#queued(this.#inProgress);
  }

  /**
   * Takes the steps of what would otherwise be worked out all at once, in as many turns as it takes. Where nobody else is
   * served it takes none: it is worked out when it is needed.
   */
  async ahead(steps: Iterable<unknown>): Promise<void> {
    const left = steps[Symbol.iterator]();
    while (this.areTaken && left.next().done !== true) {
      if (this.isOver) {
        await this.goOn();
      }
    }
  }

  #queued(queue: (() => void)[]): Promise<void> {
    if (this.#parts === undefined) {
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      queue.push(resolve);
      if (!this.#isServing) {
        this.#isServing = true;
        void this.#serve();
      }
    });
  }

  async #serve(): Promise<void> {
    while (this.#inProgress.length + this.#others.length > 0) {
      if (this.isOver) {
        await this.pause();
        this.#startedAt = this.#parts?.elapsedMs() ?? -Infinity;
      }
      (this.#inProgress.shift() ?? this.#others.shift())?.();
      await Promise.resolve(); // the piece of work comes before the next look at the clock
    }
    this.#isServing = false;
  }
}
