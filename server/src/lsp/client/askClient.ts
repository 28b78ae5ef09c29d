import { type CancellationToken, CancellationTokenSource } from 'vscode-languageserver';
import type { Timers } from '../environment.ts';

export interface ClientQuestion<T> {
  /** What is asked of the client, for people: "whether it made the edit". */
  readonly what: string;
  readonly limitMs: number;
  readonly timers: Timers;
  readonly send: (token: CancellationToken) => Promise<T>;
  /** Rejects with its reason, and cancels the request, as soon as it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** An answer that came after the limit. */
  readonly late?: (answer: T) => void;
}

/** A client did not answer in time. */
export class ClientSilent extends Error {
  constructor(what: string, limitMs: number) {
    super(`The editor did not say within ${limitMs / 1000} s ${what}.`);
    this.name = 'ClientSilent';
  }
}

/** Asks the client for something, for no longer than the limit. A refusal rejects with the client's error. */
export function askClient<T>({ what, limitMs, timers, send, signal, late }: ClientQuestion<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const source = new CancellationTokenSource();
    let isOver = false;
    const end = (finish: () => void): void => {
      if (!isOver) {
        isOver = true;
        cancelLimit();
        signal?.removeEventListener('abort', leave);
        finish();
      }
    };
    const giveUp = (error: Error): void => {
      end(() => {
        // One whose late answer is wanted goes on.
        if (late === undefined || signal?.aborted === true) {
          source.cancel();
        }
        reject(error);
      });
    };
    const leave = (): void => giveUp(signal?.reason as Error);
    const cancelLimit = timers.after(limitMs, () => giveUp(new ClientSilent(what, limitMs)));
    if (signal?.aborted === true) {
      leave();
      return;
    }
    signal?.addEventListener('abort', leave, { once: true });
    let asked: Promise<T>;
    try {
      asked = send(source.token);
    } catch (error) {
      asked = Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    asked.then(
      (answer) => {
        if (isOver) {
          late?.(answer);
        }
        end(() => resolve(answer));
      },
      (error: unknown) => end(() => reject(error instanceof Error ? error : new Error(String(error)))),
    );
  });
}
