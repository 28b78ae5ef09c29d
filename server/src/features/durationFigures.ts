import type { DurationFigures } from '../../../protocol/messages.ts';

/** Count, mean, extremes and percentiles (nearest rank) of some durations; all zero where there are none. */
export function durationFigures(durationsMs: readonly number[]): DurationFigures {
  const sorted = [...durationsMs].sort((a, b) => a - b);
  const count = sorted.length;
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0;
  return {
    count,
    mean: count === 0 ? 0 : sorted.reduce((sum, value) => sum + value, 0) / count,
    min: sorted[0] ?? 0,
    max: sorted[count - 1] ?? 0,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}
