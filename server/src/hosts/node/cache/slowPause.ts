import type { Clock } from '../../../engine/ports.ts';

const slowInARow = 3;
const firstPauseMs = 1_000;
const longestPauseMs = 30_000;

/** Leaves a server alone for a while that is too slow several times in a row; longer each time until it is quick again. */
export class SlowPause {
  readonly #clock: Clock;
  #slow = 0;
  #pauseMs = firstPauseMs;
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
    this.#until = this.#clock.now() + this.#pauseMs;
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    return true;
  }

  wasQuick(): void {
    this.#slow = 0;
    this.#pauseMs = firstPauseMs;
  }
}
