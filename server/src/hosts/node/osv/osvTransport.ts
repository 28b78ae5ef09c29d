import { LookupError, type SourceCounters, type SourceHealth } from '../../../engine/ports.ts';
import { CircuitBreaker, type CircuitState, type Result } from '../http/circuitBreaker.ts';
import type { HttpAnswer, HttpClient } from '../http/httpClient.ts';
import { Deadline } from '../http/deadline.ts';
import { HttpStatusError } from '../http/httpStatusError.ts';
import { lookupErrorOf } from './lookupErrorOf.ts';
import { retryAfterMs } from '../http/retry.ts';
import type { Timing } from '../process/timing.ts';
import { Tries } from '../http/tries.ts';

export interface TransportOptions {
  readonly client: HttpClient;
  /** Without a trailing slash; for messages. */
  readonly baseUrl: string;
  /** Without a byte; the client keeps to it. */
  readonly timeoutMs: number;
  /** For one request with all its tries. */
  readonly wholeMs?: number;
  readonly timing: Timing;
}

export interface TransportRequest {
  readonly endpoint: 'querybatch' | 'query' | 'vulns';
  readonly path: string;
  /** POSTed as JSON where present. */
  readonly body?: unknown;
  readonly maxBytes: number;
}

type MutableCounters = { -readonly [key in keyof SourceCounters]: number };

const usualWholeMs = 60_000;

/**
 * JSON requests to one service, tried again where that makes sense and held back while the service does not work. Every way
 * to fail ends in a `LookupError`; an aborted request rejects with the signal's own reason.
 */
export class OsvTransport {
  readonly #options: TransportOptions;
  readonly #wholeMs: number;
  readonly #circuit: CircuitBreaker;
  #client: HttpClient;
  readonly #counters: MutableCounters = { querybatch: 0, query: 0, vulns: 0, retries: 0, failures: 0, inFlight: 0 };
  /** Answers of any kind. */
  #answered = 0;
  /** Of the requests that wait to be sent again: why. */
  readonly #troubles = new Map<symbol, string>();
  readonly #troubleListeners = new Set<(why: string) => void>();
  #lastAnswerAt: number | undefined;
  #lastError: string | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#client = options.client;
    this.#wholeMs = options.wholeMs ?? Math.max(usualWholeMs, options.timeoutMs);
    this.#circuit = new CircuitBreaker(options.timing);
  }

  get counters(): SourceCounters {
    return this.#counters;
  }

  get health(): SourceHealth {
    return { lastAnswerAt: this.#lastAnswerAt, lastError: this.#lastError };
  }

  get circuit(): CircuitState {
    return this.#circuit.state;
  }

  /** Tells why, when a request is to be sent again since its first answer was none; at once where one is already. */
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
    this.#circuit.reset();
    if (this.#lastError !== undefined) {
      this.#client.reset();
    }
  }

  /** From now on requests go this way. Those under way on the other are broken off, and tried again on this one. */
  useClient(client: HttpClient): Promise<void> {
    const former = this.#client;
    this.#client = client;
    this.reset();
    return former.close();
  }

  preconnect(): void {
    if (this.#circuit.state === 'closed') {
      this.#client.preconnect();
    }
  }

  /** The decoded JSON of a 200. Network errors, 429 and 5xx are tried again, POST included: ours only read. */
  async json(request: TransportRequest, signal: AbortSignal): Promise<unknown> {
    const admission = this.#circuit.admit();
    if (admission.kind === 'stop') {
      this.#counters.failures++;
      throw heldBack(admission);
    }
    let result: Result = { kind: 'unsettled' };
    const whole = new Deadline(signal, 'whole', this.#wholeMs);
    try {
      const answer = await this.#tries(request, signal, whole.signal);
      result = { kind: 'answered' };
      this.#lastAnswerAt = this.#options.timing.now();
      this.#lastError = undefined;
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      const failure = lookupErrorOf(error, this.#options);
      result = this.#resultOf(failure);
      this.#counters.failures++;
      this.#lastError = failure.message;
      throw failure;
    } finally {
      whole.end();
      admission.settle(result);
    }
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  /** `whole` is aborted with `signal`, and when the time for all tries is over. */
  async #tries(request: TransportRequest, signal: AbortSignal, whole: AbortSignal): Promise<unknown> {
    const { timing } = this.#options;
    const startedAt = timing.now();
    const own = Symbol(request.endpoint);
    const tries = new Tries();
    try {
      for (;;) {
        const answered = this.#answered;
        try {
          return await this.#attempt(request, whole);
        } catch (error) {
          signal.throwIfAborted();
          whole.throwIfAborted();
          const delayMs = tries.next(error, this.#answered > answered, timing.random(), timing.now());
          const leftMs = this.#wholeMs - (timing.now() - startedAt);
          if (delayMs === undefined || delayMs >= leftMs || this.#circuit.isHoldingBack) {
            throw error;
          }
          this.#counters.retries++;
          this.#tellTrouble(own, lookupErrorOf(error, this.#options).message);
          await timing.sleep(delayMs, signal);
        }
      }
    } finally {
      this.#troubles.delete(own);
    }
  }

  #tellTrouble(request: symbol, why: string): void {
    const isNew = !this.#troubles.has(request);
    this.#troubles.set(request, why);
    if (isNew) {
      [...this.#troubleListeners].forEach((listener) => listener(why));
    }
  }

  async #attempt(request: TransportRequest, signal: AbortSignal): Promise<unknown> {
    this.#counters[request.endpoint]++;
    this.#counters.inFlight++;
    try {
      const { path, body, maxBytes } = request;
      const answer = await this.#client.send(
        body === undefined
          ? { method: 'GET', path, maxBytes }
          : { method: 'POST', path, body: JSON.stringify(body), maxBytes },
        signal,
      );
      this.#answered++;
      return decoded(answer);
    } finally {
      this.#counters.inFlight--;
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
    const askedMs = retryAfterMs(retryAfter, this.#options.timing.now());
    return askedMs === undefined || askedMs <= 0 ? undefined : askedMs;
  }
}

function decoded({ status, retryAfter, location, text }: HttpAnswer): unknown {
  if (status !== 200) {
    throw new HttpStatusError(status, retryAfter, text, location);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LookupError('badResponse', 'sent something that is not JSON', { cause: error });
  }
}

function heldBack({ error, leftMs }: { readonly error: Error; readonly leftMs: number }): LookupError {
  const when =
    leftMs > 0 ? `not before ${Math.ceil(leftMs / 1000)} s from now` : 'when the current request is answered';
  const reason = error instanceof LookupError ? error.reason : 'offline';
  return new LookupError(reason, `${error.message} It is asked again ${when}.`, { cause: error });
}
