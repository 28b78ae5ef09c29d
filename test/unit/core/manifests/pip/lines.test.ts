import { rangeOf } from '../../../../../server/src/core/manifests/places.ts';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { ChunkedText } from '../../../../../server/src/core/text/chunkedText.ts';
import { resolveInclude } from '../../../../../server/src/core/manifests/includePath.ts';
import { findLineStarts } from '../../../../../server/src/core/text/lineIndex.ts';
import { parseFile } from '../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { countPipLines } from '../../../../../server/src/core/manifests/pip/parse/parseItems.ts';
import { offsetAt } from '../../../../../server/src/core/manifests/offsetAt.ts';
import { applyEdits } from '../../../../../server/src/core/manifests/pip/edit/applyEdits.ts';
import { print } from './support.ts';

describe('a place in the document', () => {
  it('is a line and a character as LSP counts them', () => {
    const file = parseFile('a\r\nb\rc\n\nfoo\f  bar\\\n  ==1');
    const [, , , , item] = file.items;
    assert.ok(item);
    assert.deepEqual(rangeOf(file, 4, item.span), { start: { line: 4, character: 6 }, end: { line: 5, character: 5 } });
  });

  it('counts UTF-16 units', () => {
    const file = parseFile('foo;os_name=="😀" and os_name=="a"');
    const [item] = file.items;
    assert.ok(item);
    assert.equal(rangeOf(file, 0, item.span).end.character, 34);
  });

  it('has an offset, also after an edit', () => {
    const file = applyEdits(parseFile('ab\r\ncd\re'), [{ start: 1, end: 1, text: 'x\n' }]);
    assert.equal(file.text, 'ax\nb\r\ncd\re');
    const offsets = [
      [0, 0],
      [0, 9],
      [1, 1],
      [1, 2],
      [2, 9],
      [3, 1],
      [3, 9],
      [9, 0],
      [-1, 4],
      [1, -1],
    ].map(([line = 0, character = 0]) => offsetAt(file, { line, character }));
    assert.deepEqual(offsets, [0, 2, 4, 4, 8, 10, 10, 10, 0, 3]);
  });

  it('has the line starts of every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('\r', '\n', 'a', '\f') }), (text) => {
        const expected = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (match) => match.index + match[0].length)];
        assert.deepEqual(Array.from(findLineStarts(text)), expected);
      }),
    );
  });
});

describe('printed items', () => {
  it('count lines as Python does, and as LSP does where that differs', () => {
    assert.deepEqual(
      print('a\fb\nc').map(({ s, e, ls, le }) => [s, e, ls, le]),
      [
        [1, 1, 1, 1],
        [2, 2, 1, 1],
        [3, 3, 2, 2],
      ],
    );
    assert.deepEqual(print('a\nb')[1]?.ls, undefined);
  });

  it('know how many lines there are', () => {
    assert.deepEqual(['', 'a', 'a\n', 'a\r\nb', 'a\f\n', '\n'].map(countPipLines), [0, 1, 1, 2, 2, 1]);
  });

  it('say why a line is wrong', () => {
    const [item] = print('foo===a,b');
    assert.deepEqual([item?.error?.stage, item?.error?.code], ['requirement', 'requirement.invalid-specifier']);
  });
});

describe('the place an include leads to', () => {
  const cases: readonly (readonly [from: string, target: string, resolved: string])[] = [
    ['requirements.txt', 'x.txt', 'x.txt'],
    ['a/b/r.txt', '../x.txt', 'a/x.txt'],
    ['a/r.txt', '../../x.txt', '../x.txt'],
    ['a/r.txt', '/abs/./x.txt', '/abs/x.txt'],
    ['a/r.txt', '..', '.'],
    ['a/r.txt', 'https://e.org/x', 'https://e.org/x'],
    ['a/r.txt', 'file:x', 'file:x'],
    ['https://e.org/a/r.txt', 'x.txt', 'https://e.org/a/x.txt'],
    ['https://e.org/a/r.txt?q', '../../x.txt#f', 'https://e.org/x.txt#f'],
    ['https://e.org/a/r.txt', '/x.txt', 'https://e.org/x.txt'],
    ['https://e.org/a/r.txt', '//f.org/x.txt', 'https://f.org/x.txt'],
    ['https://e.org/a/r.txt', 'http://f.org/x.txt', 'http://f.org/x.txt'],
  ];
  for (const [from, target, resolved] of cases) {
    it(`${target} in ${from} is ${resolved}`, () => assert.equal(resolveInclude(from, target), resolved));
  }
});

describe('a text in chunks', () => {
  it('is the text, whatever is replaced', () => {
    const change = fc.tuple(fc.nat(30_000), fc.nat(9_000), fc.oneof(fc.string(), fc.constant('x'.repeat(20_000))));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        let expected = 'abc\n'.repeat(5_000);
        let chunked = ChunkedText.of(expected);
        for (const [at, length, text] of changes) {
          const start = Math.min(at, expected.length);
          const end = Math.min(start + length, expected.length);
          expected = expected.slice(0, start) + text + expected.slice(end);
          chunked = chunked.replace(start, end, text);
          assert.equal(chunked.length, expected.length);
          assert.equal(chunked.slice(start - 5, end + 5), expected.slice(Math.max(0, start - 5), end + 5));
        }
        assert.equal(chunked.toString(), expected);
      }),
    );
  });
});
