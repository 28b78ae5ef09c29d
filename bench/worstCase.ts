import { parseFile } from '../server/src/core/manifests/pip/parse/parseFile.ts';
import { median } from './ratio.ts';

const shapes: readonly (readonly [name: string, make: (size: number) => string])[] = [
  ['one long line of letters', (size) => 'a'.repeat(size)],
  ['one long version', (size) => `a==${'1.'.repeat(size / 2)}0`],
  ['one line of clauses', (size) => `a${'>=1,'.repeat(size / 4)}<2`],
  ['deep brackets in a marker', (size) => `a ; ${'('.repeat(size / 2)}os_name == "x"${')'.repeat(size / 2)}`],
  ['a long marker', (size) => `a ; ${'os_name == "x" and '.repeat(size / 19)}os_name == "x"`],
  ['one line of extras', (size) => `a[${'b,'.repeat(size / 2)}c]`],
  ['one line of hashes', (size) => `a==1 ${`--hash=sha256:${'0'.repeat(64)} `.repeat(size / 79)}`],
  ['one continuation of many lines', (size) => `a==1 \\\n${'  \\\n'.repeat(size / 4)}`],
  ['many lines', (size) => 'abc==1.0\n'.repeat(size / 9)],
  ['many comments', (size) => '# abcdef\n'.repeat(size / 9)],
  ['blanks and a hash sign', (size) => `a${' '.repeat(size)}#`],
  ['variables', (size) => '${A}'.repeat(size / 4)],
  ['quotes and backslashes in an option', (size) => `-r ${'"\\\\" '.repeat(size / 5)}`],
];

const small = 250_000;

/** Time for each byte at 250 kB and at 1 MB: flat where the parser is linear. */
export function benchWorstCase(): void {
  for (const [name, make] of shapes) {
    const perByte = [small, 4 * small].map((size) => {
      const text = make(size);
      return median(Array.from({ length: 5 }, () => timedMs(text))) / text.length;
    });
    const [low = NaN, high = NaN] = perByte;
    console.log(
      `${name}: ${(high / low).toFixed(2)} × the time for each byte at four times the size (${(high * 1e6).toFixed(1)} ns a byte)`,
    );
  }
}

function timedMs(text: string): number {
  const start = performance.now();
  parseFile(text);
  return performance.now() - start;
}
