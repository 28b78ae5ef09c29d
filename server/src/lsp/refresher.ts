import type { Timers } from './environment.ts';

// Answers of several files land close together; one request then serves them all.
const gatherMs = 100;

/** Has the client ask again for what it drew before answers landed; many landings make one request. */
export class Refresher {
  readonly #timers: Timers;
  readonly #ask: () => void;
  #cancel: (() => void) | undefined;

  constructor(timers: Timers, ask: () => void) {
    this.#timers = timers;
    this.#ask = ask;
  }

  landed(): void {
    this.#cancel ??= this.#timers.after(gatherMs, () => {
      this.#cancel = undefined;
      this.#ask();
    });
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
