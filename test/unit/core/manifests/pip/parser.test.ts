import assert from 'node:assert/strict';
import fc from 'fast-check';
import { pipKind } from '../../../../../server/src/core/manifests/pip/pipManifest.ts';

const lines = [
  'six==1.16.0',
  'six==1.16.0 # why',
  '# six',
  '# six \\',
  'six==1.16.0 \\',
  '  --hash=sha256:00',
  '-r base.txt',
  '-r base.txt \\',
  'not a requirement',
  'a==',
  '\\',
  '',
  ' ',
  '\ufeffsix',
  'six ; python_version < "3"',
];
const breaks = ['\n', '\r\n', '\r', '\f', '\u2028', ''];
const text = fc
  .array(fc.tuple(fc.constantFrom(...lines), fc.constantFrom(...breaks)), { maxLength: 8 })
  .map((parts) => parts.map(([line, lineBreak]) => line + lineBreak).join(''));

describe('files that are parsed together', () => {
  it('say what each says alone', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 2, maxLength: 5 }), (texts) => {
        const parse = pipKind.parser?.();
        for (const one of texts) {
          const together = parse?.(one);
          const alone = pipKind.parse(one);
          assert.deepEqual(together?.entries, alone.entries);
          assert.deepEqual(together?.starts, alone.starts);
          assert.deepEqual(together?.lineStarts, alone.lineStarts);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('share what lines with the same text say', () => {
    const parse = pipKind.parser?.();
    const [first] = parse?.('six==1.16.0\n').entries ?? [];
    assert.equal(parse?.('# six\nsix==1.16.0\n').entries[0], first);
  });
});
