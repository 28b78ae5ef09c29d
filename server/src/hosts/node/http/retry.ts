import { setTimeout as wait } from 'node:timers/promises';
import { backoffMs } from '../../../engine/backoff.ts';
import { LookupError } from '../../../engine/ports.ts';
import { errorCode } from '../files/errorCode.ts';
import { ProxyError } from './proxyError.ts';
import { TimeoutError } from './timeoutError.ts';
import { HttpStatusError } from './httpStatusError.ts';

/** The one 5xx that another try does not change (RFC 9110, 15.6.2). */
export const notImplemented = 501;
const backoff = { firstMs: 300, spread: [0.5, 1] } as const;
// A service that asks for more patience than this is not waited for; the editor tries again later.
const longestRetryAfterMs = 10_000;
// On top of what the service asks for, so that those who were told the same do not return all at once.
const spreadMs = 300;

/**
 * How long to wait before trying again, `undefined` where another try would be of no use: a passed deadline, an answer that
 * makes no sense, a certificate that is not trusted, a proxy that refuses, a 4xx other than 429, or a 501. `attempt` counts from 0;
 * `random`, 0 up to 1, keeps clients from returning all at once. A service that asks for more than `longestMs` is not waited for.
 */
export function retryDelayMs(
  error: unknown,
  attempt: number,
  random: number,
  now = Date.now(),
  longestMs = longestRetryAfterMs,
): number | undefined {
  if (error instanceof LookupError || isTimeout(error) || isDistrust(error) || isProxyRefusal(error)) {
    return undefined;
  }
  const usualMs = backoffMs(backoff, attempt, random);
  if (!(error instanceof HttpStatusError)) {
    return usualMs; // refused, reset, closed
  }
  if (error.status !== 429 && (error.status < 500 || error.status === notImplemented)) {
    return undefined;
  }
  const askedMs = retryAfterMs(error.retryAfter, now);
  if (askedMs === undefined) {
    return usualMs;
  }
  return askedMs > longestMs ? undefined : Math.max(askedMs + random * spreadMs, usualMs);
}

/** What `retry-after` asks for: seconds or an HTTP date (RFC 9110, 10.2.3); `undefined` where it makes no sense. */
export function retryAfterMs(text: string | undefined, now: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  if (/^\s*\d{1,9}(\.\d+)?\s*$/u.test(text)) {
    return Number(text) * 1000;
  }
  // A date begins with the name of a day; `Date.parse` would make a year of other numbers.
  const at = /^\s*[a-z]{3,9},? /iu.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now);
}

/** Rejects with the signal's reason when it is aborted. */
export async function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
  await wait(delayMs, undefined, { signal }).catch(() => undefined);
  signal.throwIfAborted();
}

/** Ours, `AbortSignal.timeout`'s or undici's. */
export function isTimeout(error: unknown): boolean {
  return (
    error instanceof TimeoutError ||
    (error instanceof Error &&
      !(error instanceof ProxyError) &&
      (error.name === 'TimeoutError' || /TIMEOUT|ETIMEDOUT/u.test(errorCode(error))))
  );
}

/** The connection was there, and ended before the answer did: closed, reset, or sent away (GOAWAY). */
export function isConnectionLost(error: unknown): boolean {
  return /^(UND_ERR_SOCKET|ECONNRESET|EPIPE|ERR_HTTP2_\w+)$/u.test(errorCode(error));
}

/** The certificate is not trusted here; it will not be the next time either. */
export function isDistrust(error: unknown): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/u.test(errorCode(error));
}

function isProxyRefusal(error: unknown): boolean {
  return error instanceof ProxyError && (error.status === undefined ? isTimeout(error.cause) : error.status < 500);
}
