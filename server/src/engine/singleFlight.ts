/** Work in progress by key: the one who asks for what is in progress joins it, so that it is done once for all. */
export class SingleFlight<K, T> {
  readonly #inProgress = new Map<K, SharedWork<T>>();

  /** Joins the work in progress under this key, or begins it. */
  run(key: K, work: Work<T>, signal: AbortSignal): Promise<T> {
    return (this.#inProgress.get(key) ?? this.begin([key], work)).wait(signal);
  }

  get(key: K): SharedWork<T> | undefined {
    return this.#inProgress.get(key);
  }

  /** Begins work under all of these keys, whatever is in progress; those who wait for that go on waiting for it. */
  begin(keys: readonly K[], work: Work<T>): SharedWork<T> {
    const forget = (): void =>
      keys.forEach((key) => {
        if (this.#inProgress.get(key) === shared) {
          this.#inProgress.delete(key);
        }
      });
    const shared = new SharedWork(work, forget);
    keys.forEach((key) => this.#inProgress.set(key, shared));
    return shared;
  }
}

/** Called soon, not at once. Its signal is aborted when nobody waits any more. */
export type Work<T> = (signal: AbortSignal) => Promise<T>;

/**
 * Work in progress that several callers may wait for. Each leaves alone when its own signal is aborted; the work itself is
 * aborted when nobody waits any more. `onOver` is called once it has ended, or was left by all.
 */
export class SharedWork<T> {
  readonly #controller = new AbortController();
  readonly #result: Promise<T>;
  readonly #onOver: () => void;
  #waiters = 0;

  constructor(work: Work<T>, onOver: () => void) {
    this.#onOver = onOver;
    const { signal } = this.#controller;
    this.#result = Promise.resolve()
      .then(() => work(signal))
      .finally(onOver);
    // Work that nobody waits for may still reject; by then every caller has had its own signal's reason.
    this.#result.catch(() => undefined);
  }

  wait(signal: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiters--;
        if (this.#waiters === 0) {
          this.#onOver();
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
      const over = (): void => {
        this.#waiters--;
        signal.removeEventListener('abort', leave);
      };
      this.#result.then(
        (value) => {
          over();
          resolve(value);
        },
        (error: unknown) => {
          over();
          reject(error instanceof Error ? error : new Error(String(error)));
        },
      );
    });
  }
}
