import { writeSync } from 'node:fs';

const standardOutput = 1;
const standardError = 2;

/**
 * Writes to standard output without its stream, which takes longer to load than a short answer takes to print. Returns the
 * exit code: 2 where the text could not be written, 0 where the reader has closed the pipe.
 */
export function writeNow(text: string): number {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(standardOutput, rest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') {
        return 0;
      }
      if (code !== 'EAGAIN') {
        complain(error);
        return 2;
      }
      // A pipe that does not block is full.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
  return 0;
}

function complain(error: unknown): void {
  const why = error instanceof Error ? error.message : String(error);
  try {
    writeSync(standardError, `pinwatch: standard output could not be written: ${why}\n`);
  } catch {
    // The exit code says it.
  }
}
