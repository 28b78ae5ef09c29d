import { backoffMs } from '../../../engine/backoff.ts';
import { Epoch } from '../../../engine/epoch.ts';
import type { Timing } from '../process/timing.ts';

/** `open`: nothing is asked. `halfOpen`: one request is, to see whether the rest may follow. */
export type CircuitState = 'closed' | 'open' | 'halfOpen';

export type Admission =
  /** `settle` is to be called exactly once. */
  | { readonly kind: 'go'; readonly settle: (result: Result) => void }
  | { readonly kind: 'stop'; readonly error: Error; readonly leftMs: number };

/** `answered`: by the service, whatever it said. `unsettled`: the asker left before that was known. */
export type Result =
  | { readonly kind: 'answered' }
  | { readonly kind: 'unsettled' }
  | { readonly kind: 'failed'; readonly error: Error }
  /** Asked to stay away for so long. */
  | { readonly kind: 'sentAway'; readonly error: Error; readonly forMs: number };

interface Opening {
  readonly error: Error;
  readonly sinceMs: number;
  readonly forMs: number;
  /** The service asked for it: that others were still answered changes nothing. */
  readonly isAskedFor: boolean;
}

const threshold = 5;
const backoff = { firstMs: 5_000, spread: [0.75, 1.25] } as const;
const longestOpenMs = 300_000;

/**
 * Keeps requests back from a service that does not work: after a row of failures for some seconds, then for twice as long
 * each time. What it holds back fails with what opened it; it knows no other answer.
 */
export class CircuitBreaker {
  readonly #timing: Pick<Timing, 'now' | 'random'>;
  #failures = 0;
  #openings = 0;
  #open: Opening | undefined;
  #isProbing = false;
  /** What was asked before a `reset` settles nothing after it but a success. */
  readonly #resets = new Epoch();

  constructor(timing: Pick<Timing, 'now' | 'random'>) {
    this.#timing = timing;
  }

  get state(): CircuitState {
    return this.#open === undefined ? 'closed' : this.#leftMs(this.#open) > 0 ? 'open' : 'halfOpen';
  }

  /** Whether a request may go now. */
  admit(): Admission {
    const open = this.#open;
    if (open === undefined) {
      return { kind: 'go', settle: this.#settler(false) };
    }
    const leftMs = this.#leftMs(open);
    if (leftMs > 0 || this.#isProbing) {
      return { kind: 'stop', error: open.error, leftMs };
    }
    this.#isProbing = true;
    return { kind: 'go', settle: this.#settler(true) };
  }

  /** Whether a request that is in progress should leave off trying again. */
  get isHoldingBack(): boolean {
    return this.#open !== undefined && !this.#isProbing;
  }

  /** Someone wants to know now. The next failure opens it again, for as long as the next would have. */
  reset(): void {
    if (this.#open !== undefined) {
      this.#open = undefined;
      this.#failures = threshold - 1;
      this.#isProbing = false;
      this.#resets.next();
    }
  }

  #settler(isProbe: boolean): (result: Result) => void {
    const isCurrent = this.#resets.mark();
    return (result) => {
      const isLate = !isCurrent();
      if (isProbe && !isLate) {
        this.#isProbing = false;
      }
      if (result.kind === 'answered') {
        if (isProbe || this.#open?.isAskedFor !== true) {
          this.#close();
        }
      } else if (isLate || result.kind === 'unsettled' || (this.#open !== undefined && !isProbe)) {
        // Those that were in progress when it opened say nothing new.
      } else if (result.kind === 'sentAway') {
        this.#stayOpen(result.error, result.forMs, true);
      } else if (isProbe || ++this.#failures >= threshold) {
        const forMs = backoffMs(backoff, this.#openings++, this.#timing.random());
        this.#stayOpen(result.error, forMs, false);
      }
    };
  }

  #close(): void {
    this.#failures = 0;
    this.#openings = 0;
    this.#open = undefined;
  }

  #stayOpen(error: Error, forMs: number, isAskedFor: boolean): void {
    this.#open = { error, sinceMs: this.#timing.now(), forMs: Math.min(forMs, longestOpenMs), isAskedFor };
  }

  #leftMs({ sinceMs, forMs }: Opening): number {
    const passedMs = this.#timing.now() - sinceMs;
    // A clock that was set back must not keep it open.
    return passedMs < 0 ? 0 : Math.max(0, forMs - passedMs);
  }
}
