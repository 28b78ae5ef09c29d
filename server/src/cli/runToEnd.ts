import { exitCodes } from './exitCodes.ts';
import type { CliIo } from './io.ts';
import { wantsJsonLog } from './run.ts';
import { stderrLog } from './stderrLog.ts';

/**
 * The exit code once the work is done and its output delivered. An error of ours is "incomplete"; output that could not be
 * written is no success and no finding either. `delivered` resolves to what went wrong. Never rejects.
 */
export async function runToEnd(
  argv: readonly string[],
  io: Pick<CliIo, 'stderr' | 'now'>,
  work: () => Promise<number>,
  delivered: () => Promise<string | undefined>,
): Promise<number> {
  const log = stderrLog(io, { format: wantsJsonLog(argv) ? 'json' : 'text' });
  let code: number;
  try {
    code = await work();
  } catch (error) {
    log.error(
      `an error of pinwatch itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    code = exitCodes.incomplete;
  }
  const fault = await delivered();
  if (fault === undefined) {
    return code;
  }
  log.error(`standard output could not be written: ${fault}`);
  return exitCodes.usage;
}
