import { answerVersionOperation } from '../../core/versions/versionOperations.ts';
import { exitCodes } from '../exitCodes.ts';
import type { CliIo } from '../io.ts';
import { answerJsonLines } from '../jsonLines.ts';

/** `pinwatch version --jsonl`: PEP 440 operations, one a line, for tests. */
export async function runVersionOperations(io: CliIo): Promise<number> {
  await answerJsonLines(io, answerVersionOperation);
  return exitCodes.clean;
}
