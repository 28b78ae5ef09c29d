import type { Dispatcher } from 'undici';
import { type AnswerBody, Body, type BodyBudget } from './body.ts';
import type { HttpAnswer } from '../httpClient.ts';
import { SavedBody } from './savedBody.ts';
import { TimeoutError } from '../timeoutError.ts';

export interface ExchangeOptions {
  /** Of the unpacked body of a 200. */
  readonly maxBytes: number;
  /** Without a byte. */
  readonly idleTimeoutMs: number;
  readonly budget?: BodyBudget;
  /** Something was answered, whatever comes of it. */
  readonly onAnswer: () => void;
  /** Takes the body of a 200, piece by piece, in place of the answer's text. What it throws ends the exchange. */
  readonly save?: (chunk: Uint8Array) => void;
  /** A body that comes more slowly is given up, however steadily it comes. */
  readonly slowest?: Pace;
}

export interface Pace {
  readonly bytes: number;
  readonly withinMs: number;
}

/**
 * One request and its answer. Not by undici's `request`: what its streams and signals take is as much as all the rest, for the
 * hundreds of requests of a scan. Rejects with what the network said, a `TimeoutError`, a `LookupError` or the signal's reason.
 */
export function exchange(
  agent: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: ExchangeOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    agent.dispatch(request, new Exchange(options, signal, { resolve, reject }));
  });
}

// Of an answer other than 200 only the beginning is of use.
const errorTextBytes = 64 * 1024;

class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  readonly #signal: AbortSignal;
  readonly #outcome: Outcome;
  readonly #timer: NodeJS.Timeout;
  readonly #leave = (): void => this.#fail(this.#signal.reason);
  #controller: Dispatcher.DispatchController | undefined;
  #body: AnswerBody | undefined;
  #watch: NodeJS.Timeout | undefined;
  /** Since the watch last looked. */
  #recentBytes = 0;
  /** On the wire; `undefined` where the answer does not say, or its text is not needed whole. */
  #missingBytes: number | undefined;
  #isOver = false;

  constructor(options: ExchangeOptions, signal: AbortSignal, outcome: Outcome) {
    this.#options = options;
    this.#signal = signal;
    this.#outcome = outcome;
    const { idleTimeoutMs } = options;
    this.#timer = setTimeout(() => this.#fail(new TimeoutError('idle', idleTimeoutMs)), idleTimeoutMs);
    signal.addEventListener('abort', this.#leave, { once: true });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isOver) {
      controller.abort(gone()); // it waited for a connection, and nobody waits for it any more
    }
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: Headers): void {
    if (status < 200) {
      return; // the answer is still to come
    }
    this.#timer.refresh();
    this.#options.onAnswer();
    const isFine = status === 200;
    const body = this.#bodyOf(isFine, header(headers, 'content-encoding')?.trim() ?? '');
    this.#body = body;
    this.#watchPace();
    const contentLength = header(headers, 'content-length');
    this.#missingBytes = isFine && contentLength !== undefined ? Number(contentLength) : undefined;
    const contentType = header(headers, 'content-type');
    const rest = {
      status,
      retryAfter: header(headers, 'retry-after'),
      location: header(headers, 'location'),
      ...(contentType === undefined ? {} : { contentType }),
    };
    body.text.then(
      (text) => this.#end(() => this.#outcome.resolve({ ...rest, text })),
      (error: unknown) => this.#end(() => this.#outcome.reject(error)),
    );
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#timer.refresh();
    this.#recentBytes += chunk.length;
    if (this.#missingBytes !== undefined) {
      this.#missingBytes -= chunk.length;
    }
    this.#body?.take(chunk);
  }

  onResponseEnd(): void {
    this.#controller = undefined; // there is nothing left to break off
    if (this.#missingBytes !== undefined && this.#missingBytes > 0) {
      this.#fail(cutShort()); // undici takes a stream of HTTP/2 that is cancelled for one that has ended
      return;
    }
    this.#body?.end();
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.#controller = undefined;
    this.#fail(error);
  }

  #bodyOf(isFine: boolean, encoding: string): AnswerBody {
    const { maxBytes, save, budget } = this.#options;
    const isGzip = /^(x-)?gzip$/iu.test(encoding); // RFC 9110, 8.4.1
    return save !== undefined && isFine
      ? new SavedBody({ isPacked: isGzip, maxBytes, save })
      : new Body({ isGzip, maxBytes: isFine ? maxBytes : errorTextBytes, isCut: !isFine, ...(budget && { budget }) });
  }

  #watchPace(): void {
    const { slowest } = this.#options;
    if (slowest === undefined || this.#isOver) {
      return;
    }
    this.#watch = setInterval(() => {
      if (this.#recentBytes < slowest.bytes) {
        this.#fail(new TimeoutError('slow', slowest.withinMs));
      }
      this.#recentBytes = 0;
    }, slowest.withinMs);
  }

  #fail(error: unknown): void {
    this.#end(() => this.#outcome.reject(error));
    this.#body?.fail(gone());
  }

  #end(tell: () => void): void {
    if (this.#isOver) {
      return;
    }
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearInterval(this.#watch);
    this.#signal.removeEventListener('abort', this.#leave);
    tell();
    this.#controller?.abort(gone()); // nobody waits for the rest
  }
}

interface Outcome {
  readonly resolve: (answer: HttpAnswer) => void;
  readonly reject: (error: unknown) => void;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

function header(headers: Headers, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** For undici, which wants a reason; nobody sees it. */
function gone(): Error {
  return new Error('Nobody waits for the answer');
}

function cutShort(): Error {
  return Object.assign(new Error('The answer ended too soon'), { code: 'ECONNRESET' });
}
