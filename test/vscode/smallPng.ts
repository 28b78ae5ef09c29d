import { deflateSync, inflateSync } from 'node:zlib';

/** The same picture with a palette: a screenshot has few colours, and what is shipped should be small. 8 bits a channel, not interlaced. */
export function smallPng(png: Uint8Array): Buffer {
  const { width, height, pixels } = decode(Buffer.from(png));
  const { palette, indexes } = indexed(pixels);
  const rows = Buffer.alloc((width + 1) * height); // one byte for the filter, which is none
  for (let y = 0; y < height; y += 1) indexes.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  return Buffer.concat([
    signature,
    chunk('IHDR', Buffer.concat([uint32(width), uint32(height), Buffer.from([8, 3, 0, 0, 0])])),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

export interface Picture {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each. */
  readonly pixels: Buffer;
}

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Of colour type 2, 3 or 6, as browsers write them and as it is written here. */
export function decode(png: Buffer): Picture {
  const data: Buffer[] = [];
  let [width, height, bytes, palette] = [0, 0, 0, Buffer.alloc(0)];
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at);
    const content = png.subarray(at + 8, at + 8 + length);
    switch (png.toString('latin1', at + 4, at + 8)) {
      case 'IHDR':
        [width, height] = [content.readUInt32BE(0), content.readUInt32BE(4)];
        bytes = bytesOfColourType[content.readUInt8(9)] ?? 0;
        if (content.readUInt8(8) !== 8 || bytes === 0 || content.readUInt8(12) !== 0) {
          throw new Error('This is not the kind of PNG that is understood here.');
        }
        break;
      case 'PLTE':
        palette = Buffer.from(content);
        break;
      case 'IDAT':
        data.push(content);
        break;
    }
    at += length + 12;
  }
  const samples = unfiltered(inflateSync(Buffer.concat(data)), width * bytes, height, bytes);
  const pixels = Buffer.alloc(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const [from, start] = bytes === 1 ? [palette, samples.readUInt8(pixel) * 3] : [samples, pixel * bytes];
    from.copy(pixels, pixel * 3, start, start + 3);
  }
  return { width, height, pixels };
}

const bytesOfColourType: Readonly<Record<number, number>> = { 2: 3, 3: 1, 6: 4 };

/** PNG specification, section 9.2. */
function unfiltered(raw: Buffer, stride: number, height: number, bytes: number): Buffer {
  const out = Buffer.alloc(stride * height);
  const sample = (row: number, at: number): number => (row < 0 || at < 0 ? 0 : (out[row * stride + at] ?? 0));
  for (let row = 0; row < height; row += 1) {
    const filter = raw[row * (stride + 1)];
    for (let at = 0; at < stride; at += 1) {
      const [left, up, corner] = [
        sample(row, at - bytes),
        sample(row - 1, at),
        at < bytes ? 0 : sample(row - 1, at - bytes),
      ];
      const value = raw[row * (stride + 1) + 1 + at] ?? 0;
      out[row * stride + at] = value + predicted(filter, left, up, corner);
    }
  }
  return out;
}

function predicted(filter: number | undefined, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth(left, up, corner);
    default:
      return 0;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** Each colour that is left out becomes the nearest one that is kept. */
function indexed(pixels: Buffer): { readonly palette: Buffer; readonly indexes: Buffer } {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const kept = keptColours(counts);
  const places = new Map(kept.map((colour, place) => [colour, place]));
  const indexes = Buffer.alloc(pixels.length / 3);
  for (let at = 0; at < pixels.length; at += 3) {
    const colour = pixels.readUIntBE(at, 3);
    const place = places.get(colour) ?? nearest(colour, kept);
    places.set(colour, place);
    indexes[at / 3] = place;
  }
  return { palette: Buffer.concat(kept.map((colour) => uint32(colour).subarray(1))), indexes };
}

// Enough for the edges of letters; each further one costs bytes.
const mostColours = 128;

/** Always the one that would be missed most: by how many points, and by how far the kept ones are from it. */
function keptColours(counts: ReadonlyMap<number, number>): readonly number[] {
  const waiting = [...counts].map(([colour, count]) => ({ colour, count, away: Number.MAX_SAFE_INTEGER }));
  const kept: number[] = [];
  while (kept.length < Math.min(mostColours, counts.size)) {
    const next = waiting.reduce((most, one) => (one.count * one.away > most.count * most.away ? one : most));
    kept.push(next.colour);
    for (const one of waiting) one.away = Math.min(one.away, distance(one.colour, next.colour));
  }
  return kept;
}

function nearest(colour: number, among: readonly number[]): number {
  const distances = among.map((other) => distance(colour, other));
  return distances.indexOf(Math.min(...distances));
}

function distance(a: number, b: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  return Buffer.concat([uint32(content.length), named, uint32(crc32(named))]);
}

/** PNG specification, annex D. Node has its own only from 22.2 on. */
function crc32(bytes: Buffer): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xed_b8_83_20 : crc >>> 1;
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
