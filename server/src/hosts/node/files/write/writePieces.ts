import type { FileHandle } from 'node:fs/promises';

const bufferBytes = 256 * 1024;

/** Writes the pieces one after the other by way of one buffer, so that a long text leaves nothing of its length to collect. */
export async function writePieces(handle: FileHandle, pieces: Iterable<string>): Promise<void> {
  await encodePieces(pieces, bufferBytes, async (bytes) => {
    for (let at = 0; at < bytes.length;) {
      at += (await handle.write(bytes, at, bytes.length - at)).bytesWritten;
    }
  });
}

/**
 * The pieces as UTF-8, so many bytes at a time, or a little less; `take` has them until it resolves. Short pieces are encoded faster than long
 * ones: of a text with one character beyond Latin-1 V8 keeps two bytes for each.
 */
export async function encodePieces(
  pieces: Iterable<string>,
  most: number,
  take: (bytes: Uint8Array) => Promise<void> | void,
): Promise<void> {
  const encoder = new TextEncoder();
  const buffer = new Uint8Array(most);
  let used = 0;
  for (const piece of pieces) {
    for (let rest = piece; rest !== '';) {
      const { read, written } = encoder.encodeInto(rest, buffer.subarray(used));
      used += written;
      rest = read === rest.length ? '' : rest.slice(read);
      if (rest !== '' || used === most) {
        await take(buffer.subarray(0, used));
        used = 0;
      }
    }
  }
  if (used > 0) {
    await take(buffer.subarray(0, used));
  }
}
