import assert from 'node:assert/strict';
import { pipKind } from '../../../../../../server/src/core/manifests/pip/pipManifest.ts';

/** The token at the `|` of the text in brackets, and what of it is typed. */
function tokenAt(marked: string): string | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const lines = text.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const token = pipKind.parse(text).nameAt?.(position);
  if (token === undefined) {
    return undefined;
  }
  const { start, end } = token.range;
  assert.deepEqual([start.line, end.line], [position.line, position.line]);
  assert.equal(text.split('\n')[start.line]?.slice(start.character, end.character), token.text);
  return `${token.typed}[${token.text}]`;
}

describe('the name that is being typed', () => {
  for (const [text, expected] of [
    ['|', '[]'],
    ['dja|', 'dja[dja]'],
    ['dja|ngo==3.2', 'dja[django]'],
    ['six==1\n  Flask_S|', 'Flask_S[Flask_S]'],
    ['\uFEFFdj|', 'dj[dj]'],
    ['django-|', 'django-[django-]'],
  ] as const) {
    it(`is ${expected} in ${JSON.stringify(text)}`, () => assert.equal(tokenAt(text), expected));
  }

  for (const text of ['django==|', '# dja|', '-r dja|', './dja|', 'django [ar|', 'six==1 \\\n  dja|', 'django |']) {
    it(`is none in ${JSON.stringify(text)}`, () => assert.equal(tokenAt(text), undefined));
  }
});
