import type { EngineParts } from './engineParts.ts';
import type { Engine } from '../lsp/environment.ts';
import { createDiskCache } from '../hosts/node/cache/diskCache.ts';
import { PendingQueue } from '../hosts/node/cache/pendingQueue.ts';
import { createRedisCache, type RedisCacheOptions } from '../hosts/node/cache/redis/redisCache.ts';
import { readRedisTls } from '../hosts/node/cache/redis/redisTlsFiles.ts';
import type { WayOptions } from '../hosts/node/http/createHttpClient.ts';
import { createOsvSource, type OsvSource } from '../hosts/node/osv/osvSource.ts';
import { createPackageIndex } from '../hosts/node/index/packageIndex.ts';
import { systemClock } from '../hosts/node/process/systemClock.ts';
import { timedIndex, timedTier } from '../engine/operations/timedPorts.ts';
import type { CacheTier } from '../engine/store/cacheTier.ts';
import { createScanner } from '../engine/lookup/createScanner.ts';
import { FallbackScanner } from '../engine/offline/fallbackScanner.ts';
import { IndexBreaker } from '../engine/index/indexBreaker.ts';
import { LicenceLibrary } from '../engine/index/licenceLibrary.ts';
import { NeedsLibrary } from '../engine/index/needsLibrary.ts';
import { ProjectLibrary } from '../engine/index/projectLibrary.ts';
import type { Scanner } from '../engine/lookup/scanner.ts';
import { databaseScanner, databaseSource, localEngine, sourceFor, storeOf } from './localEngine.ts';

/** The engine that the settings ask for: over the service, over the local advisory database, or over both. */
export function createEngine(parts: EngineParts): Engine {
  switch (parts.settings.offlineMode) {
    case 'online':
      return onlineEngine(parts);
    case 'offline':
      return localEngine(parts);
    case 'fallback':
      return fallbackEngine(parts);
  }
}

// Without a byte from the index.
const indexTimeoutMs = 3_000;
// For all tries. Somebody who types is not held up for the sake of verifying a fix; a run that reports waits for it.
const typingLimits = { limitMs: 3_000, pauseMs: 300_000 };
const runLimits = { limitMs: 20_000, pauseMs: 300_000 };
// Nothing waits for a licence.
const licenceLimits = { limitMs: 20_000, pauseMs: 60_000 };

function onlineEngine(parts: EngineParts, source = osvSource(parts)): Engine {
  const { settings, log } = parts;
  const tiers = tiersOf(parts);
  const simpleIndex = indexOf(parts);
  const index =
    simpleIndex && new IndexBreaker(simpleIndex, systemClock, parts.turns !== undefined ? typingLimits : runLimits);
  // Of its own: where files are served from may be silent while the index itself is not.
  const metadataIndex = simpleIndex && new IndexBreaker(simpleIndex, systemClock, licenceLimits);
  const licences =
    metadataIndex &&
    new LicenceLibrary({
      index: metadataIndex,
      indexId: settings.indexUrl,
      tiers: [...tiers.values()],
      clock: systemClock,
    });
  const needs =
    metadataIndex &&
    new NeedsLibrary({
      index: metadataIndex,
      indexId: settings.indexUrl,
      tiers: [...tiers.values()],
      clock: systemClock,
    });
  const projects =
    metadataIndex &&
    new ProjectLibrary({
      index: metadataIndex,
      indexId: settings.indexUrl,
      tiers: [...tiers.values()],
      clock: systemClock,
    });
  const resetIndex = (): void => {
    simpleIndex?.reset();
    [index, metadataIndex].forEach((breaker) => breaker?.reset());
    licences?.retry();
    needs?.retry();
    projects?.retry();
  };
  const pending = pendingOf(parts);
  const { times } = parts;
  const timedTiers = [...tiers.values()].map((tier) => timedTier(tier, times));
  const store = storeOf(parts, settings.osvUrl, timedTiers);
  const scanner = createScanner({
    source: sourceFor(parts, source),
    store,
    index: timedIndex(index, times),
    clock: systemClock,
    log,
  });
  return {
    scanner,
    index,
    licences,
    needs,
    projects,
    tiers,
    pending,
    // Not spread from elsewhere: these are of the moment.
    get counters() {
      return source.counters;
    },
    get health() {
      return source.health;
    },
    get indexHealth() {
      return simpleIndex?.health;
    },
    get circuit() {
      return source.circuit;
    },
    get indexCircuit() {
      return index === undefined ? undefined : index.isHolding ? 'open' : 'closed';
    },
    reset: () => {
      source.reset();
      resetIndex();
    },
    preconnect: () => source.preconnect(),
    useNetwork: (params) => {
      source.useNetwork(params);
      simpleIndex?.useNetwork(params);
      resetIndex();
    },
    describe: () => ({ kind: 'osv', url: settings.osvUrl }),
    close: async () => {
      const kept = [...tiers.values(), ...(pending === undefined ? [] : [pending])];
      const keeping = store.close().then(() => Promise.all(kept.map((one) => one.close())));
      await Promise.all([source.close(), index?.close(), keeping]);
    },
  };
}

function fallbackEngine(parts: EngineParts): Engine {
  const service = osvSource(parts);
  const online = onlineEngine(parts, service);
  const source = databaseSource(parts);
  const scanner: Scanner = new FallbackScanner({
    online: online.scanner,
    local: databaseScanner(source, parts),
    dataAgeSeconds: () => source.dataAgeSeconds(),
    onTrouble: (listener) => service.onTrouble(listener),
    after: (delayMs, call) => {
      const timer = setTimeout(call, delayMs);
      return () => clearTimeout(timer);
    },
  });
  return {
    scanner,
    index: online.index,
    licences: online.licences,
    needs: online.needs,
    projects: online.projects,
    tiers: online.tiers,
    pending: online.pending,
    get counters() {
      return online.counters;
    },
    get health() {
      return online.health;
    },
    get indexHealth() {
      return online.indexHealth;
    },
    database: source,
    get circuit() {
      return online.circuit;
    },
    get indexCircuit() {
      return online.indexCircuit;
    },
    reset: () => online.reset(),
    preconnect: () => online.preconnect(),
    useNetwork: (params) => online.useNetwork(params),
    describe: () => online.describe(),
    close: async () => {
      await Promise.all([online.close(), source.close()]);
    },
  };
}

function osvSource({ settings, version, log, record, access, patienceMs, turns }: EngineParts): OsvSource {
  return createOsvSource({
    url: settings.osvUrl,
    timeoutMs: settings.osvTimeoutSeconds * 1000,
    concurrency: settings.osvConcurrency,
    version,
    log,
    record,
    patienceMs,
    turns,
    ...wayOf({ settings, access }),
  });
}

function wayOf({ settings, access }: Pick<EngineParts, 'settings' | 'access'>): WayOptions {
  return {
    transport: settings.networkTransport,
    network: access?.params ?? {},
    ...(access?.ask === undefined ? {} : { editorFetch: access.ask }),
  };
}

/** Nearest first. */
function tiersOf(parts: EngineParts): ReadonlyMap<'disk' | 'redis', CacheTier> {
  const { cacheFolder, redisUrl, environment = {}, cacheSecret: secret, atExit, log } = parts;
  const tiers = new Map<'disk' | 'redis', CacheTier>();
  const clock = systemClock;
  if (cacheFolder !== undefined) {
    const maxBytes = parts.settings.cacheMaxDiskMegabytes * 1024 * 1024;
    tiers.set('disk', createDiskCache({ folder: cacheFolder, maxBytes, secret, clock, log, atExit }));
  }
  if (redisUrl !== undefined) {
    const tls = readRedisTls(environment);
    tiers.set('redis', createRedisCache({ url: redisUrl, secret, tls, clock, log, ...redisLimits(parts) }));
  }
  return tiers;
}

/** Somebody who types waits less long than a run that would have to ask the service instead. */
function redisLimits({
  settings,
  turns,
  patienceMs = Infinity,
}: EngineParts): Pick<RedisCacheOptions, 'readLimits' | 'closeLimits'> {
  const silentMs = turns !== undefined ? 2_000 : 5_000;
  return {
    // As long as a request to the service.
    readLimits: { silentMs, wholeMs: settings.osvTimeoutSeconds * 1_000 },
    // The server has to end within five seconds.
    closeLimits: { silentMs, wholeMs: turns !== undefined ? 3_000 : Math.min(30_000, patienceMs) },
  };
}

function pendingOf({ cacheFolder, cacheSecret, log }: EngineParts): PendingQueue | undefined {
  return cacheFolder === undefined
    ? undefined
    : new PendingQueue({ folder: cacheFolder, clock: systemClock, log, anyFolder: cacheSecret !== undefined });
}

function indexOf(parts: EngineParts): ReturnType<typeof createPackageIndex> {
  const { settings, version, log, record } = parts;
  return createPackageIndex({
    url: settings.indexUrl,
    timeoutMs: indexTimeoutMs,
    version,
    clock: systemClock,
    log,
    record,
    ...wayOf(parts),
  });
}
