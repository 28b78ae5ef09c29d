import { once, setMaxListeners } from 'node:events';
import { stat, writeFile } from 'node:fs/promises';
import { defaultSettings } from '../../../protocol/settings.ts';
import { exitCodes } from '../cli/exitCode.ts';
import type { ScanArguments } from '../cli/args.ts';
import type { CliEngine, CliIo } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import { createAdvisoryDatabases } from '../platform/database/advisoryDatabases.ts';
import { defaultDatabaseFolder } from '../platform/database/databaseFolder.ts';
import { changeFile } from '../platform/changeFile.ts';
import { createIgnoreFiles } from '../platform/ignoreFiles.ts';
import { discoverRequirementFiles } from '../platform/discoverRequirementFiles.ts';
import { createLockReader } from '../platform/locks/lockReader.ts';
import { decodeRequirementFile, readRequirementFile } from '../platform/readRequirementFile.ts';
import { systemClock } from '../platform/systemClock.ts';
import type { Log } from '../scan/ports.ts';
import type { EngineParts } from './createEngine.ts';
import { version } from './version.ts';

// Hundreds of requests hear one signal. Node 20 would warn of that on standard error, where only the log belongs.
setMaxListeners(0);

const interrupted = new AbortController();
const echoMs = 500;
// What reading some hundred files takes.
const largeScanBytes = 100 * 1024 * 1024;
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// A reader that leaves early (`| head`) is no error of ours.
process.stdout.on('error', () => process.exit());

const databases = createAdvisoryDatabases({
  defaultFolder: defaultDatabaseFolder(process.env, process.platform),
  clock: systemClock,
  version,
});

const io: CliIo = {
  version,
  environment: process.env,
  presentFolder: process.cwd(),
  stdout: (text) => void process.stdout.write(text),
  stdoutReady: () => ready(process.stdout),
  stderr: (text) => void process.stderr.write(text),
  readStdin: async () => {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  },
  kindOf: async (path) => {
    try {
      return (await stat(path)).isDirectory() ? 'folder' : 'file';
    } catch {
      return 'missing';
    }
  },
  readFile: readRequirementFile,
  decode: (bytes) => decodeRequirementFile(bytes, 'standard input'),
  writeFile: (path, text) => writeFile(path, text),
  changeFile,
  discover: (folder) => discoverRequirementFiles(folder, { include: [], exclude: [] }),
  ignoreFiles: createIgnoreFiles({ presentFolder: process.cwd() }),
  createLockReader: (log) => createLockReader({ presentFolder: process.cwd(), log }),
  databases,
  cache: {
    stats: async (folder) => (await import('./cacheFolders.ts')).cacheFigures(folder),
    clear: async (folder) => (await import('./cacheFolders.ts')).clearCache(folder),
  },
  createEngine: engineFor,
  now: () => systemClock.now(),
  elapsedMs: () => performance.now(),
  signal: interrupted.signal,
};

void run(process.argv.slice(2), io).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    io.stderr(`pinwatch: an error of pinwatch itself: ${error instanceof Error ? error.stack : String(error)}\n`);
    process.exitCode = exitCodes.incomplete;
  },
);

async function ready(stream: NodeJS.WriteStream): Promise<void> {
  const left = new AbortController();
  const { signal } = left;
  if (stream.writableNeedDrain && !stream.destroyed) {
    // An error ends the wait, too: whoever listens for it says so.
    const events = ['drain', 'close', 'error'].map((event) => once(stream, event, { signal }));
    await Promise.race(events).catch(() => undefined);
    events.forEach((event) => void event.catch(() => undefined));
    left.abort();
  }
}

/** The first signal ends what is under way in good order; one that is no echo of it ends the process at once. */
function interrupt(): void {
  if (!interrupted.signal.aborted) {
    interrupted.abort();
    // A terminal tells every process in it, and `runOnNewerNode` passes on what it was told.
    setTimeout(() => process.off('SIGINT', interrupt).off('SIGTERM', interrupt), echoMs).unref();
  }
}

/** Loads what this scan needs of the engine, and no more: a scan offline needs nothing of the network. */
async function engineFor(options: ScanArguments, log: Log): Promise<CliEngine> {
  const { osvUrl, cacheTtlMinutes, indexUrl = 'none', offline, noCache, cacheDir, redisUrl, database, fix } = options;
  // A small scan would be slower for it.
  if (process.memoryUsage.rss() > largeScanBytes) {
    (await import('../platform/keepYoungHeapSmall.ts')).keepYoungHeapSmall();
  }
  const parts: EngineParts = {
    settings: {
      ...defaultSettings,
      osvUrl,
      cacheTtlMinutes,
      indexUrl,
      networkTransport: 'direct',
      offlineMode: offline ? 'offline' : 'online',
    },
    version,
    log,
    cacheFolder: noCache ? undefined : cacheDir,
    redisUrl: noCache ? undefined : redisUrl,
    databaseFolder: database,
    // A fix asks what else there is of a package.
    outcomesOnly: !fix,
  };
  const engine = offline
    ? (await import('./localEngine.ts')).localEngine(parts)
    : (await import('./createEngine.ts')).createEngine(parts);
  return {
    scanner: engine.scanner,
    index: engine.index,
    get counters() {
      return engine.counters;
    },
    get source() {
      return engine.describe();
    },
    close: () => engine.close(),
  };
}
