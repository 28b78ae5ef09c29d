import type { Health, Statistics } from '../../../../../protocol/messages.ts';
import type { Settings } from '../../../../../protocol/settings.ts';
import { durationFigures } from '../../../features/durationFigures.ts';
import type { Engine, Environment } from '../../environment.ts';
import type { TierFigures } from '../../../engine/store/cacheTier.ts';
import { hitRate } from '../../../project/report.ts';
import { sourceStatus } from '../../publish/status.ts';

export function statisticsOf(engine: Engine, environment: Environment): Statistics {
  const { figures } = engine.scanner;
  const { counters } = engine;
  return {
    cache: {
      memory: {
        entries: figures.entries,
        capacity: figures.capacity,
        hits: figures.hits,
        misses: figures.misses,
        hitRate: hitRate(figures),
        evictions: figures.evictions,
      },
      disk: diskFigures(engine),
      redis: redisFigures(engine),
    },
    osv: {
      requests: { querybatch: counters.querybatch, query: counters.query, vulns: counters.vulns },
      retries: counters.retries,
      failures: counters.failures,
      circuit: engine.circuit,
      inFlight: counters.inFlight,
    },
    scans: {
      count: figures.scans,
      queued: 0,
      running: figures.running,
      durationMs: durationFigures(figures.durationsMs),
    },
    process: environment.processFigures(),
  };
}

function diskFigures({ tiers }: Engine): Statistics['cache']['disk'] {
  const { entries, bytes, hits, misses, rejected } = tiers.get('disk')?.figures ?? noTier;
  return { entries, bytes, hits, misses, rejected };
}

const noTier: TierFigures = Object.freeze({
  entries: 0,
  bytes: 0,
  hits: 0,
  misses: 0,
  rejected: 0,
  trouble: undefined,
});

function redisFigures({ tiers }: Engine): Statistics['cache']['redis'] {
  const figures = tiers.get('redis')?.figures;
  if (figures === undefined) {
    return null;
  }
  const { hits, misses, rejected, trouble = null } = figures;
  return { hits, misses, rejected, trouble };
}

export function healthOf(
  engine: Engine,
  settings: Settings,
  environment: Environment,
  memoryTrouble: string | undefined,
): Health {
  const { lastAnswerAt } = engine.health;
  const lastError = settings.blocked ?? settings.fault ?? engine.health.lastError;
  return {
    status: lastError === undefined ? 'ok' : lastAnswerAt === undefined ? 'offline' : 'degraded',
    version: environment.version,
    node: environment.nodeVersion,
    osvUrl: settings.osvUrl,
    // With a mistake in the settings nothing is queried: not the local database either.
    database:
      settings.blocked === undefined
        ? (sourceStatus(engine.describe(), settings.osvUrl, environment.clock.now()).database ?? null)
        : null,
    lastAnswerAt: lastAnswerAt === undefined ? null : new Date(lastAnswerAt).toISOString(),
    lastError: lastError ?? null,
    storageTrouble:
      [...engine.tiers.values()].find(({ figures }) => figures.trouble !== undefined)?.figures.trouble ?? null,
    ...(memoryTrouble === undefined ? {} : { memoryTrouble }),
  };
}
