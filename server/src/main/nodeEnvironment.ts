import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { osvBucketUrl } from '../../../protocol/ids.ts';
import type { EngineSettings } from '../../../protocol/settings.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import type { ClientAccess, ConfigReader, DatabaseWish, Environment, IgnoreReader } from '../lsp/environment.ts';
import { takeCacheSecret } from '../hosts/node/cache/cacheSecret.ts';
import { type RedisSecret, takeRedisSecret, withRedisSecret } from '../hosts/node/cache/redis/redisSecret.ts';
import { defaultDatabaseFolder } from '../hosts/node/database/databaseFolder.ts';
import { changeDatabase } from '../hosts/node/database/databaseWorker.ts';
import { discoverRequirementFiles } from '../hosts/node/files/discoverRequirementFiles.ts';
import { keptText } from '../hosts/node/files/write/keptText.ts';
import { giveBackMemory } from '../hosts/node/process/giveBackMemory.ts';
import { heapFigures } from '../hosts/node/process/heapFigures.ts';
import { LoopDelay } from '../hosts/node/process/loopDelay.ts';
import { createLockReader } from '../hosts/node/locks/lockReader.ts';
import { createConfigFiles } from '../hosts/node/config/configFiles.ts';
import { createIgnoreFiles } from '../hosts/node/config/ignoreFiles.ts';
import { serveMetrics } from '../hosts/node/process/serveMetrics.ts';
import { readRequirementFile } from '../hosts/node/files/readRequirementFile.ts';
import { type Whereabouts, whereIs } from '../hosts/node/files/whereIs.ts';
import { pause } from '../hosts/node/process/pause.ts';
import { createScanScope } from '../hosts/node/process/scanScope.ts';
import { systemClock } from '../hosts/node/process/systemClock.ts';
import { type FileId, fileId, idOfPath, isDiskAddress, pathOf } from '../project/fileId.ts';
import { lookUpParts, PartsClock } from '../engine/operations/partsClock.ts';
import { RequestRecord } from '../engine/operations/requestRecord.ts';
import type { LockReader } from '../engine/lockReader.ts';
import type { DatabaseChange } from '../engine/offline/advisoryDatabase.ts';
import type { AtExit } from './atExit.ts';
import { Turns } from '../engine/turns.ts';
import { createEngine } from './createEngine.ts';
import { languages } from './languages.ts';

/** The real world for a language server in a Node process. `script` is the server's own, for threads beside it. */
export function nodeEnvironment(version: string, script: string, atExit?: AtExit): Environment {
  const redisSecret = takeRedisSecret(process.env);
  const cacheSecret = takeCacheSecret(process.env);
  const requests = new RequestRecord();
  const loopDelay = new LoopDelay();
  const times = new PartsClock(lookUpParts, () => performance.now());
  return {
    version,
    nodeVersion: process.versions.node,
    clock: systemClock,
    logFormat: logFormatOf(process.argv.slice(2)),
    scans: createScanScope(),
    newId: () => randomUUID(),
    timers: {
      after: (delayMs, call) => {
        const timer = setTimeout(call, delayMs);
        timer.unref();
        return () => clearTimeout(timer);
      },
      nextTurn: (call) => void setImmediate(call),
    },
    languages,
    createEngine: (settings, log, access) =>
      createEngine({
        turns: new Turns({ elapsedMs: () => performance.now(), pause }),
        settings,
        version,
        log,
        record: requests,
        times,
        access,
        cacheFolder: cacheFolderOf(access),
        redisUrl: redisUrlOf(settings, redisSecret),
        environment: process.env,
        cacheSecret,
        atExit,
        databaseFolder: databaseFolderOf(settings, access),
      }),
    giveBackMemory,
    memoryFigures: () => heapFigures(),
    serveMetrics: async (port, pages) => {
      const served = await serveMetrics(port, pages);
      const stop = loopDelay.measure();
      return {
        port: served.port,
        close: () => {
          stop();
          return served.close();
        },
      };
    },
    createIgnoreReader,
    createConfigReader,
    changeDatabase: (wish, settings, access, options) => {
      const folder = databaseFolderOf(settings, access) ?? defaultDatabaseFolder(process.env, process.platform);
      const change = databaseChange(wish);
      if (change === undefined) {
        return Promise.reject(new Error('The file to import is not on a disk of this machine.'));
      }
      const job = { folder, change, version, network: access.params, transport: settings.networkTransport };
      return changeDatabase(script, job, { ...options, editorFetch: access.ask, record: requests });
    },
    files: {
      read: (file, folders) => {
        const path = nativePath(file);
        return path === undefined
          ? Promise.resolve({
              error: `${file} is not on this machine's disk, so it is checked only while it is open.`,
              why: 'it is not on a disk of this machine.',
            })
          : readRequirementFile(path, { within: withinOf(path, folders) });
      },
      whereIs: async (file, folders) => {
        const path = nativePath(file);
        return path === undefined ? 'outside' : whereIsAmong(path, nativePaths(folders));
      },
      discover: async (folder, { include, exclude, signal }) => {
        const path = nativePath(folder);
        if (path === undefined) {
          // A folder of another kind is the editor's to read; one that claims to be on disk is missed.
          const isMissed = isDiskAddress(folder);
          return { uris: [], unread: isMissed ? [`${folder} was not searched: it is no folder of this machine.`] : [] };
        }
        if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) {
          return { uris: [], unread: [`"${path}" was not searched: there is no such folder.`] };
        }
        const found = await discoverRequirementFiles(path, { include, exclude }, signal);
        signal.throwIfAborted(); // what was found so far is not what there is
        const idOf = (one: string): FileId => idOfPath(one, isWindows);
        const skipped = found.skipped.map((one) => ({ uri: idOf(one.path), reason: one.reason }));
        return { uris: found.paths.map(idOf), unread: found.unread, skipped };
      },
      createLockReader: (log) => lockReaderByUri(createLockReader({ log, wantsNeeds: () => true })),
    },
    statisticsFile: ({ storagePath, globalStoragePath }) => {
      const storage = storagePath ?? globalStoragePath;
      return storage === undefined ? undefined : keptText(path.join(storage, 'statistics.json'));
    },
    processFigures: () => {
      const { user, system } = process.cpuUsage();
      const delay = loopDelay.figures;
      return {
        rssBytes: process.memoryUsage.rss(),
        uptimeSeconds: process.uptime(),
        cpuSeconds: (user + system) / 1e6,
        ...(delay && { loopDelay: delay }),
      };
    },
    requests,
    times,
  };
}

/** `--log json` on the command line of the server. */
function logFormatOf(args: readonly string[]): 'text' | 'json' {
  const at = args.indexOf('--log');
  return args.includes('--log=json') || (at !== -1 && args[at + 1] === 'json') ? 'json' : 'text';
}

/** The workspace's own storage; without a folder open, the one that all windows share. */
function cacheFolderOf({ storagePath, globalStoragePath }: ClientAccess): string | undefined {
  const storage = storagePath ?? globalStoragePath;
  return storage === undefined ? undefined : path.join(storage, 'cache');
}

/** A password comes from the environment, where our client puts that of the editor's secret storage, and never from a setting. */
function redisUrlOf({ cacheRedisUrl }: EngineSettings, secret: RedisSecret | undefined): string | undefined {
  const whole = process.env['PINWATCH_REDIS_URL'] ?? '';
  if (whole !== '') {
    return whole;
  }
  return cacheRedisUrl === '' ? undefined : withRedisSecret(cacheRedisUrl, secret);
}

function databaseFolderOf(
  { offlineDatabasePath }: EngineSettings,
  { globalStoragePath }: ClientAccess,
): string | undefined {
  if (offlineDatabasePath !== '') {
    return offlineDatabasePath;
  }
  return globalStoragePath === undefined ? undefined : path.join(globalStoragePath, 'advisories');
}

function createIgnoreReader(): IgnoreReader {
  const ignoreFiles = createIgnoreFiles({});
  const configFiles = createConfigFiles({});
  // One for all folders below a configuration: what it ignores is used where any of them uses it.
  const ofConfigs = new WeakMap<IgnoreList, IgnoreList>();
  return {
    nearest: async (file, folders) => {
      const path = nativePath(file);
      if (path === undefined) {
        return [];
      }
      const [innermost] = nativePaths(folders).toSorted((a, b) => b.length - a.length);
      const config = innermost === undefined ? undefined : await configFiles.nearest(innermost, [innermost]);
      const own = config && (ofConfigs.get(config.ignores) ?? { ...config.ignores, problems: config.problems });
      if (config !== undefined && own !== undefined) ofConfigs.set(config.ignores, own);
      const lists = [...(await ignoreFiles.nearest(path, nativePaths(folders))), ...(own === undefined ? [] : [own])];
      return lists.flatMap((list) => (list.path === undefined ? [] : [{ uri: idOfPath(list.path, isWindows), list }]));
    },
  };
}

function createConfigReader(): ConfigReader {
  const configFiles = createConfigFiles({});
  return {
    nearest: async (folder) => {
      const path = nativePath(folder);
      return path === undefined ? undefined : configFiles.nearest(path, [path]);
    },
  };
}

/** One folder that is not there is no reason to find nothing in the others. */
async function whereIsAmong(path: string, folders: readonly string[]): Promise<Whereabouts> {
  const places = await Promise.all(folders.map((folder) => whereIs(path, [folder])));
  return (['inside', 'outside', 'unclear'] as const).find((one) => places.includes(one)) ?? 'missing';
}

/** `undefined` where the file to import is not on disk. */
function databaseChange(wish: DatabaseWish): DatabaseChange | undefined {
  if (wish.kind === 'update') {
    return { kind: 'update', bucketUrl: osvBucketUrl };
  }
  const file = nativePath(fileId(wish.uri));
  return file === undefined ? undefined : { kind: 'import', file };
}

function lockReaderByUri(reader: LockReader): LockReader {
  return {
    read: async (uris, rootUris) => {
      const paths = new Map(uris.flatMap((uri) => nativePaths([fileId(uri)]).map((file) => [uri, file] as const)));
      const found = await reader.read([...paths.values()], nativePaths(rootUris.map(fileId)));
      return new Map([...paths].map(([uri, file]) => [uri, found.get(file) ?? []]));
    },
    select: (environments) => {
      const used = environments.map(({ folder, path: at }) => {
        const [file] = folder === undefined ? [] : nativePaths([fileId(folder)]);
        return folder !== undefined && file === undefined ? [] : [{ path: at, ...(file && { folder: file }) }];
      });
      reader.select?.(used.flat());
    },
    ownIndex: async (uri, rootUris, signal) => {
      const [file] = nativePaths([fileId(uri)]);
      const found = file === undefined ? undefined : reader.ownIndex?.(file, nativePaths(rootUris.map(fileId)), signal);
      return (await found) ?? new Set();
    },
    python: async (uri, rootUris, signal) => {
      const [file] = nativePaths([fileId(uri)]);
      return file === undefined ? undefined : reader.python(file, nativePaths(rootUris.map(fileId)), signal);
    },
  };
}

/** A file that the user named may lie anywhere; a pipe or a device is no document all the same. */
function withinOf(file: string, folders: readonly FileId[] | undefined): readonly string[] {
  return folders === undefined ? [path.parse(file).root] : nativePaths(folders);
}

const isWindows = process.platform === 'win32';

function nativePath(file: FileId): string | undefined {
  return pathOf(file, isWindows);
}

/** Without those that are nowhere on this machine's disk. */
function nativePaths(files: readonly FileId[]): readonly string[] {
  return files.flatMap((file) => nativePath(file) ?? []);
}
