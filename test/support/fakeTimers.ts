import type { Timers } from '../../server/src/lsp/environment.ts';

/** Timers that fire when the test says so. */
export class FakeTimers implements Timers {
  readonly #waiting = new Set<{ readonly delayMs: number; readonly call: () => void }>();

  after(delayMs: number, call: () => void): () => void {
    const timer = { delayMs, call };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }

  /** At once: nobody else has a turn. */
  nextTurn(call: () => void): void {
    call();
  }

  /** Delays of the timers that wait, ascending. */
  get delaysMs(): readonly number[] {
    return [...this.#waiting].map((timer) => timer.delayMs).sort((a, b) => a - b);
  }

  /** Fires every timer whose delay is at most this long. */
  elapse(delayMs: number): void {
    for (const timer of [...this.#waiting]) {
      if (timer.delayMs <= delayMs && this.#waiting.delete(timer)) {
        timer.call();
      }
    }
  }
}
