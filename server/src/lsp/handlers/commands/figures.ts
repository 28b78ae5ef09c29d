import type { Statistics } from '../../../../../protocol/messages.ts';
import { durationFigures } from '../../../features/durationFigures.ts';
import type { Engine, Environment } from '../../environment.ts';
import type { TierFigures } from '../../../engine/store/cacheTier.ts';
import { hitRate } from '../../../project/report.ts';

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
