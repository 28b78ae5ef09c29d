/** How long something took, over and over: what all of it comes to, and the last of it for percentiles. Milliseconds. */
export interface DurationTally {
  readonly count: number;
  readonly totalMs: number;
  /** 0 where there was none. */
  readonly minMs: number;
  readonly maxMs: number;
  /** The last 1,000, newest last. */
  readonly recentMs: readonly number[];
  /** How many took no longer than each of `durationBoundsMs`. */
  readonly upTo: readonly number[];
}

/** Bounds of a histogram: from an answer out of memory to a scan that meets a slow service. */
export const durationBoundsMs: readonly number[] = [5, 25, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 120_000];

export const noDurations: DurationTally = Object.freeze({
  count: 0,
  totalMs: 0,
  minMs: 0,
  maxMs: 0,
  recentMs: [],
  upTo: durationBoundsMs.map(() => 0),
});

// A long session must not grow.
const mostRecent = 1000;

export function withDuration(tally: DurationTally, durationMs: number): DurationTally {
  const ms = Math.max(0, durationMs); // a clock that was set back
  return {
    count: tally.count + 1,
    totalMs: tally.totalMs + ms,
    minMs: tally.count === 0 ? ms : Math.min(tally.minMs, ms),
    maxMs: Math.max(tally.maxMs, ms),
    recentMs: [...tally.recentMs, ms].slice(-mostRecent),
    upTo: durationBoundsMs.map((bound, index) => (tally.upTo[index] ?? 0) + (ms <= bound ? 1 : 0)),
  };
}

/** Of two times, the earlier one first. */
export function joinedDurations(before: DurationTally, after: DurationTally): DurationTally {
  if (before.count === 0 || after.count === 0) {
    return before.count === 0 ? after : before;
  }
  return {
    count: before.count + after.count,
    totalMs: before.totalMs + after.totalMs,
    minMs: Math.min(before.minMs, after.minMs),
    maxMs: Math.max(before.maxMs, after.maxMs),
    recentMs: [...before.recentMs, ...after.recentMs].slice(-mostRecent),
    upTo: durationBoundsMs.map((_, index) => (before.upTo[index] ?? 0) + (after.upTo[index] ?? 0)),
  };
}
