import { closeSync, openSync, writeSync } from 'node:fs';
import { DatabaseError } from '../../../engine/offline/advisoryDatabase.ts';
import type { RequestRecord } from '../../../engine/operations/requestRecord.ts';
import type { Log } from '../../../engine/ports.ts';
import { errorCode } from '../files/errorCode.ts';
import { createHttpClient, type WayOptions } from '../http/createHttpClient.ts';
import type { HttpClient, HttpRequest } from '../http/httpClient.ts';
import { textOf } from '../http/httpStatusError.ts';
import { requestObserver } from '../http/requestObserver.ts';
import { ResilientClient } from '../http/resilientClient.ts';

export interface BucketOptions extends WayOptions {
  /** Without a trailing slash. */
  readonly url: string;
  /** Of Pinwatch, for the User-Agent. */
  readonly version: string;
  readonly log: Log;
  /** Counts the requests. */
  readonly record?: Pick<RequestRecord, 'record'> | undefined;
}

// Without a byte; a slow line may take longer for the whole archive.
const idleTimeoutMs = 30_000;
// The editor hands the archive over in one piece.
const editorTimeoutMs = 10 * 60_000;
// The slowest modem brings three times as much.
const slowest = { bytes: 64 * 1024, withinMs: 60_000 };
const tries = { mostRetries: 3, mostRetriesWhenLost: 3 };

/** OSV's bucket of exports, over HTTPS. Every way to fail ends in a `LookupError`, or a `DatabaseError` for the disk. */
export class Bucket {
  readonly #calls: ResilientClient;

  constructor({ url, version, log, record, ...way }: BucketOptions) {
    const userAgent = `pinwatch/${version}`;
    this.#calls = new ResilientClient({
      client: createHttpClient({ ...way, baseUrl: url, idleTimeoutMs, editorTimeoutMs, slowest, userAgent, log }),
      baseUrl: url,
      timeoutMs: idleTimeoutMs,
      tries,
      hasBreaker: false,
      observe: requestObserver('bucket', record, log),
      isOwn: (error) => error instanceof DatabaseError, // another try would meet the same disk
    });
  }

  text(object: string, maxBytes: number, signal: AbortSignal): Promise<string> {
    return this.#calls.call('file', (client, limited) => get(client, { object, maxBytes }, limited), signal);
  }

  /** Writes the object to a file, which is overwritten. */
  async download(object: string, file: string, maxBytes: number, signal: AbortSignal): Promise<void> {
    await this.#calls.call(
      'archive',
      async (client, limited) => {
        const target = onDisk(file, () => openSync(file, 'w', 0o600));
        try {
          // At once, not through a stream: undici's parser must not be paused, and nothing may pile up in memory.
          const save = (chunk: Uint8Array): void => onDisk(file, () => writeAll(target, chunk));
          await get(client, { object, maxBytes, save }, limited);
        } finally {
          closeSync(target);
        }
      },
      signal,
    );
  }

  close(): Promise<void> {
    return this.#calls.close();
  }
}

/** The text of the object; empty where it is saved. */
async function get(
  client: HttpClient,
  { object, ...request }: Pick<HttpRequest, 'maxBytes' | 'save'> & { readonly object: string },
  signal: AbortSignal,
): Promise<string> {
  return textOf(await client.send({ method: 'GET', path: `/${object}`, accept: '*/*', ...request }, signal));
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
