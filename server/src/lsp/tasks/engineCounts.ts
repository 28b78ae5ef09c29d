import { type DurationTally, joinedDurations, noDurations } from '../../engine/durations.ts';
import type { SourceCounters } from '../../engine/ports.ts';
import type { TierFigures } from '../../engine/store/cacheTier.ts';
import type { Engine } from '../environment.ts';

/** What one engine has counted since it was made: figures that only grow. */
export interface EngineCounts {
  readonly memory: { readonly hits: number; readonly misses: number; readonly evictions: number };
  readonly disk: TierCounts;
  readonly redis: TierCounts;
  readonly osv: Omit<SourceCounters, 'inFlight' | 'queued'>;
  readonly scans: DurationTally;
}

export interface TierCounts {
  readonly hits: number;
  readonly misses: number;
  readonly rejected: number;
  readonly evicted: number;
  readonly expired: number;
}

type CountedTier = Pick<TierFigures, keyof TierCounts>;

const noTier: TierCounts = { hits: 0, misses: 0, rejected: 0, evicted: 0, expired: 0 };

export const noCounts: EngineCounts = Object.freeze({
  memory: { hits: 0, misses: 0, evictions: 0 },
  disk: noTier,
  redis: noTier,
  osv: { querybatch: 0, query: 0, vulns: 0, retries: 0, failures: 0 },
  scans: noDurations,
});

export function countsOf({ scanner, tiers, counters }: Engine): EngineCounts {
  const { hits, misses, evictions, durations } = scanner.figures;
  const { querybatch, query, vulns, retries, failures } = counters;
  return {
    memory: { hits, misses, evictions },
    disk: tierCounts(tiers.get('disk')?.figures),
    redis: tierCounts(tiers.get('redis')?.figures),
    osv: { querybatch, query, vulns, retries, failures },
    scans: durations,
  };
}

/** Of two engines, the one in use before the other first. */
export function joinedCounts(before: EngineCounts, after: EngineCounts): EngineCounts {
  return {
    memory: sums(before.memory, after.memory),
    disk: sums(before.disk, after.disk),
    redis: sums(before.redis, after.redis),
    osv: sums(before.osv, after.osv),
    scans: joinedDurations(before.scans, after.scans),
  };
}

function tierCounts({ hits, misses, rejected, evicted = 0, expired = 0 }: CountedTier = noTier): TierCounts {
  return { hits, misses, rejected, evicted, expired };
}

function sums<T extends Readonly<Record<keyof T, number>>>(a: T, b: T): T {
  return Object.fromEntries(Object.entries<number>(a).map(([key, value]) => [key, value + b[key as keyof T]])) as T;
}
