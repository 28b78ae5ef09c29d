import { endWith } from './lastHandler.ts';
import { setMaxListeners } from 'node:events';
import { stat } from 'node:fs/promises';
import { defaultSettings } from '../../../protocol/settings.ts';
import type { ScanArguments } from '../cli/args.ts';
import type { CliEngine, CliIo } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import { runToEnd } from '../cli/runToEnd.ts';
import { createAdvisoryDatabases } from '../platform/database/advisoryDatabases.ts';
import { defaultDatabaseFolder } from '../platform/database/databaseFolder.ts';
import { changeFile } from '../platform/changeFile.ts';
import { createIgnoreFiles } from '../platform/ignoreFiles.ts';
import { discoverRequirementFiles } from '../platform/discoverRequirementFiles.ts';
import { createLockReader } from '../platform/locks/lockReader.ts';
import { decodeRequirementFile, readRequirementFile } from '../platform/readRequirementFile.ts';
import { createOutputStream } from '../platform/outputStream.ts';
import { systemClock } from '../platform/systemClock.ts';
import { writeReport } from '../platform/writeReport.ts';
import type { Log } from '../scan/ports.ts';
import { clearCache, cacheFigures } from './cacheFolders.ts';
import { createEngine } from './createEngine.ts';
import { runOnNewerNode } from './runOnNewerNode.ts';
import { version } from './version.ts';

// Hundreds of requests hear one signal. Node 20 would warn of that on standard error, where only the log belongs.
setMaxListeners(0);

const interrupted = new AbortController();
const echoMs = 500;
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);

const stdout = createOutputStream(1, () => process.stdout);
// Nobody can be told that this one failed; it changes nothing about what was found.
const stderr = createOutputStream(2, () => process.stderr);

const databases = createAdvisoryDatabases({
  defaultFolder: defaultDatabaseFolder(process.env, process.platform),
  clock: systemClock,
  version,
});

const io: CliIo = {
  version,
  environment: process.env,
  presentFolder: process.cwd(),
  stdout: (text) => stdout.write(text),
  stderr: (text) => stderr.write(text),
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
  writeFile: writeReport,
  changeFile,
  discover: (folder) => discoverRequirementFiles(folder, { include: [], exclude: [] }),
  ignoreFiles: createIgnoreFiles({ presentFolder: process.cwd() }),
  createLockReader: (log) => createLockReader({ presentFolder: process.cwd(), log }),
  databases,
  cache: {
    stats: cacheFigures,
    clear: clearCache,
  },
  createEngine: engineFor,
  now: () => systemClock.now(),
  elapsedMs: () => performance.now(),
  signal: interrupted.signal,
};

const argv = process.argv.slice(2);
const keepsSomething = ['scan', 'match', 'db', 'cache'].includes(argv[0] ?? '');
const work = async (): Promise<number> =>
  (keepsSomething ? await runOnNewerNode() : undefined) ?? (await run(argv, io));
void runToEnd(argv, io, work, () => stdout.delivered()).then(endWith);

/** The first signal ends what is under way in good order; one that is no echo of it ends the process at once. */
function interrupt(): void {
  if (!interrupted.signal.aborted) {
    interrupted.abort();
    // A terminal tells every process in it, and `runOnNewerNode` passes on what it was told.
    setTimeout(() => process.off('SIGINT', interrupt).off('SIGTERM', interrupt), echoMs).unref();
  }
}

function engineFor(options: ScanArguments, log: Log): CliEngine {
  const { osvUrl, cacheTtlMinutes, indexUrl = 'none', offline, noCache, cacheDir, redisUrl, database } = options;
  const engine = createEngine({
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
  });
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
