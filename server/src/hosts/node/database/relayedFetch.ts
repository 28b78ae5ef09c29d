import type { MessagePort, Worker } from 'node:worker_threads';
import type { EditorFetch, EditorFetchRequest } from '../http/editorClient.ts';

/** From the thread that wants something fetched, to the one that can ask the editor. */
export type FetchMessage =
  | { readonly kind: 'fetch'; readonly id: number; readonly request: EditorFetchRequest }
  | { readonly kind: 'leaveFetch'; readonly id: number };

/** The way back. */
type FetchedMessage =
  | { readonly kind: 'fetched'; readonly id: number; readonly answer: unknown }
  | { readonly kind: 'unfetched'; readonly id: number; readonly message: string };

/** Asks the editor from another thread than the one that speaks with it. */
export class RelayedFetch {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, (message: FetchedMessage) => void>();
  #lastId = 0;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', (message: unknown) => {
      if (isFetched(message)) {
        this.#waiting.get(message.id)?.(message);
      }
    });
  }

  /** As `EditorFetch`. */
  fetch(request: EditorFetchRequest, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        this.#waiting.delete(id);
        signal.removeEventListener('abort', leave);
      };
      const leave = (): void => {
        end();
        this.#send({ kind: 'leaveFetch', id });
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.set(id, (message) => {
        end();
        if (message.kind === 'fetched') {
          resolve(message.answer);
        } else {
          reject(new Error(message.message));
        }
      });
      this.#send({ kind: 'fetch', id, request });
    });
  }

  #send(message: FetchMessage): void {
    this.#port.postMessage(message);
  }
}

/** Asks the editor for a `RelayedFetch` in that thread. What it returns ends that, and whatever is in progress. */
export function answerFetches(worker: Worker, fetch: EditorFetch): () => void {
  const inProgress = new Map<number, AbortController>();
  const send = (message: FetchedMessage): void => worker.postMessage(message);
  const answer = async (id: number, request: EditorFetchRequest): Promise<void> => {
    const controller = new AbortController();
    inProgress.set(id, controller);
    try {
      send({ kind: 'fetched', id, answer: await fetch(request, controller.signal) });
    } catch (error) {
      send({ kind: 'unfetched', id, message: error instanceof Error ? error.message : String(error) });
    } finally {
      inProgress.delete(id);
    }
  };
  worker.on('message', (message: FetchMessage | { readonly kind: 'progress' | 'done' | 'failed' }) => {
    if (message.kind === 'fetch') {
      void answer(message.id, message.request);
    } else if (message.kind === 'leaveFetch') {
      inProgress.get(message.id)?.abort(new Error('Nobody waits for the answer'));
    }
  });
  return () => inProgress.forEach((controller) => controller.abort(new Error('The change of the database has ended')));
}

function isFetched(message: unknown): message is FetchedMessage {
  const kind = typeof message === 'object' && message !== null && 'kind' in message ? message.kind : undefined;
  return kind === 'fetched' || kind === 'unfetched';
}
