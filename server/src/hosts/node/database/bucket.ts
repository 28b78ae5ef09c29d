import { closeSync, openSync, writeSync } from 'node:fs';
import { Agent, type Dispatcher } from 'undici';
import { DatabaseError } from '../../../engine/offline/advisoryDatabase.ts';
import { errorCode } from '../files/errorCode.ts';
import { createConnect } from '../http/createConnect.ts';
import { exchange, type ExchangeOptions } from '../http/exchange.ts';
import type { NetworkSettings } from '../http/networkSettings.ts';
import { HttpStatusError } from '../http/httpStatusError.ts';
import { lookupErrorOf } from '../osv/lookupErrorOf.ts';
import { retryDelayMs, sleep } from '../http/retry.ts';

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
// The slowest modem brings three times as much.
const slowest = { bytes: 64 * 1024, withinMs: 60_000 };
const mostRetries = 3;

/** OSV's bucket of exports, over HTTPS. Every way to fail ends in a `LookupError`, or a `DatabaseError` for the disk. */
export class Bucket {
  readonly #options: BucketOptions;
  readonly #agent: Agent;

  constructor(options: BucketOptions) {
    this.#options = options;
    const { network } = options;
    this.#agent = new Agent({ connections: 16, connect: createConnect({ network, timeoutMs: connectTimeoutMs }) });
  }

  text(object: string, maxBytes: number, signal: AbortSignal): Promise<string> {
    return this.#retrying(signal, () => this.#attempt(object, { maxBytes }, signal));
  }

  /** Writes the object to a file, which is overwritten. */
  async download(object: string, file: string, maxBytes: number, signal: AbortSignal): Promise<void> {
    await this.#retrying(signal, async () => {
      const target = onDisk(file, () => openSync(file, 'w', 0o600));
      try {
        // At once, not through a stream: undici's parser must not be paused, and nothing may pile up in memory.
        const save = (chunk: Uint8Array): void => onDisk(file, () => writeAll(target, chunk));
        await this.#attempt(object, { maxBytes, save }, signal);
      } finally {
        closeSync(target);
      }
    });
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #retrying<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof DatabaseError) {
          throw error; // another try would meet the same disk
        }
        const delayMs = attempt < mostRetries ? retryDelayMs(error, attempt, Math.random()) : undefined;
        if (delayMs === undefined) {
          throw lookupErrorOf(error, { baseUrl: this.#options.url, timeoutMs: idleTimeoutMs });
        }
        await sleep(delayMs, signal);
      }
    }
  }

  /** The text of the object; empty where it is saved. */
  async #attempt(
    object: string,
    options: Pick<ExchangeOptions, 'maxBytes' | 'save'>,
    signal: AbortSignal,
  ): Promise<string> {
    const { url, version } = this.#options;
    const { origin, pathname } = new URL(url);
    const request: Dispatcher.DispatchOptions = {
      origin,
      path: `${pathname.replace(/\/$/u, '')}/${object}`,
      method: 'GET',
      headers: { 'user-agent': `pinwatch/${version}` },
      headersTimeout: 0, // the exchange's affair
      bodyTimeout: 0,
    };
    const limits = { ...options, idleTimeoutMs, slowest, onAnswer: () => undefined };
    const { status, retryAfter, text, location } = await exchange(this.#agent, request, limits, signal);
    if (status !== 200) {
      throw new HttpStatusError(status, retryAfter, text, location);
    }
    return text;
  }
}

function writeAll(target: number, chunk: Uint8Array): void {
  for (let done = 0; done < chunk.length;) {
    done += writeSync(target, chunk, done);
  }
}

/** What the disk refuses is not the bucket's doing. */
function onDisk<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new DatabaseError('io', `"${file}" could not be written (${errorCode(error) || String(error)}).`, {
      cause: error,
    });
  }
}
