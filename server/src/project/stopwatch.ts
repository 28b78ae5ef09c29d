/** What the parts of one piece of work took, one after the other, so that they add up to the whole. Milliseconds. */
export class Stopwatch {
  readonly #now: () => number;
  readonly #laps = new Map<string, number>();
  #since: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  /** What was done since the last lap; a part may be done in several. */
  lap(part: string): void {
    const now = this.#now();
    this.#laps.set(part, (this.#laps.get(part) ?? 0) + (now - this.#since));
    this.#since = now;
  }

  get laps(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#laps);
  }

  get totalMs(): number {
    return [...this.#laps.values()].reduce((sum, ms) => sum + ms, 0);
  }
}
