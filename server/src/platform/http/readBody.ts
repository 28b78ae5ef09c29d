import type { Readable } from 'node:stream';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { LookupError } from '../../scan/ports.ts';
import { errorCode } from '../errorCode.ts';

export interface BodyOptions {
  readonly isGzip: boolean;
  /** On the wire, and unpacked. */
  readonly maxBytes: number;
  /** Give the beginning instead of failing where there is more. */
  readonly isCut: boolean;
  /** Called for every piece that arrives. */
  readonly onChunk: () => void;
}

// What is packed smaller than this is unpacked in less time than a stream for it would take.
const mostAtOnceBytes = 128 * 1024;

/** The body as text. What is more than allowed is never held, however small it was packed. */
export async function readBody(body: Readable, options: BodyOptions): Promise<string> {
  const { isGzip, maxBytes, isCut, onChunk } = options;
  body.on('data', onChunk);
  try {
    const first = await collect(body, isGzip ? Math.min(mostAtOnceBytes, maxBytes) : maxBytes);
    const isWhole = first.isEnd || isCut;
    if (isGzip) {
      return isWhole
        ? unpacked(first.bytes, options)
        : (await unpackedOnTheWay(first.bytes, body, maxBytes)).toString();
    }
    if (isWhole) {
      return first.bytes.toString();
    }
    throw tooLarge(maxBytes);
  } finally {
    if (!body.readableEnded) {
      body.on('error', () => undefined).destroy(); // nobody waits for the rest
    }
  }
}

/** All of a stream, or its beginning where that is more than `mostBytes`; the stream then waits. */
function collect(stream: Readable, mostBytes: number): Promise<{ readonly bytes: Buffer; readonly isEnd: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let length = 0;
    const take = (chunk: Uint8Array): void => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > mostBytes) {
        stream.off('data', take).pause();
        resolve({ bytes: Buffer.concat(chunks), isEnd: false });
      }
    };
    stream.on('data', take);
    stream.once('end', () => resolve({ bytes: Buffer.concat(chunks), isEnd: true }));
    stream.once('error', reject);
    // What is closed before its end is no answer.
    stream.once('close', () => {
      if (!stream.readableEnded) {
        reject(cutShort());
      }
    });
  });
}

function unpacked(bytes: Buffer, { maxBytes, isCut }: BodyOptions): string {
  try {
    const limits = { maxOutputLength: maxBytes, ...(isCut ? { finishFlush: constants.Z_SYNC_FLUSH } : {}) };
    return gunzipSync(bytes, limits).toString();
  } catch (error) {
    if (isCut) {
      return '';
    }
    throw errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxBytes) : notGzip(error);
  }
}

/** Piece by piece, so that too much is noticed before all of it has come. */
async function unpackedOnTheWay(beginning: Buffer, rest: Readable, maxBytes: number): Promise<Buffer> {
  if (rest.destroyed && !rest.readableEnded) {
    throw rest.errored ?? cutShort();
  }
  const gunzip = createGunzip();
  let packed = beginning.length;
  rest.on('data', (chunk: Uint8Array) => {
    packed += chunk.length;
    if (packed > maxBytes) {
      gunzip.destroy(tooLarge(maxBytes)); // many empty members unpack to nothing
    }
  });
  rest.on('error', (error) => gunzip.destroy(error));
  rest.once('close', () => {
    if (!rest.readableEnded) {
      gunzip.destroy(cutShort()); // else it would wait for the end for ever
    }
  });
  gunzip.write(beginning);
  rest.pipe(gunzip);
  try {
    const { bytes, isEnd } = await collect(gunzip, maxBytes);
    if (!isEnd) {
      throw tooLarge(maxBytes);
    }
    return bytes;
  } catch (error) {
    throw /^Z_/u.test(errorCode(error)) ? notGzip(error) : error;
  } finally {
    gunzip.destroy();
  }
}

function cutShort(): Error {
  return new Error('the answer was cut short');
}

function notGzip(cause: unknown): LookupError {
  return new LookupError('badResponse', 'sent a body that cannot be unpacked', { cause });
}

function tooLarge(maxBytes: number): LookupError {
  return new LookupError('badResponse', `sent more than ${Math.round(maxBytes / 1024 / 1024)} MB`);
}
