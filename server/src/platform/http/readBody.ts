import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync, type ZlibOptions } from 'node:zlib';
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

// A body packed smaller than this is unpacked in less time than it takes to hand it to another thread.
const mostAtOnceBytes = 128 * 1024;

/** The body as text. What is more than allowed is never held, however small it was packed. */
export async function readBody(body: Readable, options: BodyOptions): Promise<string> {
  const { isGzip, maxBytes, isCut } = options;
  const sent = await sentBytes(body, options);
  if (!isGzip) {
    return sent.toString();
  }
  try {
    const limits = { maxOutputLength: maxBytes, ...(isCut ? { finishFlush: constants.Z_SYNC_FLUSH } : {}) };
    const unpacked = await (sent.length < mostAtOnceBytes ? gunzipSync(sent, limits) : unpackedAside(sent, limits));
    return unpacked.toString();
  } catch (error) {
    if (isCut) {
      return '';
    }
    throw errorCode(error) === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge(maxBytes)
      : new LookupError('badResponse', 'sent a body that cannot be unpacked', { cause: error });
  }
}

function sentBytes(body: Readable, { maxBytes, isCut, onChunk }: BodyOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    body.on('data', (chunk: Uint8Array) => {
      onChunk();
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > maxBytes) {
        if (isCut) {
          resolve(Buffer.concat(chunks));
        }
        body.destroy(tooLarge(maxBytes));
      }
    });
    body.once('end', () => resolve(Buffer.concat(chunks)));
    body.once('error', reject);
    // What is closed before its end is no answer.
    body.once('close', () => {
      if (!body.readableEnded) {
        reject(new Error('the answer was cut short'));
      }
    });
  });
}

function unpackedAside(sent: Buffer, limits: ZlibOptions): Promise<Buffer> {
  return promisify<Buffer, ZlibOptions, Buffer>(gunzip)(sent, limits);
}

function tooLarge(maxBytes: number): LookupError {
  return new LookupError('badResponse', `sent more than ${Math.round(maxBytes / 1024 / 1024)} MB`);
}
