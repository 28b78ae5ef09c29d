import { backoffMs } from '../../../../engine/backoff.ts';
import type { Clock } from '../../../../engine/ports.ts';

const backoff = { firstMs: 1_000, longestMs: 30_000 } as const;

/** Leaves a server alone for a while that is too slow; longer each time until it is quick again. */
export class SlowPause {
  readonly #clock: Clock;
  #pauses = 0;
  #until = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOn(): boolean {
    return this.#clock.now() < this.#until;
  }

  wasSlow(): void {
    this.#until = this.#clock.now() + backoffMs(backoff, this.#pauses++);
  }

  wasQuick(): void {
    this.#pauses = 0;
  }
}
