import type { Advisory } from '../core/advisories/advisory.ts';
import type { Assessed, Failed } from '../core/assessment/outcome.ts';
import type { PackageName } from '../core/requirements/model.ts';
import type { Pin } from '../core/assessment/pin.ts';

/** Answers for pins: from memory where it is fresh, else from the source. */
export interface Scanner {
  /** What is known this instant; asks nobody, so a keystroke may call it for every line. */
  peek(pin: Pin): Known;
  /** All that is held of a package, whatever its version; `undefined` where it was not asked about. Asks nobody. */
  peekPackage?(name: PackageName): readonly Advisory[] | undefined;
  /**
   * Outcomes by `pinKey`, one for each distinct pin. Failures are outcomes, not exceptions; rejects only with the
   * signal's reason. An aborted scan settles at once and its late answers are still kept for others.
   */
  scan(pins: readonly Pin[], options: ScanOptions): Promise<ReadonlyMap<string, Assessed | Failed>>;
  /** Forgets everything; returns how many entries that were. */
  clear(): number;
  readonly figures: ScannerFigures;
}

export type Known =
  | { readonly kind: 'fresh'; readonly outcome: Assessed }
  /** Too old to be relied on: shown while it is asked again, and kept as `lastKnown` when that fails. */
  | { readonly kind: 'stale'; readonly outcome: Assessed }
  | { readonly kind: 'unknown' };

export interface ScanOptions {
  readonly signal: AbortSignal;
  /** Ask again even where the answer is fresh. Details are still reused while their `modified` is unchanged. */
  readonly again?: boolean;
}

export interface ScannerFigures {
  readonly entries: number;
  readonly capacity: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** One entry a finished scan, newest last, at most the last 1,000; milliseconds. */
  readonly durationsMs: readonly number[];
  readonly scans: number;
  readonly running: number;
}
