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
  #last: Promise<void> = Promise.resolve();
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

  /** Await it just before a piece of work. Not `async`: the piece comes before the next one's look at the clock. */
  take(): Promise<void> {
    this.#last = this.#last.then(() => (this.isOver ? this.#next() : undefined));
    return this.#last;
  }

  async #next(): Promise<void> {
    await this.pause();
    this.#startedAt = this.#parts?.elapsedMs() ?? -Infinity;
  }
}
