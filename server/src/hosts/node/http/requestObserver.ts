import type { AskedService, RequestRecord, RequestResult } from '../../../engine/operations/requestRecord.ts';
import type { Log, LookupError } from '../../../engine/ports.ts';
import { HttpStatusError } from './httpStatusError.ts';

/** One attempt of a call, when it is over. */
export interface SeenAttempt {
  readonly endpoint: string;
  /** From 1; 0 where the circuit breaker let none go. */
  readonly attempt: number;
  readonly durationMs: number;
  /** When it ended, milliseconds since the epoch. */
  readonly at: number;
  /** Absent where it was answered. `isLast`: the call fails with it. */
  readonly failure?: { readonly error: LookupError | 'cancelled'; readonly isLast: boolean };
}

export type ObserveAttempt = (seen: SeenAttempt) => void;

/** Counts the attempts at one service, and gives each that failed one line of the log, for those who want all. */
export function requestObserver(
  service: AskedService,
  record: Pick<RequestRecord, 'record'> | undefined,
  log: Log,
): ObserveAttempt {
  return ({ endpoint, attempt, durationMs, at, failure }) => {
    const result = attempt === 0 ? 'held' : resultOf(failure?.error);
    record?.record({ service, endpoint, result, durationMs, at });
    if (failure !== undefined && failure.error !== 'cancelled' && attempt > 0) {
      const next = failure.isLast ? 'It is not tried again.' : 'It is tried again.';
      log.debug(
        `Request ${endpoint} to ${service}, attempt ${attempt}, failed after ${Math.round(durationMs)} ms (${result}): ${failure.error.message} ${next}`,
        {
          event: 'request.failed',
          service,
          endpoint,
          attempt,
          reason: result,
          durationMs: Math.round(durationMs),
          isLast: failure.isLast,
        },
      );
    }
  };
}

function resultOf(error: LookupError | 'cancelled' | undefined): RequestResult {
  if (error === undefined || error === 'cancelled') {
    return error ?? 'ok';
  }
  switch (error.reason) {
    case 'offline':
      return 'network';
    case 'timeout':
    case 'serverError':
    case 'rateLimited':
      return error.reason;
    case 'badResponse':
      return error.cause instanceof HttpStatusError ? 'refused' : 'badResponse';
  }
}
