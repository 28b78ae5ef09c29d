import { LookupError, type SourceCounters, type SourceHealth } from '../../../engine/ports.ts';
import type { Turns } from '../../../engine/turns.ts';
import type { CircuitState } from '../http/circuitBreaker.ts';
import type { HttpAnswer, HttpClient } from '../http/httpClient.ts';
import { textOf } from '../http/httpStatusError.ts';
import type { ObserveAttempt } from '../http/requestObserver.ts';
import { type CallCounters, ResilientClient } from '../http/resilientClient.ts';
import type { Timing } from '../process/timing.ts';

export interface TransportOptions {
  readonly client: HttpClient;
  /** Without a trailing slash; for messages. */
  readonly baseUrl: string;
  /** Without a byte; the client keeps to it. */
  readonly timeoutMs: number;
  /** For one request with all its tries. */
  readonly wholeMs?: number;
  readonly timing: Timing;
  /** How long a service that asks for it is waited for: `retry-after`. */
  readonly patienceMs?: number | undefined;
  readonly turns?: Turns | undefined;
  /** How many requests wait for their turn. */
  readonly queued?: () => number;
  readonly observe?: ObserveAttempt | undefined;
}

export interface TransportRequest {
  readonly endpoint: 'querybatch' | 'query' | 'vulns';
  readonly path: string;
  /** POSTed as JSON where present. */
  readonly body?: unknown;
  readonly maxBytes: number;
}

const usualWholeMs = 60_000;
// After a lost connection the last try is made when the client has gone over to HTTP/1.1.
const tries = { mostRetries: 2, mostRetriesWhenLost: 3 };

/** JSON requests to OSV, counted by endpoint. They fail as a `ResilientClient` does. */
export class OsvTransport {
  readonly counters: SourceCounters;
  readonly #calls: ResilientClient;
  readonly #turns: Turns | undefined;
  readonly #sent = { querybatch: 0, query: 0, vulns: 0, inFlight: 0 };

  constructor({ wholeMs, patienceMs, turns, queued = () => 0, ...options }: TransportOptions) {
    this.#turns = turns;
    this.#calls = new ResilientClient({
      ...options,
      wholeMs: wholeMs ?? Math.max(usualWholeMs, options.timeoutMs) + (patienceMs ?? 0),
      tries: { ...tries, longestRetryAfterMs: patienceMs },
      hasBreaker: true,
    });
    this.counters = liveCounters(this.#sent, this.#calls.counters, queued);
  }

  get health(): SourceHealth {
    return this.#calls.health;
  }

  get circuit(): CircuitState {
    return this.#calls.circuit;
  }

  onTrouble(listener: (why: string) => void): () => void {
    return this.#calls.onTrouble(listener);
  }

  reset(): void {
    this.#calls.reset();
  }

  useClient(client: HttpClient): Promise<void> {
    return this.#calls.useClient(client);
  }

  preconnect(): void {
    this.#calls.preconnect();
  }

  /** The decoded JSON of a 200. */
  json(request: TransportRequest, signal: AbortSignal): Promise<unknown> {
    return this.#calls.call(request.endpoint, (client, limited) => this.#attempt(client, request, limited), signal);
  }

  close(): Promise<void> {
    return this.#calls.close();
  }

  async #attempt(client: HttpClient, request: TransportRequest, signal: AbortSignal): Promise<unknown> {
    this.#sent[request.endpoint]++;
    this.#sent.inFlight++;
    try {
      const { path, body, maxBytes } = request;
      const answer = await client.send(
        body === undefined
          ? { method: 'GET', path, maxBytes }
          : { method: 'POST', path, body: JSON.stringify(body), maxBytes },
        signal,
      );
      await this.#turns?.take();
      return decoded(answer);
    } finally {
      this.#sent.inFlight--;
    }
  }
}

function liveCounters(
  sent: Omit<SourceCounters, keyof CallCounters | 'queued'>,
  calls: CallCounters,
  queued: () => number,
): SourceCounters {
  return {
    get querybatch() {
      return sent.querybatch;
    },
    get query() {
      return sent.query;
    },
    get vulns() {
      return sent.vulns;
    },
    get retries() {
      return calls.retries;
    },
    get failures() {
      return calls.failures;
    },
    get inFlight() {
      return sent.inFlight;
    },
    get queued() {
      return queued();
    },
  };
}

function decoded(answer: HttpAnswer): unknown {
  const text = textOf(answer);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LookupError('badResponse', 'sent something that is not JSON', { cause: error });
  }
}
