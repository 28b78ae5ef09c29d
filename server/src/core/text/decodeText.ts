import { decodeUtf16, decodeUtf32, decodeUtf8, type ByteOrder } from './unicodeBytes.ts';
import { decodeSingleBytes, type SingleByteEncoding } from './singleBytes.ts';

export type DecodedText =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: string }
  /** The bytes are not what they say they are; `message` tells what to do. */
  | { readonly kind: 'undecodable'; readonly encoding: string; readonly message: string };

/** Decodes what this module cannot; undefined where it does not know the encoding or the bytes are wrong. */
export type OtherDecoder = (bytes: Uint8Array, encoding: string) => string | undefined;

/** Strict, and no part of the text is left out: `undefined` where the bytes are no UTF-8. */
export type Utf8Decoder = (bytes: Uint8Array) => string | undefined;

/**
 * The text of a requirements file, as pip 26 reads its bytes: a byte order mark decides, else a `coding:` comment
 * (PEP 263) in the first two lines, else it is UTF-8. A platform may have a faster decoder of that.
 */
export function decodeText(
  bytes: Uint8Array,
  decodeOther?: OtherDecoder,
  ofUtf8: Utf8Decoder = decodeUtf8,
): DecodedText {
  const mark = byteOrderMarks.find(({ prefix }) => prefix.every((byte, index) => bytes[index] === byte));
  if (mark !== undefined) {
    return toDecoded(mark.encoding, decodeUnicode(bytes.subarray(mark.prefix.length), mark.encoding));
  }
  const declared = findDeclaredEncoding(bytes);
  if (declared === undefined) return toDecoded('utf-8', ofUtf8(bytes));
  const encoding = encodingsByName.get(normalizeEncodingName(declared));
  if (encoding === undefined) return toDecoded(declared, decodeOther?.(bytes, declared));
  return toDecoded(encoding, decodeNamed(bytes, encoding));
}

type UnicodeEncoding = 'utf-8' | 'utf-16-le' | 'utf-16-be' | 'utf-32-le' | 'utf-32-be';
type Encoding = UnicodeEncoding | 'utf-8-sig' | 'utf-16' | 'utf-32' | SingleByteEncoding;

/** UTF-32 first: the mark of UTF-16-LE begins that of UTF-32-LE. */
const byteOrderMarks: readonly { readonly prefix: readonly number[]; readonly encoding: UnicodeEncoding }[] = [
  { prefix: [0xef, 0xbb, 0xbf], encoding: 'utf-8' },
  { prefix: [0x00, 0x00, 0xfe, 0xff], encoding: 'utf-32-be' },
  { prefix: [0xff, 0xfe, 0x00, 0x00], encoding: 'utf-32-le' },
  { prefix: [0xfe, 0xff], encoding: 'utf-16-be' },
  { prefix: [0xff, 0xfe], encoding: 'utf-16-le' },
];

/** Python's names and aliases, as `normalizeEncodingName` leaves them. */
const encodingsByName: ReadonlyMap<string, Encoding> = new Map([
  ...names('utf-8', ['utf_8', 'utf8', 'u8', 'utf']),
  ...names('utf-8-sig', ['utf_8_sig']),
  ...names('utf-16', ['utf_16', 'utf16', 'u16']),
  ...names('utf-16-le', ['utf_16_le', 'utf_16le', 'unicodelittleunmarked']),
  ...names('utf-16-be', ['utf_16_be', 'utf_16be', 'unicodebigunmarked']),
  ...names('utf-32', ['utf_32', 'utf32', 'u32']),
  ...names('utf-32-le', ['utf_32_le', 'utf_32le']),
  ...names('utf-32-be', ['utf_32_be', 'utf_32be']),
  ...names('latin-1', ['latin_1', 'latin1', 'latin', 'l1', 'iso_8859_1', 'iso8859_1', 'iso8859', '8859', 'cp819']),
  ...names('ascii', ['ascii', 'us_ascii', '646', 'us', 'ansi_x3.4_1968', 'iso646_us', 'cp367']),
  ...names('cp1252', ['cp1252', 'windows_1252', '1252']),
]);

function names(encoding: Encoding, aliases: readonly string[]): readonly (readonly [string, Encoding])[] {
  return aliases.map((alias) => [alias, encoding] as const);
}

function normalizeEncodingName(name: string): string {
  return name.toLowerCase().replace(/[- ]+/g, '_');
}

/** Only a line whose very first character is `#` counts, and only `\n` ends a line here. */
function findDeclaredEncoding(bytes: Uint8Array): string | undefined {
  const firstEnd = indexOfLineFeed(bytes, 0);
  const secondEnd = indexOfLineFeed(bytes, firstEnd + 1);
  for (const line of [bytes.subarray(0, firstEnd), bytes.subarray(firstEnd + 1, secondEnd)]) {
    if (line[0] !== numberSign) continue;
    const name = /coding[:=][ \t\r\f\v]*([-A-Za-z0-9_.]+)/.exec(decodeSingleBytes(line, 'latin-1') ?? '')?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

const numberSign = 0x23;

function indexOfLineFeed(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(0x0a, from);
  return at < 0 ? bytes.length : at;
}

function decodeNamed(bytes: Uint8Array, encoding: Encoding): string | undefined {
  switch (encoding) {
    case 'latin-1':
    case 'ascii':
    case 'cp1252':
      return decodeSingleBytes(bytes, encoding);
    case 'utf-8-sig': // Without its mark, or the mark would have decided.
      return decodeUtf8(bytes);
    case 'utf-16': // Python takes the machine's order, which is little-endian wherever pip runs in practice.
      return decodeUtf16(bytes, 'little');
    case 'utf-32':
      return decodeUtf32(bytes, 'little');
    default:
      return decodeUnicode(bytes, encoding);
  }
}

function decodeUnicode(bytes: Uint8Array, encoding: UnicodeEncoding): string | undefined {
  const order: ByteOrder = encoding.endsWith('be') ? 'big' : 'little';
  switch (encoding) {
    case 'utf-8':
      return decodeUtf8(bytes);
    case 'utf-16-le':
    case 'utf-16-be':
      return decodeUtf16(bytes, order);
    case 'utf-32-le':
    case 'utf-32-be':
      return decodeUtf32(bytes, order);
  }
}

function toDecoded(encoding: string, text: string | undefined): DecodedText {
  if (text !== undefined) return { kind: 'text', text, encoding };
  return { kind: 'undecodable', encoding, message: undecodableText(encoding, { mayNameIt: true }) };
}

/** What to do about it. `mayNameIt`: a comment in the first line may say how a file of its kind is encoded (PEP 263). */
export function undecodableText(encoding: string, { mayNameIt }: { readonly mayNameIt: boolean }): string {
  const save = `The file cannot be read as ${encoding}. Save it as UTF-8`;
  return mayNameIt ? `${save}, or name its encoding in the first line: # -*- coding: latin-1 -*-` : `${save}.`;
}
