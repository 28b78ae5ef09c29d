import { sleep } from '../http/retry.ts';

/** Time and chance for what waits and tries again. */
export interface Timing {
  /** Milliseconds since the epoch. */
  now(): number;
  /** 0 up to 1. */
  random(): number;
  /** Rejects with the signal's reason when it is aborted. */
  sleep(delayMs: number, signal: AbortSignal): Promise<void>;
}

export const realTiming: Timing = Object.freeze({
  now: () => Date.now(),
  random: () => Math.random(),
  sleep,
});
