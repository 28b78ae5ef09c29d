import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import {
  type DatabaseChange,
  DatabaseError,
  type DatabaseFailure,
  type ImportOptions,
  type ImportSummary,
} from '../../../engine/offline/advisoryDatabase.ts';
import type { RequestRecord, SeenRequest } from '../../../engine/operations/requestRecord.ts';
import type { TransportChoice, WayOptions } from '../http/createHttpClient.ts';
import type { EditorFetch } from '../http/editorClient.ts';
import type { NetworkSettings } from '../http/networkSettings.ts';
import { systemClock } from '../process/systemClock.ts';
import { createAdvisoryDatabases } from './advisoryDatabases.ts';
import { answerFetches, type FetchMessage, RelayedFetch } from './relayedFetch.ts';

export interface DatabaseJob {
  readonly folder: string;
  readonly change: DatabaseChange;
  /** Of Pinwatch. */
  readonly version: string;
  readonly network: NetworkSettings;
  /** `direct` where absent. */
  readonly transport?: TransportChoice;
}

export interface ChangeOptions extends ImportOptions {
  /** Present where the editor fetches for us. */
  readonly editorFetch?: EditorFetch | undefined;
  /** Counts the requests. */
  readonly record?: Pick<RequestRecord, 'record'> | undefined;
}

/**
 * Changes a database on a thread of its own: SQLite and the reading of JSON are synchronous, and would hold up the editor
 * for seconds. `script` calls `serveDatabaseJob` when it is not the main thread. Rejects with a `DatabaseError` or the
 * signal's reason; nothing is half-done then.
 */
export async function changeDatabase(
  script: string,
  job: DatabaseJob,
  { onProgress, signal, editorFetch, record }: ChangeOptions,
): Promise<ImportSummary> {
  signal.throwIfAborted();
  const data: WorkerJob = { ...job, canFetch: editorFetch !== undefined };
  const worker = new Worker(script, { workerData: data, execArgv: ['--disable-warning=ExperimentalWarning'] });
  const stopFetching = editorFetch && answerFetches(worker, editorFetch);
  let patience: NodeJS.Timeout | undefined;
  const stop = (): void => {
    worker.postMessage('stop');
    patience = setTimeout(() => void worker.terminate(), stopWithinMs);
  };
  let result: JobResult | undefined;
  worker.on('message', (message: WorkerMessage) => {
    if (message.kind === 'progress') {
      onProgress(message.text);
    } else if (message.kind === 'request') {
      record?.record(message.seen);
    } else if (message.kind === 'done' || message.kind === 'failed') {
      result = message;
      void worker.terminate(); // nothing is left to do, whatever keeps it alive
    }
  });
  signal.addEventListener('abort', stop, { once: true });
  try {
    await once(worker, 'exit'); // rejects with an error that nobody caught in there
    signal.throwIfAborted();
    if (result?.kind !== 'done') {
      throw new DatabaseError(result?.reason ?? 'io', result?.message ?? 'The database could not be written.');
    }
    return result.summary;
  } finally {
    clearTimeout(patience);
    stopFetching?.();
    signal.removeEventListener('abort', stop);
  }
}

/** Does in this thread what the main one has asked for, and says what came of it. */
export async function serveDatabaseJob(): Promise<void> {
  const { folder, change, version, network, transport, canFetch } = workerData as WorkerJob;
  const stopped = new AbortController();
  const say = (message: WorkerMessage): void => parentPort?.postMessage(message);
  parentPort?.on('message', (message: unknown) => {
    if (message === 'stop') {
      stopped.abort();
    }
  });
  const relay = canFetch && parentPort !== null ? new RelayedFetch(parentPort) : undefined;
  const way: WayOptions = {
    network,
    ...(transport === undefined ? {} : { transport }),
    ...(relay === undefined ? {} : { editorFetch: (request, signal) => relay.fetch(request, signal) }),
  };
  const databases = createAdvisoryDatabases({
    defaultFolder: folder,
    clock: systemClock,
    version,
    way,
    record: { record: (seen) => say({ kind: 'request', seen }) },
  });
  const options = { onProgress: (text: string) => say({ kind: 'progress', text }), signal: stopped.signal };
  try {
    const summary =
      change.kind === 'update'
        ? await databases.update(folder, change.bucketUrl, options)
        : await databases.importFile(folder, change.file, options);
    say({ kind: 'done', summary });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    say({ kind: 'failed', reason: error instanceof DatabaseError ? error.reason : 'io', message });
  } finally {
    parentPort?.close();
  }
}

// Between two records a stop is followed; a text of hundreds of megabytes is read in one go.
const stopWithinMs = 2_000;

interface WorkerJob extends DatabaseJob {
  readonly canFetch: boolean;
}

type WorkerMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'request'; readonly seen: SeenRequest }
  | JobResult
  | FetchMessage;

type JobResult =
  | { readonly kind: 'done'; readonly summary: ImportSummary }
  | { readonly kind: 'failed'; readonly reason: DatabaseFailure; readonly message: string };
