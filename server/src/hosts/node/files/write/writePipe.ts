import { constants, open as openCallback } from 'node:fs';
import { Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { errorCode } from '../errorCode.ts';

/**
 * Writes into a pipe that has a name. Waits for its reader, and rejects where none comes; a reader that leaves early has what
 * it wanted. No thread is held meanwhile: one that waits for a pipe cannot be stopped.
 */
export async function writePipe(file: string, text: string | Iterable<string>, longestMs = waitMs): Promise<void> {
  const descriptor = await openForReader(file, performance.now() + longestMs);
  const pipe = new Socket({ fd: descriptor, readable: false, writable: true });
  pipe.on('error', () => undefined); // the callback of the write has it
  try {
    for (const piece of typeof text === 'string' ? [text] : text) {
      await new Promise<void>((resolve, reject) => {
        pipe.write(piece, (error) => (error ? reject(error) : resolve()));
      });
    }
  } catch (error) {
    if (errorCode(error) !== 'EPIPE') {
      throw error;
    }
  } finally {
    pipe.end();
  }
}

const waitMs = 30_000;
const betweenMs = 50;
const openDescriptor = promisify(openCallback);

async function openForReader(file: string, until: number): Promise<number> {
  for (;;) {
    try {
      return await openDescriptor(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (errorCode(error) !== 'ENXIO') {
        throw error;
      }
      if (performance.now() > until) {
        throw new Error('nobody reads this pipe', { cause: error });
      }
    }
    await setTimeout(betweenMs);
  }
}
