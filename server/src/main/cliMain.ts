import type { ScanArguments } from '../cli/arguments/command.ts';
import type { EngineParts } from './engineParts.ts';
import { endWith } from './lastHandler.ts';
import { setMaxListeners } from 'node:events';
import { isatty } from 'node:tty';
import { defaultSettings } from '../../../protocol/settings.ts';
import type { CliEngine, CliIo } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import { runToEnd } from '../cli/runToEnd.ts';
import { createAdvisoryDatabases } from '../hosts/node/database/advisoryDatabases.ts';
import { defaultDatabaseFolder } from '../hosts/node/database/databaseFolder.ts';
import { readText } from '../hosts/node/config/readText.ts';
import { createRepositoryOf, isRepositoryRoot } from '../hosts/node/config/repositoryOf.ts';
import { createConfigFiles } from '../hosts/node/config/configFiles.ts';
import { createIgnoreFiles, readIgnoreFile } from '../hosts/node/config/ignoreFiles.ts';
import { createLockReader } from '../hosts/node/locks/lockReader.ts';
import { ListedFolders } from '../hosts/node/files/listedFolders.ts';
import { createProjectFiles } from '../hosts/node/files/projectFiles.ts';
import { decodeRequirementFile } from '../hosts/node/files/readRequirementFile.ts';
import { createOutputStream } from '../hosts/node/process/outputStream.ts';
import { progressLine } from '../hosts/node/process/progressLine.ts';
import { systemClock } from '../hosts/node/process/systemClock.ts';
import { canRewriteLines, wantsColour } from '../hosts/node/process/terminal.ts';
import { writeReport } from '../hosts/node/files/write/writeReport.ts';
import type { LookUpTimes } from '../engine/operations/partsClock.ts';
import type { Log } from '../engine/ports.ts';
import { takeCacheSecret } from '../hosts/node/cache/cacheSecret.ts';
import { atExitOf } from './atExit.ts';
import { endSignals, exitCodeOf } from './exitCodes.ts';
import { version } from './version.ts';

// Hundreds of requests hear one signal. Node 20 would warn of that on standard error, where only the log belongs.
setMaxListeners(0);

const interrupted = new AbortController();
let interruptedWith: number | undefined;
const echoMs = 500;
const endLimitMs = 4_500;
// For a service that asks to be left alone, where nobody said how much time there is.
const usualPatienceMs = 120_000;
// Less than reading some hundred files takes; a small scan has 60 MB here.
const largeScanBytes = 72 * 1024 * 1024;
// More than a scan whose answers are kept takes.
const veryLargeScanBytes = 180 * 1024 * 1024;
const heapGrowthPercent = 50;
const atExit = atExitOf(process);
endSignals.forEach((signal) => process.on(signal, interrupt));

const stdout = createOutputStream(1, () => process.stdout);
// Nobody can be told that this one failed; it changes nothing about what was found.
const stderr = createOutputStream(2, () => process.stderr);

const progress = canRewriteLines(process.env, isatty(2))
  ? progressLine({
      write: (text) => stderr.write(text),
      columns: () => process.stderr.columns || 80,
      every: (milliseconds, call) => {
        const timer = setInterval(call, milliseconds).unref();
        return () => clearInterval(timer);
      },
    })
  : undefined;

const databases = createAdvisoryDatabases({
  defaultFolder: defaultDatabaseFolder(process.env, process.platform),
  clock: systemClock,
  version,
  warn: (message) => io.stderr(`pinwatch: ${message}\n`),
});

const presentFolder = process.cwd();
const listed = new ListedFolders(presentFolder);

const io: CliIo = {
  ...createProjectFiles({ presentFolder, standardInput: () => process.stdin, listed }),
  version,
  nodeVersion: process.versions.node,
  environment: process.env,
  showsColour: wantsColour(process.env, isatty(1)),
  progress: (line) => progress?.show(line),
  stdout: (text) => {
    progress?.makeRoom();
    stdout.write(text);
  },
  stdoutAll: (pieces) => {
    progress?.makeRoom();
    return stdout.writeAll(pieces);
  },
  stdoutReady: () => stdout.ready(),
  stderr: (text) => {
    progress?.makeRoom();
    stderr.write(text);
  },
  stdinChunks: () => process.stdin as AsyncIterable<Buffer>,
  decode: (bytes) => decodeRequirementFile(bytes, 'standard input'),
  writeFile: async (path, text, projects, scanned) => {
    if (!isStandardOutput(path)) {
      return writeReport(path, text, projects, scanned);
    }
    await stdout.writeAll(typeof text === 'string' ? [text] : text);
  },
  readText,
  repositoryOf: createRepositoryOf(
    presentFolder,
    async (folder) => !listed.lacks(`${folder}/.git`) && isRepositoryRoot(folder),
  ),
  ignoreFiles: createIgnoreFiles({
    presentFolder,
    read: async (file, options) => (listed.lacks(file) ? { kind: 'missing' } : readIgnoreFile(file, options)),
  }),
  configFiles: createConfigFiles({ presentFolder }),
  createLockReader: (log) => createLockReader({ presentFolder, log, listed }),
  databases,
  cache: {
    stats: async (folder) => (await import('./cacheFolders.ts')).cacheFolders(() => cacheSecret).stats(folder),
    clear: async (folder) => (await import('./cacheFolders.ts')).cacheFolders(() => cacheSecret).clear(folder),
  },
  createEngine: engineFor,
  now: () => systemClock.now(),
  elapsedMs: () => performance.now(),
  newId: () => crypto.randomUUID(),
  signal: interrupted.signal,
};

/** Opened by a name, a file would be written from its beginning, over what is in it already; a socket could not be opened. */
function isStandardOutput(path: string): boolean {
  return ['/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'].includes(path);
}

const argv = process.argv.slice(2);
const cacheSecret = takeCacheSecret(process.env);
void runToEnd(argv, io, work, () => stdout.delivered()).then((code) => endWith(interruptedWith ?? code));

/** An interrupted run has neither found all nor nothing, and what it broke off is no error of ours. */
async function work(): Promise<number> {
  try {
    return await run(argv, io);
  } catch (error) {
    if (interruptedWith !== undefined) {
      return interruptedWith;
    }
    throw error;
  }
}

/** The first signal ends the run in good order, and soon; one that is no echo of it ends the process at once. */
function interrupt(signal: NodeJS.Signals): void {
  if (interrupted.signal.aborted) {
    return;
  }
  const code = exitCodeOf(signal);
  interruptedWith = code;
  endWith(code); // every way out from here on has it
  interrupted.abort();
  process.stdin.destroy(); // nobody waits for the rest of it
  const end = (): void => process.exit(code);
  setTimeout(end, endLimitMs).unref();
  // A terminal tells every process in it, and `runOnNewerNode` passes on what it was told.
  setTimeout(() => endSignals.forEach((another) => process.once(another, end)), echoMs).unref();
}

/** Loads what this scan needs of the engine, and no more: a scan offline needs nothing of the network. */
async function engineFor(options: ScanArguments, log: Log, times?: LookUpTimes): Promise<CliEngine> {
  const { osvUrl, cacheTtlMinutes, indexUrl = 'none', offline, noCache, cacheDir, redisUrl, database, fix } = options;
  const { concurrency: osvConcurrency, requestTimeoutSeconds: osvTimeoutSeconds } = options;
  const { cacheMegabytes: cacheMaxDiskMegabytes, cacheEntries: cacheMaxEntries } = options;
  // A small scan would be slower for it.
  if (process.memoryUsage.rss() > largeScanBytes) {
    (await import('../hosts/node/process/keepYoungHeapSmall.ts')).keepYoungHeapSmall();
    const { keepHeapNearUseBeyond } = await import('../hosts/node/process/keepHeapNearUse.ts');
    keepHeapNearUseBeyond(veryLargeScanBytes, heapGrowthPercent);
  }
  const parts: EngineParts = {
    settings: {
      ...defaultSettings,
      osvUrl,
      osvConcurrency,
      osvTimeoutSeconds,
      cacheMaxDiskMegabytes,
      cacheMaxEntries,
      cacheTtlMinutes,
      indexUrl,
      networkTransport: 'direct',
      offlineMode: offline ? 'offline' : 'online',
    },
    version,
    log,
    times,
    cacheFolder: noCache ? undefined : cacheDir,
    redisUrl: noCache ? undefined : redisUrl,
    environment: process.env,
    cacheSecret,
    atExit,
    databaseFolder: database,
    // A fix asks what else there is of a package.
    outcomesOnly: !fix,
    // `--timeout` ends the whole scan, this wait too.
    patienceMs: options.timeoutSeconds === undefined ? usualPatienceMs : options.timeoutSeconds * 1000,
  };
  const engine = offline
    ? (await import('./localEngine.ts')).localEngine(parts)
    : (await import('./createEngine.ts')).createEngine(parts);
  return {
    scanner: engine.scanner,
    index: engine.index,
    licences: engine.licences,
    needs: engine.needs,
    projects: engine.projects,
    parts: engine,
    get counters() {
      return engine.counters;
    },
    get source() {
      return engine.describe();
    },
    close: () => engine.close(),
  };
}
