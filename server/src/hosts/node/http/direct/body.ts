import { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { LookupError } from '../../../../engine/ports.ts';
import { errorCode } from '../../files/errorCode.ts';

export interface BodyOptions {
  readonly isGzip: boolean;
  /** On the wire, and unpacked. */
  readonly maxBytes: number;
  /** Give the beginning instead of failing where there is more. */
  readonly isCut: boolean;
  /** What all bodies in progress hold together. */
  readonly budget?: BodyBudget;
}

/** Bounds what the bodies of one service hold together, however many of them come at once. */
export class BodyBudget {
  readonly #mostBytes: number;
  #heldBytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Whether so much more may be held; it is counted either way, until it is given back. */
  take(bytes: number): boolean {
    this.#heldBytes += bytes;
    return this.#heldBytes <= this.#mostBytes;
  }

  giveBack(bytes: number): void {
    this.#heldBytes -= bytes;
  }
}

/** Takes the body of an answer as it comes. */
export interface AnswerBody {
  /** Settles once the body has ended or failed, or nothing more of it is wanted. */
  readonly text: Promise<string>;
  take(chunk: Uint8Array): void;
  end(): void;
  fail(error: Error): void;
}

// What is packed smaller than this is unpacked in less time than a stream for it would take.
const mostAtOnceBytes = 128 * 1024;

/**
 * The body of an answer, taken piece by piece as fast as it comes: undici's parser must never be paused, since a connection
 * that then closes ends the whole process (an assertion in its `finish`). What is more than allowed is never held, packed or
 * unpacked.
 */
export class Body implements AnswerBody {
  /** Rejects with a `LookupError`, or with what `fail` was told. Settled before the end where nothing more is wanted. */
  readonly text: Promise<string>;
  readonly #options: BodyOptions;
  #resolve: (text: string) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  readonly #decoder = new StringDecoder();
  #decoded = '';
  /** Of a packed body. */
  #chunks: Uint8Array[] = [];
  #length = 0;
  #isSettled = false;
  /** Counted in the budget. */
  #heldBytes = 0;
  /** Of a large packed body, what has not been unpacked yet. */
  #rest: Readable | undefined;

  constructor(options: BodyOptions) {
    this.#options = options;
    this.text = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const giveBack = (): void => this.#giveBack();
    this.text.then(giveBack, giveBack);
  }

  take(chunk: Uint8Array): void {
    const { isGzip, maxBytes } = this.#options;
    this.#length += chunk.length;
    if (!this.#hold(chunk.length)) {
      return;
    }
    if (this.#rest !== undefined) {
      if (this.#length > maxBytes) {
        this.fail(tooLarge(maxBytes)); // before it is unpacked: many empty members unpack to nothing
      } else {
        this.#rest.push(chunk);
      }
      return;
    }
    if (isGzip) {
      this.#chunks.push(chunk);
    } else {
      // At once: hundreds of bodies that wait for their ends as bytes leave memory in pieces that nobody gets back.
      this.#decoded += this.#decoder.write(chunk);
    }
    if (this.#length > (isGzip ? Math.min(mostAtOnceBytes, maxBytes) : maxBytes)) {
      this.#overflow();
    }
  }

  end(): void {
    if (this.#rest === undefined) {
      this.#decode();
    } else {
      this.#rest.push(null);
    }
  }

  fail(error: Error): void {
    this.#reject(error);
    this.#rest?.destroy(error);
  }

  /** `false` where it has failed, be it since all bodies together are too much. */
  #hold(bytes: number): boolean {
    if (this.#isSettled) {
      return false;
    }
    this.#heldBytes += bytes;
    const isFine = this.#options.budget?.take(bytes) !== false;
    if (!isFine) {
      this.fail(new LookupError('badResponse', 'sent more at once than can be held'));
    }
    return isFine;
  }

  #giveBack(): void {
    this.#isSettled = true;
    this.#options.budget?.giveBack(this.#heldBytes);
    this.#heldBytes = 0;
  }

  #overflow(): void {
    const { isGzip, maxBytes, isCut } = this.#options;
    if (isCut) {
      this.#decode();
    } else if (isGzip) {
      // What waits in it is bounded by `maxBytes`.
      this.#rest = new Readable({ read: () => undefined });
      unpackedOnTheWay(this.#bytes(), this.#rest, maxBytes, (bytes) => this.#hold(bytes)).then(
        (bytes) => this.#resolve(bytes.toString()),
        (error: unknown) => this.#reject(error),
      );
    } else {
      this.#reject(tooLarge(maxBytes));
    }
  }

  #decode(): void {
    try {
      const { isGzip } = this.#options;
      this.#resolve(isGzip ? unpacked(this.#bytes(), this.#options) : this.#decoded + this.#decoder.end());
    } catch (error) {
      this.#reject(error);
    }
  }

  /** What was taken so far; it is let go of. */
  #bytes(): Buffer {
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [];
    return bytes;
  }
}

function unpacked(bytes: Buffer, { maxBytes, isCut }: BodyOptions): string {
  const chunkSize = ownSize(bytes);
  const options = { chunkSize, ...(isCut ? { finishFlush: constants.Z_SYNC_FLUSH } : {}) };
  try {
    const whole = gunzipSync(bytes, { ...options, maxOutputLength: maxBytes });
    const text = whole.toString();
    if (whole.buffer.byteLength === chunkSize) {
      letGo(whole.buffer);
    }
    return text;
  } catch (error) {
    if (isCut) {
      return '';
    }
    throw errorCode(error) === 'ERR_BUFFER_TOO_LARGE' ? tooLarge(maxBytes) : notGzip(error);
  }
}

/**
 * For one buffer that takes the whole: its bytes when unpacked, as the end of the body has it (RFC 1952, 2.3.1), and one more;
 * within reason, for it may be a lie; and so many that Node gives it memory of its own, and none of its pool.
 */
function ownSize(bytes: Buffer): number {
  const said = bytes.length < 4 ? 0 : bytes.readUInt32LE(bytes.length - 4) + 1;
  return Math.min(Math.max(said, Buffer.poolSize + 1), mostSaidBytes);
}

const mostSaidBytes = 1024 * 1024;

/** Frees the memory now. V8 would do so when it collects next, and until then the next hundreds of bodies come on top of it. */
function letGo(memory: ArrayBufferLike & { transfer?(length: number): unknown }): void {
  memory.transfer?.(0); // since Node 21
}

/** Piece by piece, so that too much is noticed before all of it has come. */
async function unpackedOnTheWay(
  beginning: Buffer,
  rest: Readable,
  maxBytes: number,
  hold: (bytes: number) => boolean,
): Promise<Buffer> {
  const gunzip = createGunzip();
  rest.on('error', (error) => gunzip.destroy(error));
  gunzip.write(beginning);
  rest.pipe(gunzip);
  try {
    return await collected(gunzip, maxBytes, hold);
  } catch (error) {
    throw /^Z_/u.test(errorCode(error)) ? notGzip(error) : error;
  } finally {
    gunzip.destroy();
    rest.destroy();
  }
}

async function collected(stream: Readable, maxBytes: number, hold: (bytes: number) => boolean): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes || !hold(chunk.length)) {
      throw tooLarge(maxBytes); // unless the body has failed already
    }
  }
  return Buffer.concat(chunks);
}

function notGzip(cause: unknown): LookupError {
  return new LookupError('badResponse', 'sent a body that cannot be unpacked', { cause });
}

export function tooLarge(maxBytes: number): LookupError {
  return new LookupError('badResponse', `sent more than ${Math.round(maxBytes / 1024 / 1024)} MB`);
}
