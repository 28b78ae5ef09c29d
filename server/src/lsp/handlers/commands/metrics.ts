import type { Severity } from '../../../core/advisories/advisory.ts';
import { lastAssessed } from '../../../features/findings.ts';
import { coverageOf } from '../../../features/lineCoverage.ts';
import type { MetricsFigures } from '../../../features/metrics.ts';
import type { Environment } from '../../environment.ts';
import type { Session } from '../../session.ts';
import { mergedTally } from '../../../project/workspace/lineTally.ts';
import type { LineState } from '../../../project/workspace/lineState.ts';
import { statisticsOf } from './figures.ts';
import { serverHealth } from './health.ts';

/** Everything that the metrics page says, gathered now. */
export async function metricsFiguresOf(session: Session, environment: Environment): Promise<MetricsFigures> {
  const { engine, recorder, keys, workspace, age } = session;
  const { pending } = engine.engine;
  const nowMs = environment.clock.now();
  const { cpuSeconds, uptimeSeconds, loopDelay } = environment.processFigures();
  const { usedBytes, limitBytes } = environment.memoryFigures();
  const oldestAt = await pending?.oldestAt();
  const size = (await pending?.size()) ?? 0;
  const files = workspace.selected;
  const tally = mergedTally(files.map((file) => file.tally));
  return {
    statistics: statisticsOf(engine, recorder, workspace, environment),
    health: await serverHealth(session, environment),
    scans: engine.counts.scans,
    requests: environment.requests.families,
    operations: recorder.durations,
    ends: recorder.ends.all,
    lookups: recorder.lookups.all,
    keyToPublish: keys.durations,
    partsMs: engine.partsMs,
    slowScans: { requests: recorder.slow.requests, own: recorder.slow.own },
    removed: engine.counts.disk,
    osvQueued: engine.engine.counters.queued ?? 0,
    indexCircuit: engine.engine.indexCircuit,
    queue: {
      size,
      dropped: pending?.dropped ?? 0,
      oldestSeconds: oldestAt === undefined ? undefined : Math.max(0, (nowMs - oldestAt) / 1000),
    },
    requirements: {
      assessed: tally.assessed,
      skipped: tally.skipped,
      failed: tally.failed,
      checking: tally.checking,
    },
    verdicts: { vulnerable: tally.known.vulnerable, possiblyVulnerable: tally.known.possiblyVulnerable },
    findings: findingsBySeverity(files.flatMap(({ lines }) => lines)),
    oldestAnswerSeconds: Number.isFinite(tally.oldestCheckedAt)
      ? Math.max(0, (nowMs - tally.oldestCheckedAt) / 1000)
      : undefined,
    dataAgeSeconds: coverageOf(tally, 0, age.now()).freshness?.dataAgeSeconds,
    process: {
      cpuSeconds,
      heapBytes: usedBytes,
      heapLimitBytes: limitBytes,
      startedAtSeconds: Math.round(nowMs / 1000 - uptimeSeconds),
      ...(loopDelay && { loopDelay }),
    },
  };
}

function findingsBySeverity(lines: readonly LineState[]): Partial<Record<Severity, number>> {
  const counts: Partial<Record<Severity, number>> = {};
  for (const line of lines) {
    for (const { severity, ignored } of lastAssessed(line)?.findings ?? []) {
      if (ignored === undefined) {
        counts[severity] = (counts[severity] ?? 0) + 1;
      }
    }
  }
  return counts;
}
