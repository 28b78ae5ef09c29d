import { TimeoutError } from './timeoutError.ts';

/**
 * A signal that is aborted with another one, or when a time is over. By hand rather than by `AbortSignal.any`: for the
 * hundreds of requests of a scan that took a third of the client's work.
 */
export class Deadline {
  readonly #controller = new AbortController();
  readonly #parent: AbortSignal;
  readonly #timer: NodeJS.Timeout;
  readonly #follow = (): void => this.#controller.abort(this.#parent.reason);

  /** When the time is over the reason is a `TimeoutError` of this kind. */
  constructor(parent: AbortSignal, kind: TimeoutError['kind'], limitMs: number) {
    this.#parent = parent;
    this.#timer = setTimeout(() => this.#controller.abort(new TimeoutError(kind, limitMs)), limitMs);
    if (parent.aborted) {
      this.#follow();
    } else {
      parent.addEventListener('abort', this.#follow, { once: true });
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The time begins again. */
  refresh(): void {
    this.#timer.refresh();
  }

  /** To be called when it is no longer needed. */
  end(): void {
    clearTimeout(this.#timer);
    this.#parent.removeEventListener('abort', this.#follow);
  }
}
