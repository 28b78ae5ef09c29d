import { closeSync, constants, fstatSync, open as openCallback } from 'node:fs';
import { open } from 'node:fs/promises';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { readBytes } from './readBytes.ts';
import { readStream } from './readStream.ts';
import { failed, type LoadError, loadErrorOf, tooLarge } from './loader.ts';
import { unless } from './unless.ts';

export interface LoadNamedOptions {
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

export type LoadedNamed = { readonly bytes: Buffer } | { readonly error: LoadError };

/**
 * A file that the user named: any file that can be read, wherever it lies, a pipe and a device included. It ends at the limit
 * and at the signal all the same. Never throws.
 */
export async function loadNamedFile(file: string, { mostBytes, signal }: LoadNamedOptions): Promise<LoadedNamed> {
  try {
    // Without waiting for a writer: a thread that waits cannot be stopped.
    const descriptor = await unless(signal, () => openDescriptor(file, readFlags));
    const stats = fstatSync(descriptor);
    if (stats.isFIFO()) {
      // The event loop waits for a writer, and the stream closes the descriptor.
      const pipe = new Socket({ fd: descriptor, readable: true, writable: false });
      return loaded(await readStream(pipe, { mostBytes, signal }), mostBytes);
    }
    closeSync(descriptor);
    if (stats.isDirectory()) {
      return failed('notRegular', 'it is a folder', 'EISDIR');
    }
    const handle = await unless(signal, () => open(file, readFlags));
    try {
      return loaded(await readBytes(handle, { expected: stats.size, mostBytes, signal }), mostBytes);
    } finally {
      void handle.close().catch(() => undefined);
    }
  } catch (error) {
    return loadErrorOf(error, signal);
  }
}

function loaded(bytes: Buffer | undefined, mostBytes: number): LoadedNamed {
  return bytes === undefined ? failed('tooLarge', tooLarge(mostBytes)) : { bytes };
}

const optionalFlags: Partial<typeof constants> = constants;
const readFlags = constants.O_RDONLY | (optionalFlags.O_NONBLOCK ?? 0) | (optionalFlags.O_NOCTTY ?? 0);
const openDescriptor = promisify(openCallback);
