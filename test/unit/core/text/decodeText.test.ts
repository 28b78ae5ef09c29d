import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeText } from '../../../../server/src/core/text/decodeText.ts';

function bytes(...parts: readonly (string | readonly number[])[]): Uint8Array {
  return Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? Array.from(Buffer.from(part, 'latin1')) : part)),
  );
}

function textOf(input: Uint8Array): string | undefined {
  const decoded = decodeText(input);
  return decoded.kind === 'text' ? decoded.text : undefined;
}

describe('the bytes of a requirements file', () => {
  const cases: readonly (readonly [why: string, input: Uint8Array, text: string | undefined])[] = [
    ['nothing', bytes(), ''],
    ['UTF-8 without a mark', bytes('foo # ', [0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80]), 'foo # é€😀'],
    ['UTF-8 with a mark', bytes([0xef, 0xbb, 0xbf], 'foo'), 'foo'],
    ['UTF-16 with a mark, low byte first', bytes([0xff, 0xfe], 'f\0o\0o\0', [0x3d, 0xd8, 0x00, 0xde]), 'foo😀'],
    ['UTF-16 with a mark, high byte first', bytes([0xfe, 0xff], '\0f\0o\0o'), 'foo'],
    ['UTF-32 with a mark, low byte first', bytes([0xff, 0xfe, 0, 0], 'f\0\0\0', [0, 0xf6, 1, 0]), 'f😀'],
    ['UTF-32 with a mark, high byte first', bytes([0, 0, 0xfe, 0xff], '\0\0\0f'), 'f'],
    ['a declared encoding', bytes('# -*- coding: latin-1 -*-\nfoo # \xe9'), '# -*- coding: latin-1 -*-\nfoo # é'],
    [
      'a declared encoding in the second line',
      bytes('#\n# vim: fileencoding=Windows-1252\n# \x80'),
      '#\n# vim: fileencoding=Windows-1252\n# €',
    ],
    ['a declared encoding in the third line', bytes('#\n#\n# coding: latin-1\n\xe9'), undefined],
    ['a declared encoding behind a space', bytes(' # coding: latin-1\n\xe9'), undefined],
    ['a declared encoding with \\r for a line end', bytes('# a\r# coding: latin-1\n\xe9'), '# a\r# coding: latin-1\né'],
    [
      'a mark and another declaration',
      bytes([0xef, 0xbb, 0xbf], '# coding: latin-1\n', [0xc3, 0xa9]),
      '# coding: latin-1\né',
    ],
    ['bytes that are not ASCII as declared', bytes('# coding: ascii\n\xe9'), undefined],
    ['a byte that cp1252 does not have', bytes('# coding: cp1252\n\x81'), undefined],
    ['bytes that are not UTF-8', bytes('foo # \xe9'), undefined],
    ['an overlong form', bytes([0xc0, 0xaf]), undefined],
    ['a surrogate in UTF-8', bytes([0xed, 0xa0, 0x80]), undefined],
    ['a sequence that is cut off', bytes([0xe2, 0x82]), undefined],
    ['a lone surrogate in UTF-16', bytes([0xff, 0xfe, 0x00, 0xd8]), undefined],
    ['half a unit of UTF-16', bytes([0xff, 0xfe], 'f\0o'), undefined],
    ['a unit of UTF-32 that is no code point', bytes([0xff, 0xfe, 0, 0], [0, 0, 0x11, 0]), undefined],
  ];
  for (const [why, input, text] of cases) {
    it(`are read: ${why}`, () => assert.equal(textOf(input), text));
  }

  it('are what Node makes of them, where they are UTF-8', () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.string({ unit: 'binary' }), (noise, text) => {
        assert.equal(textOf(Buffer.from(`\n${text}`)), `\n${text}`);
        const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
        const input = bytes('\n\n', Array.from(noise));
        let expected: string | undefined;
        try {
          expected = strict.decode(input);
        } catch {
          expected = undefined; // Not UTF-8: then we must say so too.
        }
        assert.equal(textOf(input), expected);
      }),
    );
  });

  it('say what to do when they cannot be read', () => {
    const decoded = decodeText(bytes('\xe9'));
    assert.equal(decoded.kind, 'undecodable');
    assert.match(decoded.kind === 'undecodable' ? decoded.message : '', /utf-8.*Save it as UTF-8/);
  });

  it('are given to another decoder where the encoding is not known here', () => {
    const input = bytes('# coding: shift_jis\n', [0x93, 0xfa]);
    const other = (data: Uint8Array, encoding: string) => new TextDecoder(encoding).decode(data);
    assert.deepEqual(decodeText(input, other), {
      kind: 'text',
      text: '# coding: shift_jis\n日',
      encoding: 'shift_jis',
    });
    assert.equal(decodeText(input).kind, 'undecodable');
  });
});
