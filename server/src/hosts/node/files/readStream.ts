import type { Readable } from 'node:stream';

export interface ReadStreamOptions {
  readonly mostBytes: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * All that a stream has; `undefined` as soon as it is more than the limit. Rejects when it fails, and with the signal's reason.
 * The stream is destroyed at the end.
 */
export async function readStream(
  stream: Readable,
  { mostBytes, signal }: ReadStreamOptions,
): Promise<Buffer | undefined> {
  signal?.throwIfAborted();
  const stop = (): void => void stream.destroy(signal?.reason as Error);
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostBytes) {
        return undefined;
      }
    }
    return Buffer.concat(chunks);
  } finally {
    signal?.removeEventListener('abort', stop);
    stream.destroy();
  }
}
