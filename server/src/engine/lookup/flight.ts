/**
 * Work under way that several callers may wait for. Each leaves alone when its own signal is aborted; the work itself is
 * aborted when nobody waits any more, and `onAbandoned` lets its owner forget it.
 */
export class Flight<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  readonly #onAbandoned: () => void;
  #waiters = 0;

  constructor(work: (signal: AbortSignal) => Promise<T>, onAbandoned: () => void) {
    this.#onAbandoned = onAbandoned;
    this.#result = work(this.#controller.signal);
    // Abandoned work may still reject; every waiter has been told by then.
    this.#result.catch(() => undefined);
  }

  wait(signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters--;
        if (this.#waiters === 0) {
          this.#onAbandoned();
          this.#controller.abort(signal.reason);
        }
        reject(signal.reason as Error);
      };
      this.#waiters++;
      if (signal.aborted) {
        leave();
        return;
      }
      signal.addEventListener('abort', leave, { once: true });
      const landed = (): void => {
        this.#waiters--;
        signal.removeEventListener('abort', leave);
      };
      this.#result.then(
        (value) => {
          landed();
          resolve(value);
        },
        (error: unknown) => {
          landed();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}
