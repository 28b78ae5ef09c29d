import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Settings } from '../../../protocol/settings.ts';
import type { Engine, Environment, NetworkAccess } from '../lsp/environment.ts';
import { discoverRequirementFiles } from '../platform/discoverRequirementFiles.ts';
import { createOsvSource, type OsvSource } from '../platform/osvSource.ts';
import { readRequirementFile } from '../platform/readRequirementFile.ts';
import { whereIs } from '../platform/whereIs.ts';
import { systemClock } from '../platform/systemClock.ts';
import { createScanner, type ScannerParts } from '../scan/createScanner.ts';
import type { AdvisorySource, Log, SourceHealth } from '../scan/ports.ts';

/** The real world for a language server in a Node process. */
export function nodeEnvironment(version: string): Environment {
  return {
    version,
    nodeVersion: process.versions.node,
    clock: systemClock,
    timers: {
      after: (delayMs, call) => {
        const timer = setTimeout(call, delayMs);
        timer.unref();
        return () => clearTimeout(timer);
      },
    },
    createEngine: (settings, log, network) => createEngine(settings, log, version, network),
    files: {
      read: (uri) =>
        uri.startsWith('file:')
          ? readRequirementFile(fileURLToPath(uri))
          : Promise.resolve({ error: `${uri} is not on this machine's disk, so it is checked only while it is open.` }),
      whereIs: (uri, folderUris) => whereIsUri(uri, folderUris),
      discover: async (folderUri, { include, exclude, signal }) => {
        if (!folderUri.startsWith('file:')) {
          return { uris: [], truncated: false };
        }
        const found = await discoverRequirementFiles(fileURLToPath(folderUri), { include, exclude }, signal);
        return { uris: found.paths.map((path) => pathToFileURL(path).href), truncated: found.truncated };
      },
    },
    processFigures: () => ({ rssBytes: process.memoryUsage.rss(), uptimeSeconds: process.uptime() }),
  };
}

async function whereIsUri(uri: string, folderUris: readonly string[]): Promise<'inside' | 'outside' | 'missing'> {
  if (!uri.startsWith('file:')) {
    return 'outside';
  }
  const folders = folderUris.filter((folder) => folder.startsWith('file:')).map((folder) => fileURLToPath(folder));
  return whereIs(fileURLToPath(uri), folders);
}

export type EngineSettings = Pick<
  Settings,
  | 'networkTransport'
  | 'osvUrl'
  | 'osvTimeoutSeconds'
  | 'osvConcurrency'
  | 'cacheMaxEntries'
  | 'cacheTtlMinutes'
  | 'cacheDetailsMaxAgeDays'
>;

// New advisories appear at any time; OSV's own data are up to 15 minutes behind.
const mostCleanMinutes = 30;

/** The engine that asks OSV. */
export function createEngine(
  settings: EngineSettings,
  log: Log,
  version: string,
  { params, ask }: NetworkAccess = { params: {} },
): Engine {
  const source = createOsvSource({
    url: settings.osvUrl,
    timeoutMs: settings.osvTimeoutSeconds * 1000,
    concurrency: settings.osvConcurrency,
    version,
    log,
    transport: settings.networkTransport,
    network: params,
    ...(ask === undefined ? {} : { editorFetch: ask }),
  });
  return engineOver({ source, sourceId: settings.osvUrl, tiers: [] }, settings, log);
}

/** What a source has that asks over the network. */
type Connected = Pick<OsvSource, 'circuit' | 'reset' | 'preconnect' | 'useNetwork'>;

export interface EngineParts extends Pick<ScannerParts, 'sourceId' | 'tiers' | 'index'> {
  readonly source: AdvisorySource & { readonly health: SourceHealth } & Partial<Connected>;
}

/** Over any source of advisories; closing the engine closes its parts. */
export function engineOver(parts: EngineParts, settings: EngineSettings, log: Log): Engine {
  const { source, tiers, index } = parts;
  const scanner = createScanner({
    ...parts,
    clock: systemClock,
    log,
    limits: {
      maxEntries: settings.cacheMaxEntries,
      answerTtlMs: settings.cacheTtlMinutes * 60_000,
      cleanTtlMs: Math.min(settings.cacheTtlMinutes, mostCleanMinutes) * 60_000,
      detailsMaxAgeMs: settings.cacheDetailsMaxAgeDays * 86_400_000,
    },
  });
  return {
    scanner,
    get counters() {
      return source.counters;
    },
    get health() {
      return source.health;
    },
    get circuit() {
      return source.circuit ?? 'closed';
    },
    reset: () => source.reset?.(),
    preconnect: () => source.preconnect?.(),
    useNetwork: (network) => source.useNetwork?.(network),
    close: async () => {
      await Promise.all([source.close(), index?.close(), ...tiers.map((tier) => tier.close())]);
    },
  };
}
