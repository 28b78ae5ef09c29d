import { Histogram } from '../../engine/operations/histogram.ts';
import type { Clock } from '../../engine/ports.ts';

// From a keystroke in a small file to one in a flood that a slow client cannot take.
const boundsMs = [0.5, 1, 2, 4, 8, 16, 33, 50, 100, 250, 500, 1_000];

/**
 * How long it took from an edit until its diagnostics were on their way. Where edits pile up, from the first of them. Documents
 * are told apart by their address as the client spells it: that is at hand, and this is on the way of every key.
 */
export class KeyTimes {
  readonly durations = new Histogram(boundsMs);
  readonly #clock: Clock;
  readonly #since = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  edited(uri: string): void {
    if (!this.#since.has(uri)) {
      this.#since.set(uri, this.#now());
    }
  }

  /** What is shown of a file that was not edited is no answer to a key. */
  shown(uri: string): void {
    const since = this.#since.get(uri);
    if (since !== undefined) {
      this.#since.delete(uri);
      this.durations.add(this.#now() - since);
    }
  }

  /** Whether `shown` has something to count. */
  awaits(uri: string): boolean {
    return this.#since.has(uri);
  }

  /** Nothing more will be shown of it. */
  forget(uri: string): void {
    this.#since.delete(uri);
  }

  #now(): number {
    return this.#clock.elapsedMs?.() ?? this.#clock.now();
  }
}
