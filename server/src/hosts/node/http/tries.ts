import { HttpStatusError } from './httpStatusError.ts';
import { isConnectionLost, retryDelayMs } from './retry.ts';

export interface TryLimits {
  /** After the first try. */
  readonly mostRetries: number;
  /** Where the connection ended: it takes all its requests with it. */
  readonly mostRetriesWhenLost: number;
  /** A service that asks to be left alone for longer is not waited for; some seconds where absent. */
  readonly longestRetryAfterMs?: number | undefined;
  /** Tries that do not count while the service answers others: it fails by chance, and soon another try goes well. None where absent. */
  readonly mostByChance?: number;
}

// One that fails while others are answered: the service works, and need not be spared.
const lonePart = 1 / 3;
// A server may let each connection serve but a few.
const mostBrokenOff = 12;

/** The tries of one request. */
export class Tries {
  readonly #limits: TryLimits;
  #failed = 0;
  #brokenOff = 0;
  #byChance = 0;

  constructor(limits: TryLimits) {
    this.#limits = limits;
  }

  /**
   * Milliseconds until the next try after this error, `undefined` where there is none. `answersOthers`: the service has
   * answered other requests since the try began. `random` and `nowMs` as in `retryDelayMs`.
   */
  next(error: unknown, answersOthers: boolean, random: number, nowMs: number): number | undefined {
    const isLost = isConnectionLost(error);
    if (isLost && answersOthers && this.#brokenOff < mostBrokenOff) {
      // The service answers, only not on this connection: that is not one of the tries.
      this.#brokenOff++;
      this.#failed = 0;
      return retryDelayMs(error, 0, random, nowMs, this.#limits.longestRetryAfterMs);
    }
    const { mostRetries, mostRetriesWhenLost, mostByChance = 0 } = this.#limits;
    if (answersOthers && this.#byChance < mostByChance) {
      const delayMs = retryDelayMs(error, 0, random, nowMs, this.#limits.longestRetryAfterMs);
      const isFirst = this.#byChance++ === 0;
      return delayMs !== undefined && isFirst && !asksForPatience(error) ? delayMs * lonePart : delayMs;
    }
    return this.#failed < (isLost ? mostRetriesWhenLost : mostRetries)
      ? retryDelayMs(error, this.#failed++, random, nowMs, this.#limits.longestRetryAfterMs)
      : undefined;
  }
}

function asksForPatience(error: unknown): boolean {
  return error instanceof HttpStatusError && (error.status === 429 || error.retryAfter !== undefined);
}
