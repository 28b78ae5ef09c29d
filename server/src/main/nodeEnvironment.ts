import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Settings } from '../../../protocol/settings.ts';
import type { ClientAccess, Environment, IgnoreReader } from '../lsp/environment.ts';
import { takeCacheSecret } from '../platform/cache/cacheSecret.ts';
import { type RedisSecret, takeRedisSecret, withRedisSecret } from '../platform/cache/redisSecret.ts';
import { defaultDatabaseFolder } from '../platform/database/databaseFolder.ts';
import { changeDatabase } from '../platform/database/databaseWorker.ts';
import { discoverRequirementFiles } from '../platform/discoverRequirementFiles.ts';
import { giveBackMemory } from '../platform/giveBackMemory.ts';
import { heapFigures } from '../platform/heapFigures.ts';
import { createLockReader } from '../platform/locks/lockReader.ts';
import { createIgnoreFiles } from '../platform/ignoreFiles.ts';
import { serveMetrics } from '../platform/serveMetrics.ts';
import { readRequirementFile } from '../platform/readRequirementFile.ts';
import { whereIs } from '../platform/whereIs.ts';
import { systemClock } from '../platform/systemClock.ts';
import type { LockReader } from '../scan/lockReader.ts';
import { type DatabaseChange, osvBucketUrl } from '../scan/advisoryDatabase.ts';
import type { AtExit } from './atExit.ts';
import { createEngine } from './createEngine.ts';

/** The real world for a language server in a Node process. `script` is the server's own, for threads beside it. */
export function nodeEnvironment(version: string, script: string, atExit?: AtExit): Environment {
  const redisSecret = takeRedisSecret(process.env);
  const cacheSecret = takeCacheSecret(process.env);
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
    createEngine: (settings, log, access) =>
      createEngine({
        settings,
        version,
        log,
        access,
        cacheFolder: cacheFolderOf(access),
        redisUrl: redisUrlOf(settings, redisSecret),
        cacheSecret,
        atExit,
        databaseFolder: databaseFolderOf(settings, access),
      }),
    giveBackMemory,
    memoryFigures: () => heapFigures(),
    serveMetrics,
    createIgnoreReader,
    changeDatabase: (wish, settings, access, options) => {
      const folder = databaseFolderOf(settings, access) ?? defaultDatabaseFolder(process.env, process.platform);
      const change: DatabaseChange =
        wish.kind === 'update'
          ? { kind: 'update', bucketUrl: osvBucketUrl }
          : { kind: 'import', file: fileURLToPath(wish.uri) };
      return changeDatabase(script, { folder, change, version, network: access.params }, options);
    },
    files: {
      read: (uri, folderUris) =>
        uri.startsWith('file:')
          ? readRequirementFile(fileURLToPath(uri), { within: withinOf(uri, folderUris) })
          : Promise.resolve({ error: `${uri} is not on this machine's disk, so it is checked only while it is open.` }),
      whereIs: (uri, folderUris) => whereIsUri(uri, folderUris),
      discover: async (folderUri, { include, exclude, signal }) => {
        if (!folderUri.startsWith('file:')) {
          return { uris: [], unread: [] };
        }
        const found = await discoverRequirementFiles(fileURLToPath(folderUri), { include, exclude }, signal);
        signal.throwIfAborted(); // what was found so far is not what there is
        const uriOf = (file: string): string => pathToFileURL(file).href;
        const skipped = found.skipped.map(({ path, reason }) => ({ uri: uriOf(path), reason }));
        return { uris: found.paths.map(uriOf), unread: found.unread, skipped };
      },
      createLockReader: (log) => lockReaderByUri(createLockReader({ log })),
    },
    processFigures: () => ({ rssBytes: process.memoryUsage.rss(), uptimeSeconds: process.uptime() }),
  };
}

/** The workspace's own storage; without a folder open, the one that all windows share. */
function cacheFolderOf({ storagePath, globalStoragePath }: ClientAccess): string | undefined {
  const storage = storagePath ?? globalStoragePath;
  return storage === undefined ? undefined : path.join(storage, 'cache');
}

/** A password comes from the environment, where our client puts that of the editor's secret storage, and never from a setting. */
function redisUrlOf({ cacheRedisUrl }: Settings, secret: RedisSecret | undefined): string | undefined {
  const whole = process.env['PINWATCH_REDIS_URL'] ?? '';
  if (whole !== '') {
    return whole;
  }
  return cacheRedisUrl === '' ? undefined : withRedisSecret(cacheRedisUrl, secret);
}

function databaseFolderOf({ offlineDatabasePath }: Settings, { globalStoragePath }: ClientAccess): string | undefined {
  if (offlineDatabasePath !== '') {
    return offlineDatabasePath;
  }
  return globalStoragePath === undefined ? undefined : path.join(globalStoragePath, 'advisories');
}

function createIgnoreReader(): IgnoreReader {
  const ignoreFiles = createIgnoreFiles({});
  return {
    nearest: async (uri, folderUris) => {
      if (!uri.startsWith('file:')) {
        return [];
      }
      const roots = folderUris.filter((folder) => folder.startsWith('file:')).map((folder) => fileURLToPath(folder));
      const lists = await ignoreFiles.nearest(fileURLToPath(uri), roots);
      return lists.flatMap((list) => (list.path === undefined ? [] : [{ uri: pathToFileURL(list.path).href, list }]));
    },
  };
}

async function whereIsUri(uri: string, folderUris: readonly string[]): Promise<'inside' | 'outside' | 'missing'> {
  if (!uri.startsWith('file:')) {
    return 'outside';
  }
  const folders = folderUris.filter((folder) => folder.startsWith('file:')).map((folder) => fileURLToPath(folder));
  return whereIs(fileURLToPath(uri), folders);
}

function lockReaderByUri(reader: LockReader): LockReader {
  return {
    read: async (uris, rootUris) => {
      const paths = new Map(uris.flatMap((uri) => pathOf(uri).map((file) => [uri, file] as const)));
      const found = await reader.read([...paths.values()], rootUris.flatMap(pathOf));
      return new Map([...paths].map(([uri, file]) => [uri, found.get(file) ?? []]));
    },
  };
}

/** A file that the user named may lie anywhere; a pipe or a device is no document all the same. */
function withinOf(uri: string, folderUris: readonly string[] | undefined): readonly string[] {
  return folderUris === undefined ? [path.parse(fileURLToPath(uri)).root] : folderUris.flatMap(pathOf);
}

/** Empty where it is nowhere on this machine's disk. */
function pathOf(uri: string): readonly string[] {
  try {
    return uri.startsWith('file:') ? [fileURLToPath(uri)] : [];
  } catch {
    return []; // another machine's
  }
}
