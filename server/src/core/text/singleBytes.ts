import { unitsToText } from './unicodeBytes.ts';

export type SingleByteEncoding = 'ascii' | 'latin-1' | 'cp1252';

/** Undefined where a byte has no meaning in the encoding. */
export function decodeSingleBytes(bytes: Uint8Array, encoding: SingleByteEncoding): string | undefined {
  switch (encoding) {
    case 'latin-1':
      return unitsToText(Uint16Array.from(bytes));
    case 'ascii':
      return bytes.every((byte) => byte < 0x80) ? unitsToText(Uint16Array.from(bytes)) : undefined;
    case 'cp1252': {
      const units = Uint16Array.from(bytes, (byte) =>
        byte >= 0x80 && byte <= 0x9f ? (cp1252[byte - 0x80] ?? 0) : byte,
      );
      // 0 stands for a byte that cp1252 leaves undefined; a NUL in the file is a NUL.
      return units.some((unit, index) => unit === 0 && bytes[index] !== 0) ? undefined : unitsToText(units);
    }
  }
}

/** Bytes 0x80 to 0x9f. */
const cp1252: readonly number[] = [
  0x20ac, 0, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017d, 0, 0,
  0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0, 0x017e, 0x0178,
];
