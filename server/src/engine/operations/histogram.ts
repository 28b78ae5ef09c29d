/** How many took how long, and all of it together; it only grows. Bounds in milliseconds, ascending. */
export class Histogram {
  readonly boundsMs: readonly number[];
  /** How many took no longer than each bound. */
  readonly #upTo: number[];
  #count = 0;
  #totalMs = 0;

  constructor(boundsMs: readonly number[]) {
    this.boundsMs = boundsMs;
    this.#upTo = boundsMs.map(() => 0);
  }

  get count(): number {
    return this.#count;
  }

  get totalMs(): number {
    return this.#totalMs;
  }

  get upTo(): readonly number[] {
    return this.#upTo;
  }

  add(durationMs: number): void {
    const ms = Math.max(0, durationMs); // a clock that was set back
    this.#count++;
    this.#totalMs += ms;
    this.boundsMs.forEach((bound, index) => {
      if (ms <= bound) {
        this.#upTo[index] = (this.#upTo[index] ?? 0) + 1;
      }
    });
  }
}
