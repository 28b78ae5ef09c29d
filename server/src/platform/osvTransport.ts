import { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { LookupError, type SourceCounters, type SourceHealth } from '../scan/ports.ts';
import { HttpStatusError } from './httpStatusError.ts';
import { lookupErrorOf } from './lookupErrorOf.ts';
import { retryDelayMs, sleep } from './retry.ts';

export interface TransportOptions {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  /** For one attempt, from the connection to the last byte. */
  readonly timeoutMs: number;
  readonly userAgent: string;
  /** Certificates to trust instead of the usual ones, PEM; for tests. */
  readonly ca?: string;
  now(): number;
  /** 0 up to 1, for the jitter of retries. */
  random(): number;
}

export interface TransportRequest {
  readonly endpoint: 'querybatch' | 'query' | 'vulns';
  readonly path: string;
  /** POSTed as JSON where present. */
  readonly body?: unknown;
  readonly maxBytes: number;
}

type MutableCounters = { -readonly [key in keyof SourceCounters]: number };

const connectTimeoutMs = 5_000;
// Many advisories arrive in one burst; undici's windows would make the server wait for us in the middle of it.
const streamWindowBytes = 4 * 1024 * 1024;
const connectionWindowBytes = 16 * 1024 * 1024;
const mostStreams = 250;
const http1Connections = 16;
const mostRetries = 2;

/**
 * JSON requests to one service: one HTTP/2 connection with many streams, or several HTTP/1.1 ones where the service has no
 * HTTP/2. Every way to fail ends in a `LookupError`; an aborted request rejects with the signal's own reason.
 */
export class OsvTransport {
  readonly #options: TransportOptions;
  readonly #http2: Agent | undefined;
  readonly #http1: Agent;
  #speaksHttp2: boolean;
  readonly #counters: MutableCounters = { querybatch: 0, query: 0, vulns: 0, retries: 0, failures: 0, inFlight: 0 };
  #lastAnswerAt: number | undefined;
  #lastError: string | undefined;

  constructor(options: TransportOptions) {
    this.#options = options;
    const connect = { timeout: connectTimeoutMs, ...(options.ca === undefined ? {} : { ca: options.ca }) };
    this.#http1 = new Agent({ allowH2: false, connections: http1Connections, connect });
    this.#speaksHttp2 = options.baseUrl.startsWith('https:');
    this.#http2 = this.#speaksHttp2 ? this.#http2Agent(connect) : undefined;
  }

  get counters(): SourceCounters {
    return this.#counters;
  }

  get health(): SourceHealth {
    return { lastAnswerAt: this.#lastAnswerAt, lastError: this.#lastError };
  }

  /** The decoded JSON of a 200. Network errors, 429 and 5xx are tried again, POST included: ours only read. */
  async json(request: TransportRequest, signal: AbortSignal): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        const answer = await this.#attempt(request, signal);
        this.#lastAnswerAt = this.#options.now();
        this.#lastError = undefined;
        return answer;
      } catch (error) {
        signal.throwIfAborted();
        const failure = lookupErrorOf(error, this.#options);
        const delayMs = attempt < mostRetries ? retryDelayMs(error, attempt, this.#options.random()) : undefined;
        if (delayMs === undefined) {
          this.#counters.failures++;
          this.#lastError = failure.message;
          throw failure;
        }
        this.#counters.retries++;
        await sleep(delayMs, signal);
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#http1.destroy(), this.#http2?.destroy()]);
  }

  #http2Agent(connect: buildConnector.BuildOptions): Agent {
    const connector = buildConnector({ ...connect, allowH2: true });
    return new Agent({
      allowH2: true,
      // One connection, many streams: undici 7 multiplexes only up to `pipelining`.
      connections: 1,
      pipelining: mostStreams,
      maxConcurrentStreams: mostStreams,
      initialWindowSize: streamWindowBytes,
      connectionWindowSize: connectionWindowBytes,
      connect: (options, callback) =>
        connector(options, (...result) => {
          const [, socket] = result;
          if (socket instanceof TLSSocket && socket.alpnProtocol !== 'h2') {
            this.#speaksHttp2 = false; // pipelining hundreds of requests over HTTP/1.1 would be slow
          }
          callback(...result);
        }),
    });
  }

  async #attempt(request: TransportRequest, signal: AbortSignal): Promise<unknown> {
    const { baseUrl, timeoutMs, userAgent } = this.#options;
    const deadline = AbortSignal.timeout(timeoutMs);
    this.#counters[request.endpoint]++;
    this.#counters.inFlight++;
    try {
      const dispatcher = this.#speaksHttp2 && this.#http2 !== undefined ? this.#http2 : this.#http1;
      const { origin, pathname } = new URL(baseUrl);
      const response = await dispatcher.request({
        origin,
        path: `${pathname.replace(/\/$/u, '')}${request.path}`,
        method: request.body === undefined ? 'GET' : 'POST',
        // Without it undici would send a POST over HTTP/2 only when no other request is under way.
        idempotent: true,
        headers: {
          accept: 'application/json',
          'accept-encoding': 'gzip',
          'user-agent': userAgent,
          ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: AbortSignal.any([signal, deadline]),
      });
      const text = await readText(response, request.maxBytes);
      if (response.statusCode !== 200) {
        throw new HttpStatusError(response.statusCode, header(response, 'retry-after'), text);
      }
      return parseJson(text);
    } finally {
      this.#counters.inFlight--;
    }
  }
}

const unzip = promisify(gunzip);

async function readText(response: Dispatcher.ResponseData, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw tooLarge(maxBytes); // leaving the loop destroys the body
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  if (header(response, 'content-encoding') !== 'gzip') {
    return body.toString('utf8');
  }
  try {
    return (await unzip(body, { maxOutputLength: maxBytes })).toString('utf8');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge(maxBytes)
      : new LookupError('badResponse', 'sent a body that cannot be unpacked', { cause: error });
  }
}

function tooLarge(maxBytes: number): LookupError {
  return new LookupError('badResponse', `sent more than ${Math.round(maxBytes / 1024 / 1024)} MB`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LookupError('badResponse', 'sent something that is not JSON', { cause: error });
  }
}

function header(response: Dispatcher.ResponseData, name: string): string | undefined {
  const value = response.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
