import { type Lookup, lookupKey } from '../../core/assessment/lookup.ts';
import type { Failed } from '../../core/assessment/outcome.ts';
import { counted } from '../../core/text/counted.ts';
import { backoffMs } from '../../engine/backoff.ts';
import type { Outcomes } from '../../engine/lookup/scanner.ts';
import type { Clock, Log, ScanScope } from '../../engine/ports.ts';
import { type FileId, isInside } from '../../project/fileId.ts';
import { Stopwatch, wholeMs } from '../../project/stopwatch.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { Progress } from '../client/progress.ts';
import type { Timers } from '../environment.ts';
import type { Own } from '../guard.ts';
import type { EngineHolder } from './engineHolder.ts';
import type { IdleMemoryCompactor } from '../upkeep/idleMemoryCompactor.ts';
import type { MemoryGuard } from '../upkeep/memoryGuard.ts';
import type { SlowScan } from '../../engine/operations/scanBaselines.ts';
import type { Recorder } from '../upkeep/operationRecorder.ts';
import type { OfflineQueueRunner } from '../upkeep/offlineQueueRunner.ts';
import { Run } from './run.ts';
import type { WaitingFiles } from './pacing/waitingFiles.ts';

// A file whose look-ups failed is tried again after 15 s, then twice as long each time, at most every 10 minutes.
const firstRetryMs = 15_000;
const longestRetryMs = 600_000;

const retryPauses = { firstMs: firstRetryMs, longestMs: longestRetryMs };

// Not more often than people can read, and so that showing takes a small part of the time.
const showEveryMs = 100;
const restForEachMs = 8;
// The answers of so many fill a turn.
const manyLookups = 2_500;

/** Who keeps the house in order around a scan. */
export interface ScanUpkeep {
  readonly queue: OfflineQueueRunner;
  readonly compactor: IdleMemoryCompactor;
  readonly guard: MemoryGuard;
  readonly recorder: Recorder;
}

/** What the shell has for everybody. */
export interface Shell {
  readonly timers: Timers;
  readonly clock: Clock;
  readonly own: Own;
  readonly log: Log;
  readonly scans: ScanScope;
  /** Another one each time. */
  readonly newId: () => string;
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

/** Milliseconds; `requestMs`: of which a request was in progress. */
interface ScanCost {
  readonly requests: number;
  readonly durationMs: number;
  readonly requestMs: number;
}

/** Asks what files ask for: when, and that each shows what is known however its scan ends. */
export class LookupRunner {
  readonly #project: Project;
  readonly #engine: EngineHolder;
  readonly #waiting: WaitingFiles;
  readonly #upkeep: ScanUpkeep;
  readonly #progress: Pick<Progress, 'begin'>;
  readonly #shell: Shell;
  /** How long it took to show what had come in. */
  #showTookMs = 0;

  // eslint-disable-next-line max-params -- the parts that it works with; a bag would hide them
  constructor(
    project: Project,
    engine: EngineHolder,
    waiting: WaitingFiles,
    upkeep: ScanUpkeep,
    progress: Pick<Progress, 'begin'>,
    shell: Shell,
  ) {
    this.#project = project;
    this.#engine = engine;
    this.#waiting = waiting;
    this.#upkeep = upkeep;
    this.#progress = progress;
    this.#shell = shell;
  }

  /** One scan for all that these files ask for. Every way out leaves each file showing what is known then. */
  run(files: readonly FileId[], options: ScanOptions = {}): Promise<void> {
    const { scans, newId } = this.#shell;
    return scans.run(newId(), () => this.#run(files, options));
  }

  async #run(files: readonly FileId[], options: ScanOptions): Promise<void> {
    const { workspace } = this.#project;
    const { queue, compactor, guard } = this.#upkeep;
    const run = new Run(
      files,
      files.flatMap((file) => workspace.lookupsOf(file)),
    );
    const about = { kind: kindOf(options), requirements: run.size, files: files.length, ...fileIn(files) };
    this.#shell.log.debug(`Checking ${counted(run.size, 'look-up')} of ${counted(files.length, 'file')}.`, {
      event: 'scan.started',
      ...about,
    });
    const stopwatch = new Stopwatch(
      () => this.#elapsedMs(),
      () => this.#engine.partsMs,
    );
    this.#project.apply({ kind: 'asking', files, keys: run.keys });
    files.forEach((file) => this.#waiting.waitForRun(file, run));
    const shown = this.#progress.begin({
      title: run.size === 1 ? 'Checking 1 requirement' : `Checking ${run.size} requirements`,
      cancel: () => run.cancel(),
    });
    const closed = files
      .filter((file) => workspace.tracked(file)?.version === undefined)
      .flatMap((file) => workspace.lookupsOf(file));
    const asked = this.#countRequests();
    const { outcomes, done, notBeforeMs } = await this.#ask(run, closed, options);
    const cost = asked();
    stopwatch.lap('lookUp');
    this.#record(files, options, { ...cost, size: run.size });
    this.#count(kindOf(options), outcomes);
    shown.end();
    run.cancelShow?.();
    if (this.#shell.closing.aborted) {
      return;
    }
    const waited = run.files;
    waited.forEach((file) => this.#waiting.runEnded(file));
    this.#project.apply({ kind: 'answered', files: waited, outcomes, again: options.again === true });
    stopwatch.lap('publish');
    this.#logEnd({ ...about, requests: cost.requests }, stopwatch, outcomes);
    waited.forEach((file) => this.#refreshLater(file, notBeforeMs));
    compactor.stir();
    guard.check();
    await queue.settle(closed, done);
    this.#shell.own('Catching up', () => queue.run());
  }

  /** Says, once it is asked, how many requests were sent in the meantime, and how long that was. */
  #countRequests(): () => ScanCost {
    const { clock, engine } = { clock: this.#shell.clock, engine: this.#engine };
    const [before, startedMs, busyMs] = [engine.requestsSent, clock.now(), engine.requestMs];
    return () => ({
      requests: engine.requestsSent - before,
      durationMs: clock.now() - startedMs,
      requestMs: engine.requestMs - busyMs,
    });
  }

  /** Scans that had to ask nobody are counted apart: they would make the others look quick. */
  #record(
    files: readonly FileId[],
    { again = false, typing = false }: ScanOptions,
    { requests, durationMs, requestMs, size }: ScanCost & { readonly size: number },
  ): void {
    const kind = kindOf({ again, typing });
    const { folders } = this.#project.workspace;
    const projects = folders.filter((folder) => files.some((file) => isInside(file, folder)));
    const operation = requests === 0 ? `${kind}.known` : kind;
    this.#upkeep.recorder.record(operation, durationMs, projects);
    const slow = this.#upkeep.recorder.judge({ kind: operation, size, durationMs, requestMs });
    if (slow !== undefined) {
      this.#shell.log.info(slowScanText(size, slow), { event: 'scan.slow', requirements: size, ...slow });
    }
  }

  #count(kind: string, outcomes: Outcomes | undefined): void {
    const { ends, lookups } = this.#upkeep.recorder;
    const results = [...(outcomes?.values() ?? [])].map((one) => (one.kind === 'failed' ? one.reason : one.kind));
    results.forEach((result) => lookups.add(kind, result));
    const isCancelled = outcomes === undefined || results.includes('cancelled');
    ends.add(kind, isCancelled ? 'cancelled' : results.some((one) => one !== 'assessed') ? 'incomplete' : 'ok');
  }

  /** What it came to and what its parts took, which add up to the whole. */
  #logEnd(about: ScanFacts, { laps, totalMs }: Stopwatch, outcomes: Outcomes | undefined): void {
    const failed = [...(outcomes?.values() ?? [])].filter(({ kind }) => kind === 'failed').length;
    const durationMs = Math.round(totalMs);
    const what = failed === 0 ? '' : ` ${failed} could not be checked.`;
    this.#shell.log.debug(`Checked ${counted(about.requirements, 'look-up')} in ${durationMs} ms.${what}`, {
      event: 'scan.finished',
      ...about,
      failed,
      durationMs,
      timings: wholeMs(laps),
    });
  }

  /** Has `paused` called once nobody has typed in this file for a while. */
  whenTypingPauses(file: FileId, paused: () => void): void {
    this.#waiting.after(file, this.#project.workspace.settings.window.debounceMilliseconds, paused);
  }

  /** Asks what a file asks for after an edit; where nothing is, looks again when its answers grow old. */
  askAfterTyping(file: FileId): void {
    const snapshot = this.#project.workspace.tracked(file);
    if (snapshot?.asksForMore) {
      this.#shell.own('Checking an edit', () => this.run([file], { typing: true }));
    } else if (this.#waiting.runOf(file) === undefined) {
      this.#refreshLater(file, 0);
    }
  }

  /** Whether it waits neither for answers nor for a pause. */
  isIdle(file: FileId): boolean {
    return this.#waiting.runOf(file) === undefined && !this.#waiting.hasTimer(file);
  }

  /** Never rejects. */
  async #ask(
    run: Run,
    closed: readonly Lookup[],
    { again = false, typing = false, signal }: ScanOptions,
  ): Promise<Ending> {
    const { closing, log } = this.#shell;
    const signals = [run.signal, closing, ...(signal === undefined ? [] : [signal])];
    let known: Outcomes = new Map();
    try {
      if (closed.length > 0) {
        await this.#upkeep.queue.keep(closed);
      }
      const outcomes = await this.#engine.engine.scanner.scan(run.lookups, {
        again,
        typing,
        signal: AbortSignal.any(signals),
        onProgress: () => this.#showSoon(run),
        onAborted: (soFar) => (known = soFar),
      });
      if (run.lookups.length > manyLookups) {
        await new Promise<void>((resolve) => this.#shell.timers.nextTurn(resolve)); // putting them together took most of a frame
      }
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

  /**
   * What has been answered already, while the rest is still being asked. Where nothing is known yet, as when a window opens, what
   * is there first comes at once; where something is, nobody should see it flicker in a scan that is over soon.
   */
  #showSoon(run: Run): void {
    if (run.cancelShow !== undefined) {
      return;
    }
    const { timers } = this.#shell;
    if (run.wasShown || run.files.some((file) => this.#isKnown(file))) {
      const restMs = Math.max(showEveryMs, restForEachMs * this.#showTookMs);
      run.cancelShow = timers.after(restMs, () => this.#show(run));
      return;
    }
    run.wasShown = true;
    let isWanted = true;
    run.cancelShow = () => void (isWanted = false);
    timers.nextTurn(() => isWanted && this.#show(run));
  }

  /** Something is shown of what it asks for. */
  #isKnown(file: FileId): boolean {
    const lines = this.#project.workspace.tracked(file)?.lines ?? [];
    return lines.some(({ requirement: { subject }, state }) => {
      const isAnswer = state.kind === 'settled' ? state.outcome.kind === 'assessed' : state.before !== undefined;
      return subject.kind === 'lookup' && isAnswer;
    });
  }

  #show(run: Run): void {
    run.cancelShow = undefined;
    this.#upkeep.guard.check();
    const startedMs = this.#elapsedMs();
    this.#project.apply({ kind: 'progressed', files: run.files });
    this.#showTookMs = this.#elapsedMs() - startedMs;
  }

  #elapsedMs(): number {
    const { clock } = this.#shell;
    return clock.elapsedMs?.() ?? clock.now();
  }

  /** Looks again when answers grow old, and sooner where some are missing. A pause in typing that is awaited still does so. */
  #refreshLater(file: FileId, notBeforeMs: number): void {
    const { workspace } = this.#project;
    const snapshot = workspace.tracked(file);
    if (snapshot === undefined || this.#waiting.hasTimer(file)) {
      return;
    }
    const { isIncomplete, failedRuns } = snapshot;
    const retryMs = backoffMs(retryPauses, Math.max(0, failedRuns - 1));
    const delayMs = isIncomplete ? retryMs : workspace.settings.window.cacheTtlMinutes * 60_000;
    this.#waiting.after(file, Math.max(delayMs, notBeforeMs), () =>
      this.#shell.own('Checking again', () =>
        this.run([file], { again: workspace.tracked(file)?.failedAgain ?? false }),
      ),
    );
  }
}

/** What its lines in the log say of a scan. */
interface ScanFacts {
  readonly kind: string;
  readonly requirements: number;
  readonly requests: number;
}

function kindOf({ again, typing }: ScanOptions): 'rescan' | 'scan.typing' | 'scan' {
  return again === true ? 'rescan' : typing === true ? 'scan.typing' : 'scan';
}

/** Where it is one alone. */
function fileIn(files: readonly FileId[]): { readonly file?: FileId } {
  const [file, ...others] = files;
  return file === undefined || others.length > 0 ? {} : { file };
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

function slowScanText(size: number, { durationMs, usualMs, part }: SlowScan): string {
  const [took, usually] = [durationMs, usualMs].map((ms) => `${Math.round(ms)} ms`);
  const grown = part === 'requests' ? 'Requests took longer.' : "Pinwatch's own work took longer.";
  return `A scan of ${size} look-ups took ${took}, usually ${usually}. ${grown}`;
}
