import type { DurationTally } from '../durations.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../core/assessment/outcome.ts';
import type { PackageKnowledge } from '../store/packageKnowledge.ts';

/** By `lookupKey`. */
export type Outcomes = ReadonlyMap<string, Assessed | Failed>;

/** Answers for look-ups: from memory where it is fresh, from storage, else from the source. */
export interface Scanner {
  /** What is known this instant; asks nobody, so a keystroke may call it for every line. */
  peek(lookup: Lookup): Known;
  /** While it stays the same, `peek` says what it said before, but for what has grown too old since (`until`). */
  readonly revision: number;
  /** Of which packages `peek` may say something else than at that revision; `undefined`, or no such method: of any. */
  changedSince?(revision: number): ReadonlySet<PackageName> | undefined;
  /** All that is known of a package this instant, however old. */
  peekPackage(name: PackageName): PackageKnowledge | undefined;
  /**
   * Outcomes by `lookupKey`, one for each distinct look-up. Failures are outcomes, not exceptions; rejects only with the
   * signal's reason. An aborted scan settles at once and its late answers are still kept for others.
   */
  scan(lookups: readonly Lookup[], options: ScanOptions): Promise<Outcomes>;
  /** Takes what storage knows of these into memory; asks nobody. Settles early when the signal is aborted. */
  recall(lookups: readonly Lookup[], signal: AbortSignal): Promise<void>;
  /** Takes what storage knows of these packages into memory, where that has nothing; asks nobody. */
  recallPackages(names: readonly PackageName[]): Promise<void>;
  /** How many packages in memory could be made small. */
  readonly unpacked: number;
  /** Makes at most so many of them small. For when nobody is waiting. */
  pack(most: number): void;
  /** From now on memory holds at most so many entries; storage keeps what goes. */
  limitTo(entries: number): void;
  /** Forgets everything, storage too; returns how many entries that were. */
  clear(): Promise<number>;
  readonly figures: ScannerFigures;
}

export type Known =
  /** `until`: when it will be too old; milliseconds since the epoch. */
  | { readonly kind: 'fresh'; readonly outcome: Assessed; readonly until: number }
  /** Too old to be relied on: shown while it is asked again, and kept as `lastKnown` when that fails. */
  | { readonly kind: 'stale'; readonly outcome: Assessed }
  | { readonly kind: 'unknown' };

export interface ScanOptions {
  readonly signal: AbortSignal;
  /** Ask again even where the answer is fresh. Details are still reused while their `modified` is unchanged. */
  readonly again?: boolean;
  /**
   * Somebody is typing a version: ask for all advisories of its package at once, so that the next keystrokes need no
   * request. For many packages at a time it makes no difference.
   */
  readonly typing?: boolean;
  /** Called when answers have come in that `peek` now tells, while others are still in progress. */
  readonly onProgress?: () => void;
  /**
   * Called before an aborted scan rejects, with what is known of its look-ups by then. What the service has named and has
   * not described yet is vulnerable, with the ids, and without details.
   */
  readonly onAborted?: (known: Outcomes) => void;
}

export interface ScannerFigures {
  readonly entries: number;
  readonly capacity: number;
  readonly hits: number;
  readonly misses: number;
  readonly evictions: number;
  /** Of finished scans. */
  readonly durations: DurationTally;
  readonly running: number;
}
