import { setImmediate, setTimeout } from 'node:timers/promises';

export interface SilenceLimits {
  /** Without a byte. */
  readonly silentMs: number;
  /** For all of it. */
  readonly wholeMs: number;
}

/** Settles when nothing has come for too long, or all of it takes too long; or when it is aborted. */
export async function silenceOf(bytes: () => number, limits: SilenceLimits, over: AbortSignal): Promise<'late'> {
  const until = performance.now() + limits.wholeMs;
  for (let before = bytes(); ; before = bytes()) {
    const left = Math.max(0, Math.min(limits.silentMs, until - performance.now()));
    try {
      await setTimeout(left, undefined, { signal: over });
      // On a busy machine a timer is over before what came long ago is read.
      await setImmediate();
      await setImmediate();
    } catch {
      return 'late'; // aborted: nobody listens
    }
    if (over.aborted || bytes() === before || performance.now() >= until) {
      return 'late';
    }
  }
}
