import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { LookupError } from '../../scan/ports.ts';
import { errorCode } from '../errorCode.ts';

export interface BodyOptions {
  readonly isGzip: boolean;
  /** On the wire, and unpacked. */
  readonly maxBytes: number;
  /** Give what was read so far instead of failing where there is more. */
  readonly isCut: boolean;
  /** Called for every piece that arrives. */
  readonly onChunk: () => void;
}

/** The body as text, unpacked piece by piece: what is more than allowed is never held, however small it was packed. */
export async function readBody(body: AsyncIterable<Uint8Array>, options: BodyOptions): Promise<string> {
  const { isGzip, maxBytes, isCut, onChunk } = options;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const chunk of isGzip ? unzipped(body, maxBytes, onChunk) : body) {
      if (!isGzip) {
        onChunk();
      }
      bytes += chunk.length;
      if (bytes > maxBytes && !isCut) {
        throw tooLarge(maxBytes); // leaving the loop destroys the body
      }
      chunks.push(chunk);
      if (bytes > maxBytes) {
        break;
      }
    }
  } catch (error) {
    throw /^Z_/u.test(errorCode(error))
      ? new LookupError('badResponse', 'sent a body that cannot be unpacked', { cause: error })
      : error;
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function* unzipped(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onChunk: () => void,
): AsyncGenerator<Uint8Array> {
  const packed = Readable.from(counted(body, maxBytes, onChunk), { objectMode: false });
  const gunzip = createGunzip();
  packed.on('error', (error) => gunzip.destroy(error));
  packed.pipe(gunzip);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      yield chunk;
    }
  } finally {
    packed.destroy();
  }
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  onChunk: () => void,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    onChunk();
    bytes += chunk.length;
    if (bytes > maxBytes) {
      throw tooLarge(maxBytes); // many empty members unpack to nothing
    }
    yield chunk;
  }
}

function tooLarge(maxBytes: number): LookupError {
  return new LookupError('badResponse', `sent more than ${Math.round(maxBytes / 1024 / 1024)} MB`);
}
