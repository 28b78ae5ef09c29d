import assert from 'node:assert/strict';
import fc from 'fast-check';
import { unifiedDiff } from '../../../../server/src/core/fixes/unifiedDiff.ts';

describe('a unified diff', () => {
  it('has changed lines with what stands around them', () => {
    const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'];
    const text = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('');
    assert.equal(
      unifiedDiff('r.txt', text(lines), text(lines.map((line) => (line === 'b' || line === 'l' ? `${line}2` : line)))),
      [
        '--- a/r.txt',
        '+++ b/r.txt',
        '@@ -1,5 +1,5 @@',
        ' a',
        '-b',
        '+b2',
        ' c',
        ' d',
        ' e',
        '@@ -9,4 +9,4 @@',
        ' i',
        ' j',
        ' k',
        '-l',
        '+l2',
        '',
      ].join('\n'),
    );
    assert.equal(unifiedDiff('r.txt', 'a\n', 'a\n'), '');
    assert.match(unifiedDiff('r.txt', 'a', 'b'), /-a\n\\ No newline at end of file\n\+b\n\\ No newline/u);
  });

  it('makes the new text of the old one', () => {
    const texts = fc.array(fc.constantFrom('a\n', 'b\n', 'c\n', 'd\n'), { maxLength: 30 }).map((all) => all.join(''));
    fc.assert(
      fc.property(texts, texts, (before, after) => {
        assert.equal(applied(before, unifiedDiff('r', before, after)), after);
      }),
    );
  });
});

function applied(text: string, diff: string): string {
  const lines = text.split(/(?<=\n)/u).filter((line) => line !== '');
  const made: string[] = [];
  let at = 0;
  for (const line of diff.split(/(?<=\n)/u).slice(2)) {
    const [, start, count] = /^@@ -(\d+)(?:,(\d+))? /u.exec(line) ?? [];
    if (start !== undefined) {
      const from = Number(start) - (count === '0' ? 0 : 1);
      while (at < from) made.push(lines[at++] ?? '');
    } else if (line.startsWith('+')) {
      made.push(line.slice(1));
    } else if (line !== '') {
      assert.equal(lines[at], line.slice(1));
      if (line.startsWith(' ')) made.push(line.slice(1));
      at++;
    }
  }
  return [...made, ...lines.slice(at)].join('');
}
