import { readArguments } from './arguments/args.ts';
import { runCache } from './commands/cache.ts';
import { databaseExitCode } from './database.ts';
import { runConfig } from './commands/config.ts';
import { runDb } from './commands/db.ts';
import { exitCodes } from './exitCodes.ts';
import { runHealth } from './commands/health.ts';
import { helpText } from './arguments/help.ts';
import { shortHelpText } from './arguments/shortHelp.ts';
import type { CliIo } from './io.ts';
import { runInit } from './commands/init.ts';
import { runMatchLines } from './commands/match.ts';
import { runParse, runParseLines } from './commands/parse.ts';
import { runScan } from './commands/scan.ts';
import { stderrLog } from './stderrLog.ts';
import { runVersionOperations } from './commands/versionOperations.ts';

/** The command line: `argv` without node and script. Resolves to the exit code; rejects only for an error of ours. */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  const command = readArguments(argv, io.environment);
  switch (command.kind) {
    case 'version':
      io.stdout(`${io.version}\n`);
      return exitCodes.clean;
    case 'help':
      io.stdout(command.isFull ? helpText : shortHelpText);
      return exitCodes.clean;
    case 'usageError':
      stderrLog(io, { format: wantsJsonLog(argv) ? 'json' : 'text' }).error(command.message, { event: 'usage' });
      return exitCodes.usage;
    case 'scan':
      return runScan(command, io);
    case 'health':
      return runHealth(command, io);
    case 'init':
      return runInit(command.folder, io);
    case 'config':
      return runConfig(command, io);
    case 'parse':
      return runParse(command.paths, io);
    case 'parseLines':
      return runParseLines(io);
    case 'versionOperations':
      return runVersionOperations(io);
    case 'matchLines':
      return withDatabase(argv, io, () => runMatchLines(command.database, io));
    case 'db':
      return withDatabase(argv, io, () => runDb(command, io));
    case 'cache':
      return runCache(command, io);
  }
}

/** What could not be read as a whole may still say how to talk about it. */
export function wantsJsonLog(argv: readonly string[]): boolean {
  return argv.some((word, index) => word === '--log=json' || (word === '--log' && argv[index + 1] === 'json'));
}

async function withDatabase(argv: readonly string[], io: CliIo, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    const code = databaseExitCode(error) ?? (io.signal.aborted ? exitCodes.incomplete : undefined);
    if (code === undefined) {
      throw error;
    }
    const why = error instanceof Error && !io.signal.aborted ? error.message : 'Interrupted.';
    stderrLog(io, { format: wantsJsonLog(argv) ? 'json' : 'text' }).error(why, { event: 'database.failed' });
    return code;
  }
}
