import type { Route } from './route.ts';
import type { IncomingHttpHeaders } from 'node:http';

export interface ReceivedRequest {
  /** From 1, in the order requests were complete. */
  readonly number: number;
  readonly route: Route | 'unknown';
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly httpVersion: '1.1' | '2';
  readonly isSecure: boolean;
  /** The connection's number, from 1, over both ports. */
  readonly connection: number;
  /** What `query` and `querybatch` asked for, as far as it can be read. */
  readonly queries: readonly AskedQuery[];
  /** What a GET of `vulns` asked for. */
  readonly id: string | undefined;
}

/** Each field as it was sent; absent where it was not. */
export interface AskedQuery {
  readonly name?: string;
  readonly version?: string;
  readonly ecosystem?: string;
  readonly purl?: string;
  readonly pageToken?: string;
}

export interface Answer {
  readonly request: ReceivedRequest;
  /** `undefined` where not even the headers were sent. */
  readonly status: number | undefined;
  /** `broken`: cut off by a fault. `abandoned`: the client left first. */
  readonly end: 'sent' | 'broken' | 'abandoned';
}

export interface InFlight {
  readonly now: number;
  readonly peak: number;
}

export interface Connections {
  readonly opened: number;
  readonly open: number;
  readonly openedSecure: number;
  /** HTTP/2 sessions; each is one of the secure connections. */
  readonly openedHttp2: number;
}

type CountedRoute = ReceivedRequest['route'];

/** What has reached the service since the start or the last `reset`. A live view. */
export interface Traffic {
  /** Requests received in full. */
  readonly requests: Readonly<Record<CountedRoute, number>>;
  readonly protocols: Readonly<Record<ReceivedRequest['httpVersion'], number>>;
  readonly log: readonly ReceivedRequest[];
  readonly answers: readonly Answer[];
  /** The queries of each `querybatch`, in the order received. */
  readonly batches: readonly (readonly AskedQuery[])[];
  /** The ids asked for by GET, in the order received. */
  readonly ids: readonly string[];
  readonly connections: Connections;
  /** From the first byte of a request's headers to the end of its answer. */
  readonly inFlight: InFlight & Readonly<Record<CountedRoute, InFlight>>;
}

/** Keeps the books, and wakes those who wait for a line in them. */
export class TrafficBook implements Traffic {
  requests = byRoute(() => 0);
  protocols = { '1.1': 0, '2': 0 };
  log: ReceivedRequest[] = [];
  answers: Answer[] = [];
  connections = { opened: 0, open: 0, openedSecure: 0, openedHttp2: 0 };
  inFlight = { now: 0, peak: 0, ...byRoute(() => ({ now: 0, peak: 0 })) };
  private readonly waiting = new Set<() => void>();

  get batches(): readonly (readonly AskedQuery[])[] {
    return this.log.filter(({ route }) => route === 'querybatch').map(({ queries }) => queries);
  }

  get ids(): readonly string[] {
    return this.log.flatMap(({ id }) => (id === undefined ? [] : [id]));
  }

  connectionOpened(isSecure: boolean): void {
    this.connections.opened++;
    this.connections.open++;
    if (isSecure) this.connections.openedSecure++;
    this.changed();
  }

  connectionClosed(): void {
    this.connections.open--;
    this.changed();
  }

  http2Opened(): void {
    this.connections.openedHttp2++;
    this.changed();
  }

  requestBegun(route: CountedRoute): void {
    for (const figure of [this.inFlight, this.inFlight[route]]) {
      figure.now++;
      figure.peak = Math.max(figure.peak, figure.now);
    }
    this.changed();
  }

  requestReceived(request: Omit<ReceivedRequest, 'number'>): ReceivedRequest {
    const numbered = { number: this.log.length + 1, ...request };
    this.requests[request.route]++;
    this.protocols[request.httpVersion]++;
    this.log.push(numbered);
    this.changed();
    return numbered;
  }

  /** `answer` is `undefined` where the request never was received in full. */
  requestEnded(route: CountedRoute, answer: Answer | undefined): void {
    this.inFlight.now--;
    this.inFlight[route].now--;
    if (answer !== undefined) this.answers.push(answer);
    this.changed();
  }

  /** Resolves as soon as the predicate holds; rejects when it does not within the time. */
  waitFor(predicate: (traffic: Traffic) => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void): void => {
        clearTimeout(timer);
        this.waiting.delete(check);
        settle();
      };
      const check = (): void => {
        try {
          if (predicate(this)) finish(resolve);
        } catch (error) {
          finish(() => reject(error instanceof Error ? error : new Error(String(error))));
        }
      };
      const timer = setTimeout(() => {
        const seen = JSON.stringify({
          requests: this.requests,
          connections: this.connections,
          inFlight: this.inFlight,
        });
        finish(() => reject(new Error(`Not seen by the OSV service within ${timeoutMs} ms. It has seen ${seen}`)));
      }, timeoutMs);
      this.waiting.add(check);
      check();
    });
  }

  /** All counters to zero. What is open or in flight at this moment stays counted as that. */
  reset(): void {
    this.requests = byRoute(() => 0);
    this.protocols = { '1.1': 0, '2': 0 };
    this.log = [];
    this.answers = [];
    this.connections = { ...this.connections, opened: 0, openedSecure: 0, openedHttp2: 0 };
    for (const figure of [this.inFlight, ...routes.map((route) => this.inFlight[route])]) figure.peak = figure.now;
    this.changed();
  }

  private changed(): void {
    for (const check of [...this.waiting]) check();
  }
}

const routes: readonly CountedRoute[] = ['query', 'querybatch', 'vulns', 'unknown'];

function byRoute<T>(value: () => T): Record<CountedRoute, T> {
  return { query: value(), querybatch: value(), vulns: value(), unknown: value() };
}
