import { writeSync } from 'node:fs';
import { exitCodes } from '../cli/exitCodes.ts';
import { plainText } from '../core/text/plainText.ts';

/**
 * The exit code of the command line, set once its work is done. Until then every other way out (an error that nobody caught,
 * nothing left to wait for) is "incomplete" with one line on standard error: never 0, never 1. Imported first, so
 * that it holds while the rest is loaded.
 */
export const endWith = armLastHandler();

function armLastHandler(): (code: number) => void {
  let isDone = false;
  const crash = (error: unknown): void => {
    isDone = true;
    say(`an error of pinwatch itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exit(exitCodes.incomplete);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);
  process.on('exit', () => {
    if (!isDone) {
      say('an error of pinwatch itself: it ended before its work was done');
    }
  });
  process.exitCode = exitCodes.incomplete;
  return (code) => {
    isDone = true;
    process.exitCode = code;
  };
}

/** On one line. Standard error may be what is broken. */
function say(message: string): void {
  try {
    writeSync(2, `pinwatch: ${plainText(message, 2000)}\n`);
  } catch {
    // The exit code says it.
  }
}
