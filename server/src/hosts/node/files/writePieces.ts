import type { FileHandle } from 'node:fs/promises';

const bufferBytes = 256 * 1024;

/** Writes the pieces one after the other by way of one buffer, so that a long text leaves nothing of its length to collect. */
export async function writePieces(handle: FileHandle, pieces: Iterable<string>): Promise<void> {
  const encoder = new TextEncoder();
  const buffer = new Uint8Array(bufferBytes);
  let used = 0;
  const flush = async (): Promise<void> => {
    for (let at = 0; at < used;) {
      at += (await handle.write(buffer, at, used - at)).bytesWritten;
    }
    used = 0;
  };
  for (const piece of pieces) {
    for (let rest = piece; rest !== '';) {
      const { read, written } = encoder.encodeInto(rest, buffer.subarray(used));
      used += written;
      rest = rest.slice(read);
      if (rest !== '' || used === bufferBytes) {
        await flush();
      }
    }
  }
  await flush();
}
