import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { DatabaseError } from '../../../engine/offline/advisoryDatabase.ts';

export type ZipEntry =
  { readonly name: string; readonly bytes: Buffer } | { readonly name: string; readonly problem: string };

/**
 * The files of a zip archive in the order of its directory, one at a time and never on disk (APPNOTE 6.3, stored and
 * deflated entries, zip64 too). An entry that cannot be unpacked is a problem of its own; an archive without a directory
 * throws `DatabaseError`.
 */
export async function* zipEntries(file: FileHandle, maxEntryBytes: number): AsyncGenerator<ZipEntry> {
  const { size } = await file.stat();
  const directory = await findDirectory(file, size);
  const headers = new FileWindow(file, directory.offset, directory.offset + directory.bytes);
  const contents = new FileWindow(file, 0, size);
  let at = directory.offset;
  let unpackedBytes = 0;
  for (let index = 0; index < directory.entries; index++) {
    const fixed = await headers.read(at, 46);
    if (fixed?.readUInt32LE(0) !== 0x02014b50) {
      throw cutShort();
    }
    const [nameBytes, extraBytes, commentBytes] = [
      fixed.readUInt16LE(28),
      fixed.readUInt16LE(30),
      fixed.readUInt16LE(32),
    ];
    const rest = await headers.read(at + 46, nameBytes + extraBytes);
    if (rest === undefined) {
      throw cutShort();
    }
    at += 46 + nameBytes + extraBytes + commentBytes;
    const name = rest.toString('utf8', 0, nameBytes);
    if (!name.endsWith('/')) {
      const header = wideHeader(headerOf(fixed), rest.subarray(nameBytes));
      const content = await unpack(contents, header, maxEntryBytes);
      unpackedBytes += 'bytes' in content ? content.bytes.length : 0;
      if (unpackedBytes > mostUnpackedBytes) {
        throw new DatabaseError('badInput', 'The zip archive unpacks to more data than is plausible.');
      }
      yield { name, ...content };
    }
  }
  if (at !== directory.offset + directory.bytes) {
    throw cutShort(); // there are more entries than it counts
  }
}

// OSV's has a twentieth of it. Entries may share their bytes, so that a small archive unpacks to any size.
const mostUnpackedBytes = 4 * 1024 * 1024 * 1024;

interface Directory {
  readonly offset: number;
  readonly bytes: number;
  readonly entries: number;
}

interface Header {
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedBytes: number;
  readonly bytes: number;
  readonly offset: number;
}

const noNumber = 0xffffffff;

async function findDirectory(file: FileHandle, size: number): Promise<Directory> {
  // The end record has 22 bytes and a comment of up to 65,535; a zip64 locator of 20 bytes stands in front of it.
  const tailStart = Math.max(0, size - 22 - 0xffff - 20);
  const tail = await readExactly(file, tailStart, size - tailStart);
  const end = tail?.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6])) ?? -1;
  if (tail === undefined || end === -1 || end + 22 > tail.length) {
    throw cutShort();
  }
  const short = {
    entries: tail.readUInt16LE(end + 10),
    bytes: tail.readUInt32LE(end + 12),
    offset: tail.readUInt32LE(end + 16),
  };
  const isWide = end >= 20 && tail.readUInt32LE(end - 20) === 0x07064b50;
  const directory = isWide ? await wideDirectory(file, Number(tail.readBigUInt64LE(end - 12))) : short;
  if (directory.offset + directory.bytes > size) {
    throw cutShort();
  }
  return directory;
}

async function wideDirectory(file: FileHandle, at: number): Promise<Directory> {
  const record = Number.isSafeInteger(at) ? await readExactly(file, at, 56) : undefined;
  if (record?.readUInt32LE(0) !== 0x06064b50) {
    throw cutShort();
  }
  return {
    entries: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
    offset: Number(record.readBigUInt64LE(48)),
  };
}

function headerOf(fixed: Buffer): Header {
  return {
    flags: fixed.readUInt16LE(8),
    method: fixed.readUInt16LE(10),
    crc: fixed.readUInt32LE(16),
    packedBytes: fixed.readUInt32LE(20),
    bytes: fixed.readUInt32LE(24),
    offset: fixed.readUInt32LE(42),
  };
}

/** Numbers that do not fit stand in the zip64 extra field (id 1), only those, in this order. */
function wideHeader(header: Header, extra: Buffer): Header {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) {
      const field = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
      let read = 0;
      const wide = (value: number): number => {
        if (value !== noNumber || read + 8 > field.length) {
          return value;
        }
        read += 8;
        return Number(field.readBigUInt64LE(read - 8));
      };
      const bytes = wide(header.bytes);
      const packedBytes = wide(header.packedBytes);
      return { ...header, bytes, packedBytes, offset: wide(header.offset) };
    }
  }
  return header;
}

async function unpack(
  contents: FileWindow,
  { flags, method, crc, packedBytes, bytes, offset }: Header,
  maxBytes: number,
): Promise<{ readonly bytes: Buffer } | { readonly problem: string }> {
  if ((flags & 1) !== 0) {
    return { problem: 'is encrypted' };
  }
  if (method !== 0 && method !== 8) {
    return { problem: `is packed in a way that is not read here (method ${method})` };
  }
  if (bytes > maxBytes || packedBytes > maxBytes) {
    return { problem: `is larger than ${Math.round(maxBytes / 1024 / 1024)} MB` };
  }
  const local = await contents.read(offset, 30);
  if (local?.readUInt32LE(0) !== 0x04034b50) {
    return { problem: 'is not where the archive says' };
  }
  const packed = await contents.read(offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28), packedBytes);
  if (packed === undefined) {
    return { problem: 'is cut short' };
  }
  try {
    const unpacked = method === 0 ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, bytes) });
    return unpacked.length === bytes && crc32(unpacked) === crc ? { bytes: unpacked } : { problem: 'is damaged' };
  } catch {
    return { problem: 'is damaged' };
  }
}

/** Reads a part of a file through one buffer: entries lie side by side, so that most reads need no call to the system. */
class FileWindow {
  readonly #file: FileHandle;
  readonly #end: number;
  #start: number;
  #buffer: Buffer = Buffer.alloc(0);

  constructor(file: FileHandle, start: number, end: number) {
    this.#file = file;
    this.#start = start;
    this.#end = end;
  }

  /** `undefined` where the part or the file ends before. */
  async read(offset: number, length: number): Promise<Buffer | undefined> {
    if (offset < 0 || offset + length > this.#end) {
      return undefined;
    }
    if (offset < this.#start || offset + length > this.#start + this.#buffer.length) {
      const buffer = await readExactly(this.#file, offset, Math.min(Math.max(length, windowBytes), this.#end - offset));
      if (buffer === undefined) {
        return undefined;
      }
      this.#buffer = buffer;
      this.#start = offset;
    }
    return this.#buffer.subarray(offset - this.#start, offset - this.#start + length);
  }
}

const windowBytes = 1024 * 1024;

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer | undefined> {
  const buffer = Buffer.allocUnsafe(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) {
      return undefined;
    }
    done += bytesRead;
  }
  return buffer;
}

function cutShort(): DatabaseError {
  return new DatabaseError('badInput', 'The zip archive is cut short or damaged.');
}
