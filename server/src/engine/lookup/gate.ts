/** Lets so many in at a time; the others wait outside, first come first served. */
export class Gate {
  #most: number;
  #inside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(most: number) {
    this.#most = most;
  }

  /** From now on at most so many; those inside stay. */
  narrowTo(most: number): void {
    this.#most = Math.min(this.#most, most);
  }

  /** Does the work inside. Rejects as the work does; one whose signal is aborted outside never begins. */
  async through<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (this.#inside < this.#most) {
      this.#inside++;
    } else {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#inside--;
      while (this.#inside < this.#most && this.#waiting.length > 0) {
        this.#inside++; // before it goes on, so that nobody takes its place
        this.#waiting.shift()?.();
      }
    }
  }
}
