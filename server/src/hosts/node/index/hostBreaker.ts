import { type Clock, LookupError } from '../../../engine/ports.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../http/httpClient.ts';
import { HttpStatusError } from '../http/httpStatusError.ts';
import { lookupErrorOf } from '../http/lookupErrorOf.ts';
import { isConnectionLost, isTimeout, notImplemented } from '../http/retry.ts';

export interface HostBreakerOptions {
  /** Of the host, without a trailing slash. */
  readonly origin: string;
  /** For messages. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

// Where every other request fails, as many in a row as that are one in 65,536.
const threshold = 16;
// A host that cannot be reached answers nobody; tried twice, since a connection may be refused by chance.
const unreachable = threshold / 2;
const silentPauseMs = 300_000;
const failingPauseMs = 60_000;

/**
 * Requests to one host of a package index, whatever packages they are about: after a row of failures without an answer in
 * between the host is not queried for a while, and requests that wait are released. One silence is enough for that, if no request was answered
 * meanwhile.
 */
export class HostBreaker implements HttpClient {
  readonly #client: HttpClient;
  readonly #options: HostBreakerOptions;
  #inRow = 0;
  #answers = 0;
  #failure: { readonly error: LookupError; readonly until: number } | undefined;
  /** Aborted when the host is given up. */
  #waiting = new AbortController();

  constructor(client: HttpClient, options: HostBreakerOptions) {
    this.#client = client;
    this.#options = options;
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    signal.throwIfAborted();
    if (this.#failure !== undefined && this.#options.clock.now() < this.#failure.until) {
      throw this.#failure.error;
    }
    const waiting = this.#waiting.signal;
    const answersBefore = this.#answers;
    try {
      const answer = await this.#client.send(request, AbortSignal.any([signal, waiting]));
      if (answer.status >= 500 && answer.status !== notImplemented) {
        const { status, retryAfter, text } = answer;
        this.#failed(new HttpStatusError(status, retryAfter, text), 1, failingPauseMs);
      } else {
        this.#answered();
      }
      return answer;
    } catch (error) {
      signal.throwIfAborted();
      waiting.throwIfAborted();
      if (error instanceof LookupError) {
        this.#answered(); // with something that makes no sense
      } else if (isConnectionLost(error)) {
        this.#failed(error, 1, failingPauseMs);
      } else if (this.#answers === answersBefore) {
        this.#failed(error, isTimeout(error) ? threshold : unreachable, silentPauseMs);
      }
      throw error;
    }
  }

  preconnect(): void {
    this.#client.preconnect();
  }

  /** A person asks, or the network has changed. */
  reset(): void {
    this.#inRow = 0;
    this.#failure = undefined;
    this.#client.reset();
  }

  close(): Promise<void> {
    return this.#client.close();
  }

  #answered(): void {
    this.#inRow = 0;
    this.#answers++;
    this.#failure = undefined;
  }

  #failed(error: unknown, weight: number, pauseMs: number): void {
    this.#inRow += weight;
    if (this.#inRow < threshold) {
      return;
    }
    this.#inRow = 0;
    const { origin, timeoutMs, clock } = this.#options;
    const { reason, message } = lookupErrorOf(error, { baseUrl: origin, timeoutMs });
    // The caller puts the host in front and a full stop behind, as of every answer that makes no sense.
    const clause = message.replace(`${new URL(origin).host} `, '').replace(/\.$/u, '');
    const failure = new LookupError(reason, clause, { cause: error });
    this.#failure = { error: failure, until: clock.now() + pauseMs };
    this.#waiting.abort(failure);
    this.#waiting = new AbortController();
  }
}
