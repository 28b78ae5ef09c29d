export type ByteOrder = 'little' | 'big';

/** Undefined where the bytes are not UTF-8: no overlong forms, no surrogates, nothing above U+10FFFF. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  const units = new Uint16Array(bytes.length);
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at] ?? 0;
    if (first < 0x80) {
      units[count++] = first;
      at++;
      continue;
    }
    const length = sequenceLength(first);
    const code = readSequence(bytes, at, length);
    if (code === undefined) return undefined;
    count = putCodePoint(units, count, code);
    at += length;
  }
  return unitsToText(units.subarray(0, count));
}

/** Undefined where a surrogate stands alone or half a unit is left. */
export function decodeUtf16(bytes: Uint8Array, order: ByteOrder): string | undefined {
  if (bytes.length % 2 !== 0) return undefined;
  const units = new Uint16Array(bytes.length / 2);
  const [low, high] = order === 'little' ? [0, 1] : [1, 0];
  for (let index = 0; index < units.length; index++) {
    units[index] = (bytes[2 * index + low] ?? 0) | ((bytes[2 * index + high] ?? 0) << 8);
  }
  const text = unitsToText(units);
  return /[\ud800-\udfff]/u.test(text) ? undefined : text;
}

/** Undefined where a unit is no code point or only part of one is left. */
export function decodeUtf32(bytes: Uint8Array, order: ByteOrder): string | undefined {
  if (bytes.length % 4 !== 0) return undefined;
  const units = new Uint16Array(bytes.length / 2);
  let count = 0;
  for (let at = 0; at < bytes.length; at += 4) {
    let code = 0;
    for (let index = 0; index < 4; index++) {
      code = code * 0x100 + (bytes[order === 'big' ? at + index : at + 3 - index] ?? 0);
    }
    if (!isScalarValue(code)) return undefined;
    count = putCodePoint(units, count, code);
  }
  return unitsToText(units.subarray(0, count));
}

/** Text of UTF-16 units. */
export function unitsToText(units: Uint16Array): string {
  // So many arguments fit any stack.
  const chunkLength = 8192;
  let text = '';
  for (let at = 0; at < units.length; at += chunkLength) {
    text += String.fromCharCode(...units.subarray(at, at + chunkLength));
  }
  return text;
}

/** How many bytes a sequence has by its first byte; 0 where none can begin so. */
function sequenceLength(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 2;
  if (first >= 0xe0 && first <= 0xef) return 3;
  return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/** The smallest code point that needs so many bytes. */
const minimumCodes: readonly number[] = [0, 0, 0x80, 0x800, 0x10000];

function readSequence(bytes: Uint8Array, start: number, length: number): number | undefined {
  if (length === 0 || start + length > bytes.length) return undefined;
  let code = (bytes[start] ?? 0) & (0x7f >> length);
  for (let at = start + 1; at < start + length; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) return undefined;
    code = (code << 6) | (byte & 0x3f);
  }
  return code >= (minimumCodes[length] ?? 0) && isScalarValue(code) ? code : undefined;
}

function isScalarValue(code: number): boolean {
  return code < 0xd800 || (code > 0xdfff && code <= 0x10ffff);
}

function putCodePoint(units: Uint16Array, at: number, code: number): number {
  if (code < 0x10000) {
    units[at] = code;
    return at + 1;
  }
  units[at] = 0xd800 + ((code - 0x10000) >> 10);
  units[at + 1] = 0xdc00 + ((code - 0x10000) & 0x3ff);
  return at + 2;
}
