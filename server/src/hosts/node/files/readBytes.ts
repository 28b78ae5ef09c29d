import type { FileHandle } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { errorCode } from './errorCode.ts';
import { unless } from './unless.ts';

export interface ReadBytesOptions {
  /** How long the file says it is; only a first guess where it turns out to be another, or says that it is empty. */
  readonly expected: number;
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

// Enough for what says that it is empty, as files of the system do.
const leastBytes = 4 * 1024;
const againMs = 20;

/** All bytes from here to the end; `undefined` as soon as there are more than the limit. */
export async function readBytes(
  handle: FileHandle,
  { expected, mostBytes, signal }: ReadBytesOptions,
): Promise<Buffer | undefined> {
  // One more than expected: a read that fills the buffer does not say whether it was the last.
  let buffer = Buffer.allocUnsafe(Math.min(Math.max(expected + 1, leastBytes), mostBytes + 1));
  for (let length = 0; ;) {
    const count = await unless(signal, () => readOnce(handle, buffer, length));
    if (count === undefined) {
      await setTimeout(againMs, undefined, signal === undefined ? {} : { signal });
      continue;
    }
    length += count;
    if (length > mostBytes) {
      return undefined;
    }
    // A file that says how long it is ends there; what says that it is empty may have more.
    if (count === 0 || (length === expected && length < buffer.length)) {
      return buffer.subarray(0, length);
    }
    if (length === buffer.length) {
      const larger = Buffer.allocUnsafe(Math.min(buffer.length * 2, mostBytes + 1));
      buffer.copy(larger);
      buffer = larger;
    }
  }
}

/** `undefined` where nothing is there yet. */
async function readOnce(handle: FileHandle, buffer: Buffer, at: number): Promise<number | undefined> {
  try {
    return (await handle.read(buffer, at, buffer.length - at, null)).bytesRead;
  } catch (error) {
    if (errorCode(error) === 'EAGAIN') {
      return undefined;
    }
    throw error;
  }
}
