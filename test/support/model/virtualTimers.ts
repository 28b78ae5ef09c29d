import type { Timers } from '../../../server/src/lsp/environment.ts';

/** Timers of a world whose time passes when a test says so. */
export class VirtualTimers implements Timers {
  readonly #now: () => number;
  readonly #waiting = new Set<{ readonly dueAt: number; readonly call: () => void }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  nextTurn(call: () => void): void {
    call();
  }

  after(delayMs: number, call: () => void): () => void {
    const timer = { dueAt: this.#now() + Math.max(0, delayMs), call };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  }

  /** When the next one is due; `Infinity` where none waits. */
  get nextAt(): number {
    return Math.min(...[...this.#waiting].map(({ dueAt }) => dueAt));
  }

  /** Calls those that are due by now. */
  fire(): void {
    for (const timer of [...this.#waiting].sort((a, b) => a.dueAt - b.dueAt)) {
      if (timer.dueAt <= this.#now() && this.#waiting.delete(timer)) {
        timer.call();
      }
    }
  }
}
