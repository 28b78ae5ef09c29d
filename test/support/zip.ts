import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipOptions {
  /** Unpacked entries instead of deflated ones. */
  readonly stored?: boolean;
  /** Every number in zip64 fields. */
  readonly wide?: boolean;
  readonly comment?: string;
}

/** A zip archive of named texts. */
export function zipOf(entries: Readonly<Record<string, string>>, options: ZipOptions = {}): Buffer {
  const { stored = false, wide = false, comment = '' } = options;
  const parts: Buffer[] = [];
  const headers: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(entries)) {
    const bytes = Buffer.from(text);
    const packed = stored ? bytes : deflateRawSync(bytes);
    const common = [u16(0), u16(stored ? 0 : 8), u32(0), u32(crc32(bytes))];
    const local = [u32(0x04034b50), u16(20), ...common, u32(packed.length), u32(bytes.length)];
    const path = Buffer.from(name);
    parts.push(...local, u16(path.length), u16(3), path, Buffer.from('abc'), packed);
    const extra = wide
      ? [u16(0xcafe), u16(0), u16(1), u16(24), u64(bytes.length), u64(packed.length), u64(offset)]
      : [];
    const extraBytes = Buffer.concat(extra);
    const narrow = (value: number): Buffer => u32(wide ? 0xffffffff : value);
    const sizes = [narrow(packed.length), narrow(bytes.length), u16(path.length), u16(extraBytes.length), u16(2)];
    const rest = [u16(0), u16(0), u32(0), narrow(offset), path, extraBytes, Buffer.from('hi')];
    headers.push(u32(0x02014b50), u16(20), u16(20), ...common, ...sizes, ...rest);
    offset += 30 + path.length + 3 + packed.length;
  }
  const directory = Buffer.concat(headers);
  const count = Object.keys(entries).length;
  const wideEnd = [u32(0x06064b50), u64(44), u16(45), u16(45), u32(0), u32(0), u64(count), u64(count)];
  const locator = [u64(directory.length), u64(offset), u32(0x07064b50), u32(0), u64(offset + directory.length), u32(1)];
  const short = (value: number, none: number): number => (wide ? none : value);
  const end = [
    u32(0x06054b50),
    ...[0, 0, short(count, 0xffff), short(count, 0xffff)].map(u16),
    u32(short(directory.length, 0xffffffff)),
    u32(short(offset, 0xffffffff)),
    u16(comment.length),
    Buffer.from(comment),
  ];
  return Buffer.concat([...parts, directory, ...(wide ? [...wideEnd, ...locator] : []), ...end]);
}

function u16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16LE(value);
  return buffer;
}

function u32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

function u64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}
