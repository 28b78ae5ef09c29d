import {
  CancellationToken,
  type Connection,
  ErrorCodes,
  LSPErrorCodes,
  type PublishDiagnosticsParams,
  ResponseError,
} from 'vscode-languageserver';
import { maskSecrets } from '../core/text/maskSecrets.ts';
import type { Log } from '../engine/ports.ts';
import { english, type Words } from '../core/words/words.ts';
import type { Environment, Timers } from './environment.ts';
import { spokenError } from './language/spokenAnswers.ts';

/** Runs work that no caller waits for. A failure is logged, sync or async, and ends nothing else. */
export type Own = (what: string, work: () => unknown) => void;

/** How a request was answered. */
export type RequestEnd = 'ok' | 'cancelled' | 'error';

type Measured = (method: string, durationMs: number, end: RequestEnd) => void;

type Handler<P, R> = (params: P, token: CancellationToken) => R | PromiseLike<R>;

/** Every handler of the server runs in here: a failure is that request's or notification's own, and the server goes on. */
export class Guard {
  readonly #log: Pick<Log, 'error'>;
  #measured: Measured = () => undefined;
  #now: () => number = () => 0;
  #words: Words = english;

  constructor(log: Pick<Log, 'error'>) {
    this.#log = log;
  }

  /** From here on every request is counted, and how long it took. */
  measure(measured: Measured, now: () => number): void {
    this.#measured = measured;
    this.#now = now;
  }

  /** From here on errors are said in these words. */
  speak(words: Words): void {
    this.#words = words;
  }

  readonly own: Own = (what, work) => {
    try {
      const result = work();
      if (isPromiseLike(result)) {
        result.then(undefined, (error: unknown) => this.#failed(what, error));
      }
    } catch (error) {
      this.#failed(what, error);
    }
  };

  /** A handler that never rejects: a cancelled request is answered as cancelled, and any other failure as an error. */
  request<P, R>(
    method: string,
    answer: Handler<P, R>,
    nameOf: (params: P) => string = () => method,
  ): (...args: unknown[]) => Promise<R | ResponseError> {
    return async (...args) => {
      const startedMs = this.#now();
      // A request without params has the token in their place.
      const at = args.findIndex((arg) => CancellationToken.is(arg));
      const params = (at === 0 ? undefined : args[0]) as P;
      const token = CancellationToken.is(args[at]) ? args[at] : CancellationToken.None;
      let end: RequestEnd = 'error';
      try {
        const result = await answer(params, token);
        end = result instanceof ResponseError ? endOf(result as ResponseError) : 'ok';
        return result instanceof ResponseError ? spokenError(result as ResponseError, this.#words) : result;
      } catch (error) {
        const answered = this.#errorOf(method, error, token);
        end = endOf(answered);
        return spokenError(answered, this.#words);
      } finally {
        this.#measured(nameOf(params), this.#now() - startedMs, end);
      }
    };
  }

  /** A handler whose failure is logged. */
  notification<P>(method: string, take: (params: P) => unknown): (params: P) => void {
    return (params) => this.own(method, () => take(params));
  }

  #errorOf(method: string, error: unknown, token: CancellationToken): ResponseError {
    if (token.isCancellationRequested) {
      return new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
    }
    if (error instanceof ResponseError) {
      return error as ResponseError;
    }
    if (isAbort(error)) {
      return new ResponseError(LSPErrorCodes.ServerCancelled, 'The server has stopped this work.');
    }
    this.#failed(method, error);
    return new ResponseError(ErrorCodes.InternalError, `Pinwatch failed at ${method}: ${shortTextOf(error)}`);
  }

  #failed(what: string, error: unknown): void {
    try {
      this.#log.error(`${what} failed: ${traceOf(error)}`);
    } catch {
      // The client is gone, and with it the log.
    }
  }
}

function endOf({ code }: ResponseError): RequestEnd {
  return code === LSPErrorCodes.RequestCancelled || code === LSPErrorCodes.ServerCancelled ? 'cancelled' : 'error';
}

/** Timers whose calls are owned. */
export function guardedTimers(timers: Timers, own: Own): Timers {
  return {
    after: (delayMs, call) => timers.after(delayMs, () => own('A timer', call)),
    nextTurn: (call) => timers.nextTurn(() => own('A turn', call)),
  };
}

/** The same world with other timers. */
export function withTimers(environment: Environment, timers: Timers): Environment {
  return new Proxy(environment, {
    get: (world, key) => {
      const member: unknown = key === 'timers' ? timers : Reflect.get(world, key, world);
      return typeof member === 'function' ? (member.bind(world) as unknown) : member;
    },
  });
}

/** The connection, with notifications to the client that never reject or throw. They resolve once they are on their way, or lost. */
export function guardedConnection(connection: Connection, own: Own): Connection {
  const quietly = (send: () => Promise<void>): Promise<void> => {
    let sent = Promise.resolve();
    own('A notification to the client', () => (sent = send()));
    return sent.catch(() => undefined); // its owner has logged why
  };
  return Object.create(connection, {
    sendDiagnostics: {
      value: (params: PublishDiagnosticsParams) => quietly(() => connection.sendDiagnostics(params)),
    },
    sendNotification: {
      value: (type: string, params: unknown) => quietly(() => connection.sendNotification(type, params)),
    },
  }) as Connection;
}

/** What went wrong and where, for the log, without what may be secret in an address. */
export function traceOf(error: unknown): string {
  return maskSecrets(error instanceof Error ? (error.stack ?? error.message) : String(error));
}

function shortTextOf(error: unknown): string {
  return maskSecrets(error instanceof Error ? error.message : String(error)).slice(0, 300);
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
