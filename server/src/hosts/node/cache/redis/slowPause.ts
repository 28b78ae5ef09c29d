import { backoffMs } from '../../../../engine/backoff.ts';
import type { Clock } from '../../../../engine/ports.ts';

const slowInARow = 3;
const backoff = { firstMs: 1_000, longestMs: 30_000 } as const;

/** Leaves a server alone for a while that is too slow several times in a row; longer each time until it is quick again. */
export class SlowPause {
  readonly #clock: Clock;
  #slow = 0;
  #pauses = 0;
  #until = -Infinity;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOn(): boolean {
    return this.#clock.now() < this.#until;
  }

  /** Whether it was one time too many: a pause begins. */
  wasSlow(): boolean {
    if (++this.#slow < slowInARow) {
      return false;
    }
    this.#until = this.#clock.now() + backoffMs(backoff, this.#pauses++);
    return true;
  }

  wasQuick(): void {
    this.#slow = 0;
    this.#pauses = 0;
  }
}
