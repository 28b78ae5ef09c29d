import { stat, writeFile } from 'node:fs/promises';
import { defaultSettings } from '../../../protocol/settings.ts';
import { exitCodes } from '../cli/exitCode.ts';
import type { ScanArguments } from '../cli/args.ts';
import type { CliEngine, CliIo } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import { createAdvisoryDatabases } from '../platform/database/advisoryDatabases.ts';
import { defaultDatabaseFolder } from '../platform/database/databaseFolder.ts';
import { createDatabaseSource } from '../platform/database/databaseSource.ts';
import { discoverRequirementFiles } from '../platform/discoverRequirementFiles.ts';
import { decodeRequirementFile, readRequirementFile } from '../platform/readRequirementFile.ts';
import { systemClock } from '../platform/systemClock.ts';
import type { Log } from '../scan/ports.ts';
import { createEngine, engineOver } from './nodeEnvironment.ts';
import { version } from './version.ts';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// A reader that leaves early (`| head`) is no error of ours.
process.stdout.on('error', () => process.exit());

const databases = createAdvisoryDatabases({
  defaultFolder: defaultDatabaseFolder(process.env, process.platform),
  clock: systemClock,
  version,
});

const io: CliIo = {
  version,
  stdout: (text) => void process.stdout.write(text),
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
  discover: (folder) => discoverRequirementFiles(folder, { include: [], exclude: [] }),
  databases,
  createEngine: (options, log) => (options.offline ? offlineEngine(options, log) : onlineEngine(options, log)),
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

function onlineEngine({ osvUrl, cacheTtlMinutes }: ScanArguments, log: Log): CliEngine {
  const engine = createEngine({ ...defaultSettings, osvUrl, cacheTtlMinutes }, log, version);
  return { ...engine, counters: engine.counters, source: { kind: 'osv', url: osvUrl } };
}

function offlineEngine({ database, cacheTtlMinutes }: ScanArguments, log: Log): CliEngine {
  const source = createDatabaseSource(() => databases.open(database ?? databases.defaultFolder), systemClock);
  const engine = engineOver({ source, sourceId: 'database', tiers: [] }, { ...defaultSettings, cacheTtlMinutes }, log);
  return {
    scanner: engine.scanner,
    counters: engine.counters,
    get source() {
      const dataAge = source.dataAgeSeconds();
      return dataAge === undefined ? ({ kind: 'database' } as const) : ({ kind: 'database', dataAge } as const);
    },
    close: () => engine.close(),
  };
}
