import { TLSSocket } from 'node:tls';
import { Agent, Client, type Dispatcher, Pool } from 'undici';
import { BodyBudget } from './body.ts';
import type { Proxy } from './chooseProxy.ts';
import { Connector } from './connector.ts';
import { exchange, type Pace } from './exchange.ts';
import type { HttpAnswer, HttpClient, HttpRequest } from '../httpClient.ts';
import { isConnectionLost } from '../retry.ts';
import { TimeoutError } from '../timeoutError.ts';
import { TrustStore, type TrustOptions } from './trust.ts';

export interface DirectClientOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** Without a byte. */
  readonly idleTimeoutMs: number;
  readonly connectTimeoutMs?: number;
  readonly slowest?: Pace;
  readonly http1Connections?: number;
  readonly trust: TrustOptions;
  /** Throws a `ProxyError` where the proxy's address makes no sense. */
  readonly proxy: (origin: string) => Proxy | undefined;
}

const usualConnectTimeoutMs = 5_000;
// Many advisories arrive in one burst; undici's windows would make the server wait for us in the middle of it.
const streamWindowBytes = 4 * 1024 * 1024;
const connectionWindowBytes = 16 * 1024 * 1024;
const mostStreams = 250;
const usualHttp1Connections = 16;
// A scan of hundreds of packages needs a tenth.
const mostHeldBytes = 128 * 1024 * 1024;
// So many HTTP/2 connections may end before anything is answered.
const mostBarren = 2;

/** One HTTP/2 connection with many streams, or several HTTP/1.1 ones where the service has no HTTP/2; by undici. */
export class DirectClient implements HttpClient {
  readonly #options: DirectClientOptions;
  readonly #base: URL;
  readonly #trust: TrustStore;
  readonly #retired = new Set<Line>();
  readonly #budget = new BodyBudget(mostHeldBytes);
  #speaksHttp2: boolean;
  /** HTTP/2 connections since the last answer. */
  #barren = 0;
  #line: Line;
  #isClosed = false;

  constructor(options: DirectClientOptions) {
    this.#options = options;
    this.#base = new URL(options.baseUrl);
    this.#trust = new TrustStore(options.trust);
    this.#speaksHttp2 = options.baseUrl.startsWith('https:');
    this.#line = this.#newLine();
  }

  async send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer> {
    const { userAgent, idleTimeoutMs, slowest } = this.#options;
    const { origin, pathname } = this.#base;
    const line = this.#current();
    const options: Dispatcher.DispatchOptions = {
      origin,
      path: `${pathname === '/' ? '' : pathname}${request.path}`,
      method: request.method,
      // Without it undici would send a POST over HTTP/2 only when no other request is in progress.
      idempotent: true,
      headers: {
        accept: request.accept ?? 'application/json',
        ...(request.save === undefined ? { 'accept-encoding': 'gzip' } : {}),
        'user-agent': userAgent,
        ...(request.authorization === undefined ? {} : { authorization: request.authorization }),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
      // The idle timer's affair; undici's own are up to a second off.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    const { maxBytes, save } = request;
    const limits = {
      maxBytes,
      idleTimeoutMs,
      budget: this.#budget,
      onAnswer: () => void (this.#barren = 0),
      ...(save === undefined ? {} : { save }),
      ...(slowest === undefined ? {} : { slowest }),
    };
    try {
      return await exchange(line.agent, options, limits, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TimeoutError && error.kind === 'idle') {
        this.#retire(line); // the connection may have died without a word, as after a sleep; the next request gets another
      } else if (line.isHttp2 && this.#barren >= mostBarren && isConnectionLost(error)) {
        this.#speaksHttp2 = false; // what sits in front of the service agrees on HTTP/2 and cannot do it
      }
      throw error;
    }
  }

  preconnect(): void {
    const { hostname, host, protocol, port } = this.#base;
    const name = hostname.replace(/^\[(.*)\]$/u, '$1');
    this.#current().connector.preconnect({ hostname: name, host, protocol, port });
  }

  reset(): void {
    this.#barren = 0;
    this.#speaksHttp2 = this.#options.baseUrl.startsWith('https:');
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#line, ...this.#retired].map((line) => line.destroy()));
  }

  /** HTTP/1.1 from the moment that the service turned out to speak nothing else. */
  #current(): Line {
    if (!this.#isClosed && this.#line.isHttp2 !== this.#speaksHttp2) {
      this.#retire(this.#line);
    }
    return this.#line;
  }

  #retire(line: Line): void {
    if (line !== this.#line || this.#isClosed) {
      return; // a line that is made after the end would never be closed
    }
    this.#line = this.#newLine();
    this.#retired.add(line);
    void line.close().finally(() => this.#retired.delete(line));
  }

  #newLine(): Line {
    const { proxy, connectTimeoutMs = usualConnectTimeoutMs } = this.#options;
    const isHttp2 = this.#speaksHttp2;
    const connector = new Connector({
      allowH2: isHttp2,
      timeoutMs: connectTimeoutMs,
      trust: this.#trust,
      proxy,
      onConnected: (socket) => {
        if (!isHttp2 || !(socket instanceof TLSSocket)) {
          return;
        }
        this.#barren++;
        if (socket.alpnProtocol !== 'h2') {
          this.#speaksHttp2 = false; // pipelining hundreds of requests over HTTP/1.1 would be slow
        }
      },
    });
    return new Line(isHttp2, connector, this.#options.http1Connections);
  }
}

/** An agent with the connector that belongs to it. */
class Line {
  readonly isHttp2: boolean;
  readonly connector: Connector;
  readonly agent: Agent;
  /** By the agent, which forgets them when it is to close or they lose their connection, whatever they have in progress. */
  readonly #made = new Set<Client | Pool>();

  constructor(isHttp2: boolean, connector: Connector, http1Connections = usualHttp1Connections) {
    this.isHttp2 = isHttp2;
    this.connector = connector;
    const { connect } = connector;
    this.agent = new Agent({
      factory: (origin) =>
        this.#remember(
          isHttp2
            ? new Client(origin, { ...http2Options, connect })
            : new Pool(origin, { allowH2: false, connections: http1Connections, connect }),
        ),
    });
  }

  /** When what is in progress has ended. */
  async close(): Promise<void> {
    this.connector.close();
    await this.agent.close();
  }

  async destroy(): Promise<void> {
    this.connector.close();
    await Promise.all([this.agent, ...this.#made].map((one) => one.destroy()));
  }

  #remember(one: Client | Pool): Client | Pool {
    this.#made.forEach((former) => former.destroyed && this.#made.delete(former));
    this.#made.add(one);
    return one;
  }
}

// One connection, many streams: undici 7 multiplexes only up to `pipelining`.
const http2Options: Client.Options = {
  allowH2: true,
  pipelining: mostStreams,
  maxConcurrentStreams: mostStreams,
  initialWindowSize: streamWindowBytes,
  connectionWindowSize: connectionWindowBytes,
};
