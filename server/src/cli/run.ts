import { plainText } from '../core/report/plainText.ts';
import { readArguments } from './args.ts';
import { databaseExitCode } from './database.ts';
import { exitCodes } from './exitCode.ts';
import { helpText } from './help.ts';
import type { CliIo } from './io.ts';
import { stderrLog } from './stderrLog.ts';

/**
 * The command line: `argv` without node and script. Resolves to the exit code; rejects only for an error of ours.
 * Each command is loaded when it is called.
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const command = readArguments(argv, io.environment);
  switch (command.kind) {
    case 'version':
      io.stdout(`${io.version}\n`);
      return exitCodes.clean;
    case 'help':
      io.stdout(helpText);
      return exitCodes.clean;
    case 'usageError':
      stderrLog(io, wantsJsonLog(argv) ? 'json' : 'text').error(command.message);
      return exitCodes.usage;
    case 'scan':
      return (await import('./scan.ts')).runScan(command, io);
    case 'parse':
      return (await import('./parse.ts')).runParse(command.paths, io);
    case 'parseLines':
      return (await import('./parse.ts')).runParseLines(io);
    case 'versionOperations':
      return (await import('./versionOperations.ts')).runVersionOperations(io);
    case 'matchLines':
      return withDatabase(io, async () => (await import('./match.ts')).runMatchLines(command.database, io));
    case 'db':
      return withDatabase(io, async () => (await import('./db.ts')).runDb(command, io));
    case 'cache':
      return (await import('./cache.ts')).runCache(command, io);
  }
}

/** What could not be read as a whole may still say how to talk about it. */
function wantsJsonLog(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--log=json' || (word === '--log' && argv[index + 1] === 'json'));
}

async function withDatabase(io: CliIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const code = databaseExitCode(error) ?? (io.signal.aborted ? exitCodes.incomplete : undefined);
    if (code === undefined) {
      throw error;
    }
    const why = error instanceof Error && !io.signal.aborted ? error.message : 'Interrupted.';
    io.stderr(`pinwatch: ${plainText(why, 1000)}\n`);
    return code;
  }
}
