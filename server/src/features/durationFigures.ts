import type { DurationFigures, OperationFigures } from '../../../protocol/messages/figures/statistics.ts';
import type { DurationTally } from '../engine/durations.ts';
import type { OperationTally } from '../engine/operations/operationTally.ts';

/** Count, mean and extremes of all, and percentiles (nearest rank) of the last ones; all zero where there are none. */
export function durationFigures({
  count,
  totalMs,
  minMs,
  maxMs,
  recentMs,
}: Omit<DurationTally, 'upTo'>): DurationFigures {
  const sorted = [...recentMs].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return {
    count,
    mean: count === 0 ? 0 : totalMs / count,
    min: minMs,
    max: maxMs,
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
  };
}

export function operationFigures(tally: OperationTally): OperationFigures {
  const { totalMs: total, lastMs: last, lastAt } = tally;
  return { ...durationFigures(tally), total, last, lastAt: new Date(lastAt).toISOString() };
}
