import type { EngineParts } from './engineParts.ts';
import type { Engine } from '../lsp/environment.ts';
import { createAdvisoryDatabases } from '../hosts/node/database/advisoryDatabases.ts';
import { defaultDatabaseFolder } from '../hosts/node/database/databaseFolder.ts';
import { createDatabaseSource, type DatabaseSource } from '../hosts/node/database/databaseSource.ts';
import { keepHeapNearUse } from '../hosts/node/process/keepHeapNearUse.ts';
import { systemClock } from '../hosts/node/process/systemClock.ts';
import { createScanner } from '../engine/lookup/createScanner.ts';
import { onManyPackages } from '../engine/lookup/onManyPackages.ts';
import type { AdvisorySource } from '../engine/ports.ts';
import { AdvisoryStore } from '../engine/store/advisoryStore.ts';
import { timedSource } from '../engine/operations/timedPorts.ts';
import type { CacheTier } from '../engine/store/cacheTier.ts';
import type { CacheLimits } from '../engine/store/memoryCache.ts';
import type { Scanner } from '../engine/lookup/scanner.ts';
import type { EngineSettings } from '../../../protocol/settings.ts';

/** The engine over the local advisory database alone: nothing of the network is loaded for it. */
export function localEngine(parts: EngineParts): Engine {
  const source = databaseSource(parts);
  return {
    scanner: databaseScanner(source, parts),
    tiers: new Map(),
    pending: undefined,
    get counters() {
      return source.counters;
    },
    get health() {
      return source.health;
    },
    database: source,
    circuit: 'closed',
    reset: () => undefined,
    preconnect: () => undefined,
    useNetwork: () => undefined,
    describe: () => {
      const dataAge = source.dataAgeSeconds();
      return { kind: 'database', ...(dataAge === undefined ? {} : { dataAge }) };
    },
    close: () => source.close(),
  };
}

export function databaseSource({ version, databaseFolder, log }: EngineParts): DatabaseSource {
  const defaultFolder = defaultDatabaseFolder(process.env, process.platform);
  const warn = (message: string): void => log.warn(message);
  const databases = createAdvisoryDatabases({ defaultFolder, clock: systemClock, version, warn });
  return createDatabaseSource(() => databases.open(databaseFolder ?? defaultFolder), systemClock);
}

export function databaseScanner(source: DatabaseSource, parts: EngineParts): Scanner {
  return createScanner({
    source: sourceFor(parts, source),
    store: storeOf(parts, 'database', []),
    clock: systemClock,
    log: parts.log,
  });
}

// Less takes more time, and spares little.
const heapGrowthPercent = 30;

/** The source of a scanner. A server that many packages fill lives on; a run of the command line looks at its own size. */
export function sourceFor({ times, turns }: EngineParts, source: AdvisorySource): AdvisorySource {
  const timed = timedSource(source, times);
  return turns === undefined
    ? timed
    : onManyPackages(timed, () => void setTimeout(keepHeapNearUse, 0, heapGrowthPercent).unref());
}

export function storeOf(
  { settings, outcomesOnly, turns, version }: EngineParts,
  sourceId: string,
  tiers: readonly CacheTier[],
): AdvisoryStore {
  return new AdvisoryStore({
    sourceId,
    tiers,
    limits: limitsOf(settings),
    clock: systemClock,
    ...(turns === undefined ? {} : { turns }),
    outcomesOnly: outcomesOnly === true ? { version } : undefined,
    ...(turns === undefined ? {} : { pagedBy: version }),
  });
}

// New advisories appear at any time; OSV's own data are up to 15 minutes behind.
const mostCleanMinutes = 30;

function limitsOf(settings: EngineSettings): CacheLimits {
  return {
    maxEntries: settings.cacheMaxEntries,
    answerTtlMs: settings.cacheTtlMinutes * 60_000,
    cleanTtlMs: Math.min(settings.cacheTtlMinutes, mostCleanMinutes) * 60_000,
    detailsMaxAgeMs: settings.cacheDetailsMaxAgeDays * 86_400_000,
  };
}
