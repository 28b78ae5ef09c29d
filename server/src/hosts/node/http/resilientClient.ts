import { LookupError, type SourceHealth } from '../../../engine/ports.ts';
import { realTiming, type Timing } from '../process/timing.ts';
import { type Admission, CircuitBreaker, type CircuitState, type Result } from './circuitBreaker.ts';
import { Deadline } from './deadline.ts';
import type { HttpClient } from './httpClient.ts';
import { HttpStatusError } from './httpStatusError.ts';
import { heldBack, lookupErrorOf } from './lookupErrorOf.ts';
import type { ObserveAttempt, SeenAttempt } from './requestObserver.ts';
import { retryAfterMs } from './retry.ts';
import { Tries, type TryLimits } from './tries.ts';

/** What stays the same between requests: one client, or several for the places that a service sends us to. */
export type Connection = Pick<HttpClient, 'preconnect' | 'reset' | 'close'>;

export interface ResilientOptions<C extends Connection> {
  readonly client: C;
  /** Without a trailing slash; for messages. */
  readonly baseUrl: string;
  /** Without a byte; the client keeps to it, and messages name it. */
  readonly timeoutMs: number;
  /** For one call with all its tries; no limit where absent. */
  readonly wholeMs?: number;
  readonly tries: TryLimits;
  /** Keeps requests back while the service does not work. */
  readonly hasBreaker: boolean;
  /** What is not the service's doing, as a full disk: thrown as it is, and never tried again. */
  readonly isOwn?: (error: unknown) => boolean;
  /** Is shown every attempt when it is over. */
  readonly observe?: ObserveAttempt | undefined;
  readonly timing?: Timing;
}

interface Limits {
  readonly signal: AbortSignal;
  readonly whole: AbortSignal;
}

/** One exchange, or several that belong together. Throws what the client throws, `HttpStatusError`, or a `LookupError`. */
export type Attempt<C, T> = (client: C, signal: AbortSignal) => Promise<T>;

export interface CallCounters {
  readonly retries: number;
  readonly failures: number;
}

/**
 * Calls to one service, tried again where that makes sense, and held back while the service does not work. Every way to fail
 * ends in a `LookupError`, but for what is `isOwn`; an aborted call rejects with the signal's own reason.
 */
export class ResilientClient<C extends Connection = HttpClient> {
  readonly #options: ResilientOptions<C>;
  readonly #timing: Timing;
  readonly #wholeMs: number;
  readonly #breaker: CircuitBreaker | undefined;
  readonly #counters = { retries: 0, failures: 0 };
  #client: C;
  /** Attempts that were answered, whatever the answer. */
  #answered = 0;
  /** Of the calls that wait for another try: why. */
  readonly #troubles = new Map<symbol, string>();
  readonly #troubleListeners = new Set<(why: string) => void>();
  #lastAnswerAt: number | undefined;
  #lastError: string | undefined;

  constructor(options: ResilientOptions<C>) {
    this.#options = options;
    this.#client = options.client;
    this.#timing = options.timing ?? realTiming;
    this.#wholeMs = options.wholeMs ?? Infinity;
    this.#breaker = options.hasBreaker ? new CircuitBreaker(this.#timing) : undefined;
  }

  /** A live view. */
  get counters(): CallCounters {
    return this.#counters;
  }

  get health(): SourceHealth {
    return { lastAnswerAt: this.#lastAnswerAt, lastError: this.#lastError };
  }

  get circuit(): CircuitState {
    return this.#breaker?.state ?? 'closed';
  }

  /** Says why, when a call is to be tried again since it had no answer at first; at once where one is already. */
  onTrouble(listener: (why: string) => void): () => void {
    this.#troubleListeners.add(listener);
    const [why] = this.#troubles.values();
    if (why !== undefined) {
      listener(why);
    }
    return () => void this.#troubleListeners.delete(listener);
  }

  /** A person asks to try at once, whatever went wrong before. */
  reset(): void {
    this.#breaker?.reset();
    if (this.#lastError !== undefined) {
      this.#client.reset();
    }
  }

  /** From now on calls go this way. Those in progress on the other are broken off, and tried again on this one. */
  useClient(client: C): Promise<void> {
    const former = this.#client;
    this.#client = client;
    this.reset();
    return former.close();
  }

  preconnect(): void {
    if (this.circuit === 'closed') {
      this.#client.preconnect();
    }
  }

  /**
   * Network errors, 429 and 5xx are tried again, POST included: ours only read. `endpoint`: what is asked for, in a word that
   * stays the same.
   */
  async call<T>(endpoint: string, attempt: Attempt<C, T>, signal: AbortSignal): Promise<T> {
    const admission: Admission = this.#breaker?.admit() ?? { kind: 'go', settle: () => undefined };
    if (admission.kind === 'stop') {
      this.#counters.failures++;
      const error = heldBack(admission.error, admission.leftMs);
      this.#observed({ endpoint, attempt: 0, durationMs: 0, at: this.#timing.now(), failure: { error, isLast: true } });
      throw error;
    }
    let result: Result = { kind: 'unsettled' };
    const whole = this.#wholeMs === Infinity ? undefined : new Deadline(signal, 'whole', this.#wholeMs);
    try {
      const answer = await this.#tries(endpoint, attempt, { signal, whole: whole?.signal ?? signal });
      result = { kind: 'answered' };
      this.#lastAnswerAt = this.#timing.now();
      this.#lastError = undefined;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      if (this.#options.isOwn?.(error) === true) {
        throw error;
      }
      const failure = lookupErrorOf(error, this.#options);
      result = this.#resultOf(failure);
      this.#counters.failures++;
      this.#lastError = failure.message;
      throw failure;
    } finally {
      whole?.end();
      admission.settle(result);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** `whole` is aborted with `signal`, and when the time for all tries is over. */
  async #tries<T>(endpoint: string, attempt: Attempt<C, T>, { signal, whole }: Limits): Promise<T> {
    const timing = this.#timing;
    const startedAt = timing.now();
    const own = Symbol('call');
    const tries = new Tries(this.#options.tries);
    try {
      for (let made = 1; ; made++) {
        const answered = this.#answered;
        const attemptedAt = timing.now();
        const seen = (failure?: SeenAttempt['failure']): void => {
          const at = timing.now();
          this.#observed({ endpoint, attempt: made, durationMs: at - attemptedAt, at, ...(failure && { failure }) });
        };
        try {
          const answer = await attempt(this.#client, whole);
          this.#answered++;
          seen();
          return answer;
        } catch (error) {
          if (signal.aborted) {
            seen({ error: 'cancelled', isLast: true });
          }
          signal.throwIfAborted();
          if (whole.aborted) {
            seen({ error: lookupErrorOf(whole.reason, this.#options), isLast: true });
          }
          whole.throwIfAborted();
          if (this.#options.isOwn?.(error) === true) {
            throw error;
          }
          const answersOthers = this.#answered > answered;
          this.#answered += error instanceof HttpStatusError || error instanceof LookupError ? 1 : 0;
          const delayMs = tries.next(error, answersOthers, timing.random(), timing.now());
          const leftMs = this.#wholeMs - (timing.now() - startedAt);
          const isLast = delayMs === undefined || delayMs >= leftMs || this.#breaker?.isHoldingBack === true;
          seen({ error: lookupErrorOf(error, this.#options), isLast });
          if (isLast) {
            throw error;
          }
          this.#counters.retries++;
          this.#announceTrouble(own, lookupErrorOf(error, this.#options).message);
          await timing.sleep(delayMs, signal);
        }
      }
    } finally {
      this.#troubles.delete(own);
    }
  }

  #observed(seen: SeenAttempt): void {
    this.#options.observe?.(seen);
  }

  #announceTrouble(call: symbol, why: string): void {
    const isNew = !this.#troubles.has(call);
    this.#troubles.set(call, why);
    if (isNew) {
      [...this.#troubleListeners].forEach((listener) => listener(why));
    }
  }

  #resultOf(failure: LookupError): Result {
    switch (failure.reason) {
      case 'offline':
      case 'timeout':
      case 'serverError':
        return { kind: 'failed', error: failure };
      case 'rateLimited': {
        const forMs = failure.cause instanceof HttpStatusError ? this.#askedMs(failure.cause) : undefined;
        return forMs === undefined ? { kind: 'answered' } : { kind: 'sentAway', error: failure, forMs };
      }
      case 'badResponse':
        return { kind: 'answered' };
    }
  }

  #askedMs({ retryAfter }: HttpStatusError): number | undefined {
    const askedMs = retryAfterMs(retryAfter, this.#timing.now());
    return askedMs === undefined || askedMs <= 0 ? undefined : askedMs;
  }
}
