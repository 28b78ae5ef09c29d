import { type Freshness, isOld } from '../../core/report/freshness.ts';
import type { Timers } from '../environment.ts';

// A timer stands still while the machine sleeps, and holds no more than 24 days.
export const longestMs = 6 * 60 * 60 * 1000;

/** Data grow old while nobody does anything: says once that those shown have crossed their limit. */
export class AgeWatch {
  readonly #timers: Timers;
  readonly #look: () => Freshness | undefined;
  readonly #crossed: () => void;
  #cancel: (() => void) | undefined;
  /** Whether what was shown last says already that the data are old. */
  #isOld = false;

  /** `look` tells how old the data are that are shown; `crossed` shows them again. */
  constructor(timers: Timers, look: () => Freshness | undefined, crossed: () => void) {
    this.#timers = timers;
    this.#look = look;
    this.#crossed = crossed;
  }

  /** What is shown is as old as this. */
  shown(freshness: Freshness | undefined): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isOld = freshness !== undefined && isOld(freshness);
    if (freshness?.dataAgeSeconds !== undefined && !this.#isOld) {
      const leftMs = (freshness.maxDataAgeDays * 86_400 - freshness.dataAgeSeconds + 1) * 1000;
      this.#cancel = this.#timers.after(Math.min(leftMs, longestMs), () => this.#tick());
    }
  }

  stop(): void {
    this.#cancel?.();
  }

  #tick(): void {
    const freshness = this.#look();
    if (freshness !== undefined && isOld(freshness) && !this.#isOld) {
      this.#crossed();
    } else {
      this.shown(freshness);
    }
  }
}
