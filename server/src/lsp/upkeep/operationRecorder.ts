import type { Operations } from '../../engine/operations/operationLog.ts';
import { OperationLog } from '../../engine/operations/operationLog.ts';
import { CountTable } from '../../engine/operations/countTable.ts';
import { Histogram } from '../../engine/operations/histogram.ts';
import type { MeasuredScan, SlowScan } from '../../engine/operations/scanBaselines.ts';
import type { Clock, KeptText, Log } from '../../engine/ports.ts';

// A crash loses no more than this.
const mostUnkept = 50;
// A client may name commands that nobody has.
const mostOperations = 100;
// From a key to a rescan that meets a slow service.
const durationBoundsMs = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 120_000];

export interface Recorder {
  /** Requests, commands and scans by how they ended. */
  readonly ends: CountTable;
  /** Look-ups by what they came to: `assessed`, or why not. Counted by kind of scan. */
  readonly lookups: CountTable;
  /** Whether a scan took longer than those of its kind and size usually do; it counts for those after it. */
  judge(scan: MeasuredScan): SlowScan | undefined;
  /** `projects`: the workspace folders that it was for. */
  record(operation: string, durationMs: number, projects?: readonly string[]): void;
}

/** `at`: milliseconds since the epoch. */
export interface TimedSlowScan extends SlowScan {
  readonly kind: string;
  readonly at: number;
}

/** How many there were, and of those by the part that grew. */
export interface SlowScans {
  readonly count: number;
  readonly requests: number;
  readonly own: number;
  readonly last: TimedSlowScan | undefined;
}

/** Counts and times what the server does, over all sessions of the workspace where it has a place to keep that. */
export class OperationRecorder implements Recorder {
  readonly #log: OperationLog;
  readonly #clock: Clock;
  readonly #kept: KeptText | undefined;
  readonly #said: Log;
  readonly #restored: Promise<void>;
  #isRestored = false;
  /** Of this process alone, so that it only grows. */
  readonly ends = new CountTable(mostOperations);
  readonly lookups = new CountTable(mostOperations);
  readonly #durations = new Map<string, Histogram>();
  #slow: SlowScans = { count: 0, requests: 0, own: 0, last: undefined };
  /** What came before former sessions were known. */
  #early: (() => void)[] = [];
  #unkept = 0;

  constructor(clock: Clock, kept: KeptText | undefined, said: Log) {
    this.#clock = clock;
    this.#kept = kept;
    this.#said = said;
    this.#log = new OperationLog(clock.now());
    this.#restored = this.#restore();
  }

  get operations(): Operations {
    return this.#log.all;
  }

  get projects(): ReadonlyMap<string, Operations> {
    return this.#log.projects;
  }

  /** When the first session began, milliseconds since the epoch. */
  get since(): number {
    return this.#log.since;
  }

  /** Of this process alone, by operation. */
  get durations(): ReadonlyMap<string, Histogram> {
    return this.#durations;
  }

  record(operation: string, durationMs: number, projects: readonly string[] = []): void {
    this.#count(operation, durationMs);
    const measured = { durationMs, at: this.#clock.now() };
    const take = (): void => this.#log.record(operation, measured, projects);
    if (this.#isRestored) {
      take();
    } else {
      this.#early.push(take);
    }
    if (++this.#unkept >= mostUnkept) {
      void this.keep();
    }
  }

  judge(scan: MeasuredScan): SlowScan | undefined {
    const slow = this.#log.judge(scan);
    if (slow !== undefined) {
      const { part } = slow;
      this.#slow = {
        ...this.#slow,
        [part]: this.#slow[part] + 1,
        count: this.#slow.count + 1,
        last: { ...slow, kind: scan.kind, at: this.#clock.now() },
      };
    }
    return slow;
  }

  /** The slow scans of this process. */
  get slow(): SlowScans {
    return this.#slow;
  }

  /** Resolves once former sessions are counted in. */
  get ready(): Promise<void> {
    return this.#restored;
  }

  /** Writes what was counted. Never rejects. */
  async keep(): Promise<void> {
    const isDue = this.#unkept > 0;
    this.#unkept = 0;
    await this.#restored;
    if (isDue) {
      await this.#kept
        ?.write(this.#log.encode())
        .catch((error: unknown) => this.#said.debug(`The statistics were not kept: ${String(error)}`));
    }
  }

  #count(operation: string, durationMs: number): void {
    const durations = this.#durations.get(operation) ?? new Histogram(durationBoundsMs);
    if (this.#durations.size < mostOperations) {
      this.#durations.set(operation, durations);
    }
    durations.add(durationMs);
  }

  async #restore(): Promise<void> {
    const text = await this.#kept?.read().catch(() => undefined);
    if (text !== undefined) {
      this.#log.restore(text);
    }
    this.#isRestored = true;
    this.#early.forEach((take) => take());
    this.#early = [];
  }
}
