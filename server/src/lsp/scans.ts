import { type Lookup, lookupKey } from '../core/assessment/lookup.ts';
import type { Failed } from '../core/assessment/outcome.ts';
import type { Log } from '../engine/ports.ts';
import type { Outcomes } from '../engine/lookup/scanner.ts';
import type { CatchUp } from './catchUp.ts';
import type { Display } from './display.ts';
import { backoffMs } from '../engine/backoff.ts';
import type { Timers } from './environment.ts';
import type { Own } from './guard.ts';
import type { LongWork, ShownWork } from './progress.ts';
import type { MemoryGuard } from './memoryGuard.ts';
import type { Rest } from './rest.ts';
import { Run } from './run.ts';
import type { Setup } from './setup.ts';
import type { TrackedFile } from './trackedFile.ts';

// A file whose look-ups failed is tried again after 15 s, then twice as long each time, at most every 10 minutes.
const firstRetryMs = 15_000;
const longestRetryMs = 600_000;

// Not more often than people can read.
const showEveryMs = 100;

export interface ScanSurroundings {
  readonly setup: Setup;
  readonly display: Display;
  readonly catchUp: CatchUp;
  readonly rest: Rest;
  readonly guard: MemoryGuard;
  readonly timers: Timers;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly own: Own;
  readonly log: Log;
  /** Something began that may take long. */
  readonly working: (work: LongWork) => ShownWork;
  /** Aborted when the session ends. */
  readonly closing: AbortSignal;
}

export interface ScanOptions {
  /** Asks for what is known, too. */
  readonly again?: boolean;
  /** After a pause in typing. */
  readonly typing?: boolean;
  readonly signal?: AbortSignal;
}

/** The scans of a session: when a file is asked about, and that it shows what is known however its scan ends. */
export class Scans {
  readonly #surroundings: ScanSurroundings;

  constructor(surroundings: ScanSurroundings) {
    this.#surroundings = surroundings;
  }

  /** One scan for all that these files ask for. Every way out leaves each file showing what is known then. */
  async run(files: readonly TrackedFile[], options: ScanOptions = {}): Promise<void> {
    const { display, catchUp, rest, guard, closing, working, own } = this.#surroundings;
    const run = new Run(files);
    for (const file of files) {
      this.stop(file);
      file.typingPaused(); // nothing waits for the pause any more that would say what is half-typed
      file.run = run;
    }
    display.report();
    const shown = working({
      title: run.size === 1 ? 'Checking 1 requirement' : `Checking ${run.size} requirements`,
      cancel: () => run.cancel(),
    });
    const closed = files.filter((file) => file.version === undefined).flatMap((file) => file.lookups());
    const { outcomes, done, notBeforeMs } = await this.#ask(run, closed, options);
    const answered = { now: this.#surroundings.now(), again: options.again === true };
    run.files.forEach((file) => outcomes !== undefined && file.settle(outcomes, answered));
    shown.end();
    run.cancelShow?.();
    if (closing.aborted) {
      return;
    }
    for (const file of run.files) {
      file.run = undefined;
      display.show(file);
      file.cancelTimer ??= this.#scheduleRefresh(file, notBeforeMs); // a pause in typing that is awaited still does so
    }
    display.landed();
    display.report();
    rest.stir();
    guard.check();
    await catchUp.settle(closed, done);
    own('Catching up', () => catchUp.run());
  }

  /** Calls `paused` once nobody has typed in this file for a while. */
  whenTypingPauses(file: TrackedFile, paused: () => void): void {
    const { setup, timers } = this.#surroundings;
    file.cancelTimer?.();
    file.cancelTimer = timers.after(setup.settings.window.debounceMilliseconds, () => {
      file.cancelTimer = undefined;
      paused();
    });
  }

  /** Asks what a file asks for after an edit; where nothing is, looks again when its answers grow old. */
  askAfterTyping(file: TrackedFile): void {
    if (file.asksForMore) {
      this.#surroundings.own('Checking an edit', () => this.run([file], { typing: true }));
    } else if (file.run === undefined) {
      file.cancelTimer = this.#scheduleRefresh(file, 0);
    }
  }

  /** A file waits for nothing any more. */
  stop(file: TrackedFile): void {
    file.run?.leave(file);
    file.cancelTimer?.();
    file.run = undefined;
    file.cancelTimer = undefined;
  }

  /** Never rejects. */
  async #ask(
    run: Run,
    closed: readonly Lookup[],
    { again = false, typing = false, signal }: ScanOptions,
  ): Promise<Ending> {
    const { setup, catchUp, closing, log } = this.#surroundings;
    const signals = [run.signal, closing, ...(signal === undefined ? [] : [signal])];
    let known: Outcomes = new Map();
    try {
      if (closed.length > 0) {
        await catchUp.keep(closed);
      }
      const outcomes = await setup.engine.scanner.scan(run.lookups, {
        again,
        typing,
        signal: AbortSignal.any(signals),
        onProgress: () => this.#showSoon(run),
        onAborted: (soFar) => (known = soFar),
      });
      return { outcomes, done: outcomes, notBeforeMs: 0 };
    } catch (error) {
      if (run.isCancelled || signal?.aborted === true) {
        const outcomes = new Map([...unanswered(run.lookups, 'cancelled', cancelledText), ...known]);
        return { outcomes, done: outcomes, notBeforeMs: longestRetryMs };
      }
      if (signals.some((one) => one.aborted)) {
        return { outcomes: undefined, done: new Map(), notBeforeMs: 0 };
      }
      const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
      log.error(`A scan broke off: ${trace}`);
      return { outcomes: unanswered(run.lookups, 'internal', brokenOffText), done: new Map(), notBeforeMs: 0 };
    }
  }

  /** What has been answered already, while the rest is under way. */
  #showSoon(run: Run): void {
    const { display, guard, timers } = this.#surroundings;
    run.cancelShow ??= timers.after(showEveryMs, () => {
      run.cancelShow = undefined;
      guard.check();
      run.files.filter((file) => file.run === run).forEach((file) => display.show(file));
      display.landed();
      display.report();
    });
  }

  /** Looks again when answers grow old, and sooner where some are missing. */
  #scheduleRefresh(file: TrackedFile, notBeforeMs: number): () => void {
    const { setup, timers, own } = this.#surroundings;
    const incomplete = file.failedRuns > 0 || file.pending().length > 0;
    const retryMs = backoffMs({ firstMs: firstRetryMs, longestMs: longestRetryMs }, Math.max(0, file.failedRuns - 1));
    const delayMs = incomplete ? retryMs : setup.settings.window.cacheTtlMinutes * 60_000;
    return timers.after(Math.max(delayMs, notBeforeMs), () =>
      own('Checking again', () => this.run([file], { again: file.failedAgain })),
    );
  }
}

/** What a scan came to. */
interface Ending {
  /** `undefined` where no file waits for them any more. */
  readonly outcomes: Outcomes | undefined;
  /** What need not be kept for a later session to ask. A fault of our own is no reason to forget it. */
  readonly done: Outcomes;
  readonly notBeforeMs: number;
}

const brokenOffText = 'Pinwatch itself failed here; its output says how.';
const cancelledText = 'The check was cancelled. Rescan the file to check it.';

/** A scan that ends without answers must not leave lines that look as if they were still being checked. */
function unanswered(lookups: readonly Lookup[], reason: Failed['reason'], message: string): Outcomes {
  return new Map(lookups.map((lookup) => [lookupKey(lookup), { kind: 'failed', reason, message }]));
}
