import { stat, writeFile } from 'node:fs/promises';
import { defaultSettings } from '../../../protocol/settings.ts';
import { exitCodes } from '../cli/exitCode.ts';
import type { CliIo } from '../cli/io.ts';
import { run } from '../cli/run.ts';
import { discoverRequirementFiles } from '../platform/discoverRequirementFiles.ts';
import { decodeRequirementFile, readRequirementFile } from '../platform/readRequirementFile.ts';
import { createEngine } from './nodeEnvironment.ts';
import { version } from './version.ts';

const interrupted = new AbortController();
process.once('SIGINT', () => interrupted.abort());
process.once('SIGTERM', () => interrupted.abort());
// A reader that leaves early (`| head`) is no error of ours.
process.stdout.on('error', () => process.exit());

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
  createEngine: ({ osvUrl, cacheTtlMinutes }, log) =>
    createEngine({ ...defaultSettings, osvUrl, cacheTtlMinutes }, log, version),
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
