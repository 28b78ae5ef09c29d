import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import type { Writable } from 'node:stream';
import { errorCode } from '../files/errorCode.ts';
import { encodePieces } from '../files/write/writePieces.ts';

/** Standard output or standard error. Writing never throws; the one who must know whether all of it arrived asks. */
export interface OutputStream {
  write(text: string): void;
  /** Writes a long text in its pieces, and waits for a slow reader. Ends early where nothing arrives any more. Never rejects. */
  writeAll(pieces: Iterable<string>): Promise<void>;
  /** Resolves when more may be written without piling up in memory: `false` where nothing arrives any more. Never rejects. */
  ready(): Promise<boolean>;
  /** Waits until everything was taken. A message where something could not be written; a reader that left early is none. */
  delivered(): Promise<string | undefined>;
}

/**
 * The output behind a file descriptor. Files and devices are written here: Node's own stream takes a short write, as
 * on a disk that is almost full, for a whole one. `stream` is for pipes, sockets and terminals.
 */
export function createOutputStream(descriptor: number, stream: () => Writable): OutputStream {
  return isFileOrDevice(descriptor) ? new FileOutput(descriptor) : new PipeOutput(stream);
}

// A pipe of Linux holds as much.
const bufferBytes = 64 * 1024;

function isFileOrDevice(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isFile() || (stats.isCharacterDevice() && !isatty(descriptor));
  } catch {
    return false;
  }
}

class FileOutput implements OutputStream {
  readonly #descriptor: number;
  #fault: string | undefined;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  write(text: string): void {
    this.#writeBytes(Buffer.from(text));
  }

  writeAll(pieces: Iterable<string>): Promise<void> {
    return encodePieces(pieces, bufferBytes, (bytes) => this.#writeBytes(bytes));
  }

  #writeBytes(bytes: Uint8Array): void {
    try {
      for (let at = 0; at < bytes.length && this.#fault === undefined;) {
        at += writeSync(this.#descriptor, bytes, at);
      }
    } catch (error) {
      this.#fault = faultText(error);
    }
  }

  ready(): Promise<boolean> {
    return Promise.resolve(this.#fault === undefined);
  }

  delivered(): Promise<string | undefined> {
    return Promise.resolve(this.#fault);
  }
}

class PipeOutput implements OutputStream {
  readonly #open: () => Writable;
  /** Made by the first write: most runs say nothing on standard error. */
  #stream: Writable | undefined;
  #last: Promise<void> = Promise.resolve();
  #isClosed = false;
  #fault: string | undefined;

  constructor(open: () => Writable) {
    this.#open = open;
  }

  write(text: string): void {
    this.#writeChunk(text);
  }

  async writeAll(pieces: Iterable<string>): Promise<void> {
    await encodePieces(this.#whileOpen(pieces), bufferBytes, (bytes) => {
      this.#writeChunk(bytes);
      return this.#last; // what was given is used again
    });
  }

  *#whileOpen(pieces: Iterable<string>): Generator<string> {
    for (const piece of pieces) {
      if (this.#isClosed) {
        return;
      }
      yield piece;
    }
  }

  #writeChunk(chunk: string | Uint8Array): void {
    if (this.#isClosed) {
      return;
    }
    const stream = (this.#stream ??= this.#opened());
    this.#last = new Promise((resolve) => {
      stream.write(chunk, (error) => {
        if (error !== null && error !== undefined) {
          this.#failed(error);
        }
        resolve();
      });
    });
  }

  async ready(): Promise<boolean> {
    if (this.#stream?.writableNeedDrain === true) {
      await this.#last;
    }
    return !this.#isClosed;
  }

  async delivered(): Promise<string | undefined> {
    await this.#last;
    return this.#fault;
  }

  #opened(): Writable {
    // The callback of the write gets the error too; without a listener it would end the process.
    return this.#open().on('error', (error) => this.#failed(error));
  }

  #failed(error: unknown): void {
    // The reader has what it wanted (`| head -1`). Windows says EOF.
    const hasLeft = ['EPIPE', 'EOF'].includes(errorCode(error));
    if (!hasLeft && !this.#isClosed) {
      this.#fault = faultText(error);
    }
    this.#isClosed = true;
  }
}

function faultText(error: unknown): string {
  return errorCode(error) || String(error);
}
