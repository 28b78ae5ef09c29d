import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { Agent, type Dispatcher } from 'undici';
import { LookupError } from '../../scan/ports.ts';
import { createConnect } from '../http/createConnect.ts';
import type { NetworkSettings } from '../http/networkSettings.ts';
import { HttpStatusError } from '../httpStatusError.ts';
import { lookupErrorOf } from '../lookupErrorOf.ts';
import { retryDelayMs, sleep } from '../retry.ts';

export interface BucketOptions {
  /** Without a trailing slash. */
  readonly url: string;
  /** Of Pinwatch, for the User-Agent. */
  readonly version: string;
  readonly network?: NetworkSettings | undefined;
}

const connectTimeoutMs = 5_000;
// Without a byte; a slow line may take longer for the whole archive.
const idleTimeoutMs = 30_000;
const mostRetries = 3;

/** OSV's bucket of exports, over HTTPS. Every way to fail ends in a `LookupError`. */
export class Bucket {
  readonly #options: BucketOptions;
  readonly #agent: Agent;

  constructor(options: BucketOptions) {
    this.#options = options;
    const { network } = options;
    this.#agent = new Agent({ connections: 16, connect: createConnect({ network, timeoutMs: connectTimeoutMs }) });
  }

  text(object: string, maxBytes: number, signal: AbortSignal): Promise<string> {
    return this.#retrying(object, signal, async (body) => {
      const chunks: Buffer[] = [];
      for await (const chunk of bounded(body, maxBytes)) {
        chunks.push(chunk);
      }
      return Buffer.concat(chunks).toString('utf8');
    });
  }

  /** Writes the object to a file, which is overwritten. */
  download(object: string, file: string, maxBytes: number, signal: AbortSignal): Promise<void> {
    return this.#retrying(object, signal, (body) =>
      pipeline(bounded(body, maxBytes), createWriteStream(file, { mode: 0o600 }), { signal }),
    );
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #retrying<T>(
    object: string,
    signal: AbortSignal,
    read: (body: AsyncIterable<Buffer>) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#attempt(object, signal, read);
      } catch (error) {
        signal.throwIfAborted();
        const delayMs = attempt < mostRetries ? retryDelayMs(error, attempt, Math.random()) : undefined;
        if (isDiskError(error)) {
          throw error;
        }
        if (delayMs === undefined) {
          throw lookupErrorOf(error, { baseUrl: this.#options.url, timeoutMs: idleTimeoutMs });
        }
        await sleep(delayMs, signal);
      }
    }
  }

  async #attempt<T>(
    object: string,
    signal: AbortSignal,
    read: (body: AsyncIterable<Buffer>) => Promise<T>,
  ): Promise<T> {
    const { url, version } = this.#options;
    const { origin, pathname } = new URL(url);
    const response = await this.#agent.request({
      origin,
      path: `${pathname.replace(/\/$/u, '')}/${object}`,
      method: 'GET',
      headers: { 'user-agent': `pinwatch/${version}` },
      headersTimeout: idleTimeoutMs,
      bodyTimeout: idleTimeoutMs,
      signal,
    });
    if (response.statusCode !== 200) {
      const text = await shortText(response);
      throw new HttpStatusError(response.statusCode, retryAfter(response), text);
    }
    return await read(response.body as AsyncIterable<Buffer>);
  }
}

async function* bounded(body: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw new LookupError('badResponse', `sent more than ${Math.round(maxBytes / 1024 / 1024)} MB`);
    }
    yield chunk;
  }
}

async function shortText(response: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    break; // leaving the loop destroys the body
  }
  return Buffer.concat(chunks).toString('utf8');
}

function retryAfter(response: Dispatcher.ResponseData): string | undefined {
  const value = response.headers['retry-after'];
  return Array.isArray(value) ? value[0] : value;
}

/** Not the bucket's doing; another try would meet the same disk. */
function isDiskError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error && ['open', 'write'].includes(String(error.syscall));
}
