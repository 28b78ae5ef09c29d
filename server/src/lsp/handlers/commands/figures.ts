import type { OperationFigures, Statistics } from '../../../../../protocol/messages/figures/statistics.ts';
import type { Operations } from '../../../engine/operations/operationLog.ts';
import { durationFigures, operationFigures } from '../../../features/durationFigures.ts';
import { hitRate } from '../../../project/report.ts';
import type { Workspace } from '../../../project/workspace/workspace.ts';
import type { OperationRecorder } from '../../upkeep/operationRecorder.ts';
import type { Environment } from '../../environment.ts';
import type { TierCounts } from '../../tasks/engineCounts.ts';
import type { EngineHolder } from '../../tasks/engineHolder.ts';

/** Counts are of all engines of this process; sizes and states of the present one. */
export function statisticsOf(
  holder: EngineHolder,
  recorder: OperationRecorder,
  workspace: Workspace,
  environment: Pick<Environment, 'processFigures'>,
): Statistics {
  const { counts, engine } = holder;
  const { rssBytes, uptimeSeconds, cpuSeconds } = environment.processFigures();
  const { entries, capacity, running } = engine.scanner.figures;
  // Files with something to ask that nobody asks yet.
  const queued = workspace.selected.filter(({ asksForMore, isAsking }) => asksForMore && !isAsking).length;
  const { disk, redis } = { disk: engine.tiers.get('disk')?.figures, redis: engine.tiers.get('redis')?.figures };
  const { querybatch, query, vulns, retries, failures } = counts.osv;
  return {
    cache: {
      memory: { entries, capacity, ...counts.memory, hitRate: hitRate(counts.memory) },
      disk: { entries: disk?.entries ?? 0, bytes: disk?.bytes ?? 0, ...countsOfTier(counts.disk) },
      redis: redis === undefined ? null : { ...countsOfTier(counts.redis), trouble: redis.trouble ?? null },
    },
    osv: {
      requests: { querybatch, query, vulns },
      retries,
      failures,
      circuit: engine.circuit,
      inFlight: engine.counters.inFlight,
    },
    scans: {
      count: counts.scans.count,
      queued,
      running,
      durationMs: durationFigures(counts.scans),
      slow: slowScans(recorder),
    },
    process: { rssBytes, uptimeSeconds, cpuSeconds },
    lifetime: lifetimeOf(recorder),
  };
}

function countsOfTier({ hits, misses, rejected }: TierCounts): Pick<TierCounts, 'hits' | 'misses' | 'rejected'> {
  return { hits, misses, rejected };
}

function slowScans({ slow: { count, last } }: OperationRecorder): Statistics['scans']['slow'] {
  return { count, ...(last && { last: { ...last, at: new Date(last.at).toISOString() } }) };
}

function lifetimeOf({ since, operations, projects }: OperationRecorder): Statistics['lifetime'] {
  return {
    since: new Date(since).toISOString(),
    operations: figuresOf(operations),
    projects: Object.fromEntries([...projects].map(([project, own]) => [project, figuresOf(own)])),
  };
}

function figuresOf(operations: Operations): Readonly<Record<string, OperationFigures>> {
  return Object.fromEntries([...operations].map(([name, tally]) => [name, operationFigures(tally)]));
}
