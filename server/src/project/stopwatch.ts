/** What the parts of one piece of work took, one after the other, so that they add up to the whole. Milliseconds. */
export class Stopwatch {
  readonly #now: () => number;
  readonly #inside: () => Readonly<Record<string, number>>;
  readonly #laps: Map<string, number>;
  #since: number;
  #insideBefore: Readonly<Record<string, number>>;

  /** `inside`: what others did meanwhile, milliseconds since they began; these are parts of their own, taken from the lap. */
  constructor(now: () => number, inside: () => Readonly<Record<string, number>> = () => ({})) {
    this.#now = now;
    this.#inside = inside;
    this.#since = now();
    this.#insideBefore = inside();
    this.#laps = new Map(Object.keys(this.#insideBefore).map((part) => [part, 0]));
  }

  /** What was done since the last lap; a part may be done in several. */
  lap(part: string): void {
    const inside = this.#inside();
    const now = this.#now();
    let leftMs = now - this.#since;
    for (const [own, totalMs] of Object.entries(inside)) {
      const ms = Math.min(leftMs, totalMs - (this.#insideBefore[own] ?? 0));
      this.#add(own, ms);
      leftMs -= ms;
    }
    this.#add(part, leftMs);
    this.#since = now;
    this.#insideBefore = inside;
  }

  get laps(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#laps);
  }

  get totalMs(): number {
    return [...this.#laps.values()].reduce((sum, ms) => sum + ms, 0);
  }

  #add(part: string, ms: number): void {
    this.#laps.set(part, (this.#laps.get(part) ?? 0) + ms);
  }
}

/** The same in whole milliseconds, whose sum is that of the whole: what is lost in rounding goes to those that lose most. */
export function wholeMs(parts: Readonly<Record<string, number>>): Readonly<Record<string, number>> {
  const entries = Object.entries(parts);
  const total = Math.round(entries.reduce((sum, [, ms]) => sum + ms, 0));
  let left = total - entries.reduce((sum, [, ms]) => sum + Math.floor(ms), 0);
  const byLoss = entries.toSorted(([, a], [, b]) => b - Math.floor(b) - (a - Math.floor(a)));
  const raised = new Set<string>();
  for (const [part] of byLoss) {
    if (left-- > 0) {
      raised.add(part);
    }
  }
  return Object.fromEntries(entries.map(([part, ms]) => [part, Math.floor(ms) + Number(raised.has(part))]));
}
