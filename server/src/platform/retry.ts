import { setTimeout as wait } from 'node:timers/promises';
import { LookupError } from '../scan/ports.ts';
import { errorCode } from './errorCode.ts';
import { HttpStatusError } from './httpStatusError.ts';

const firstDelayMs = 300;
// A service that asks for more patience than this is not waited for; the editor tries again later.
const longestRetryAfterMs = 10_000;

/**
 * How long to wait before trying again, `undefined` where another try would be of no use: a passed deadline, an answer that
 * makes no sense, a certificate that is not trusted, or a 4xx other than 429. `attempt` counts from 0; the jitter keeps clients from returning all at once.
 */
export function retryDelayMs(error: unknown, attempt: number, random: number): number | undefined {
  if (error instanceof LookupError || isTimeout(error) || isDistrust(error)) {
    return undefined;
  }
  const backoffMs = firstDelayMs * 2 ** attempt * (0.5 + random / 2);
  if (!(error instanceof HttpStatusError)) {
    return backoffMs; // refused, reset, closed
  }
  if (error.status !== 429 && error.status < 500) {
    return undefined;
  }
  const askedMs = Number(error.retryAfter ?? NaN) * 1000;
  if (!Number.isFinite(askedMs)) {
    return backoffMs;
  }
  return askedMs > longestRetryAfterMs ? undefined : Math.max(askedMs, backoffMs);
}

/** Rejects with the signal's reason when it is aborted. */
export async function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  await wait(delayMs, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

/** Ours (`AbortSignal.timeout`) or undici's. */
export function isTimeout(error: unknown): boolean {
  return (
    error instanceof Error &&
    (error.name === 'TimeoutError' || ('code' in error && /TIMEOUT|ETIMEDOUT/u.test(String(error.code))))
  );
}

/** The certificate is not trusted here; it will not be the next time either. */
export function isDistrust(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/u.test(errorCode(error));
}
