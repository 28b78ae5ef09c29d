import { isConnectionLost, retryDelayMs } from './retry.ts';

const mostRetries = 2;
// A connection that ends takes all its requests with it; the last try is made when the client has gone over to HTTP/1.1.
const mostRetriesWhenLost = 3;
// A server may let each connection serve but a few.
const mostBrokenOff = 12;

/** The tries of one request. */
export class Tries {
  #failed = 0;
  #brokenOff = 0;

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
      return retryDelayMs(error, 0, random, nowMs);
    }
    return this.#failed < (isLost ? mostRetriesWhenLost : mostRetries)
      ? retryDelayMs(error, this.#failed++, random, nowMs)
      : undefined;
  }
}
