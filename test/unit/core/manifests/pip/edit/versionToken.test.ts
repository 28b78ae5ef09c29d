import assert from 'node:assert/strict';
import { applyEdits } from '../../../../../../server/src/core/manifests/pip/edit/applyEdits.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { versionTokenAt } from '../../../../../../server/src/core/manifests/pip/edit/versionToken.ts';

/** The package and the token at the `|` of the text, the token in brackets. */
function tokenAt(marked: string): string | undefined {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const lines = text.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
  const token = versionTokenAt(parseFile(text), position);
  if (token === undefined) {
    return undefined;
  }
  const { start, end } = token.range;
  assert.equal(start.line, position.line);
  assert.equal(end.line, position.line);
  return `${token.name} [${text.split('\n')[start.line]?.slice(start.character, end.character)}]`;
}

describe('versionTokenAt', () => {
  for (const [text, expected] of [
    ['django==|', 'django []'],
    ['django==4.|', 'django [4.]'],
    ['django>=4.|2 # web', 'django [4.2]'],
    ['Flask_SQLAlchemy == |3.0', 'flask-sqlalchemy [3.0]'],
    ['  uvicorn [ standard ] ~= 0.3|0', 'uvicorn [0.30]'],
    ['django>=3.2,<4|', 'django [4]'],
    ['django >= 3.2 , != 4.0.* , <|', 'django []'],
    ['django (>=3|)', 'django [3]'],
    ['django===1!2.0+local.|1', 'django [1!2.0+local.1]'],
    ['django==3.2|; python_version > "3.8"', 'django [3.2]'],
    ['django==3.2.1| \\\n    --hash=sha256:00', 'django [3.2.1]'],
    ['a==1 # 😀\ndjango==3|', 'django [3]'],
    ['\uFEFFdjango==3|', 'django [3]'],
  ] as const) {
    it(`finds ${expected} in ${JSON.stringify(text)}`, () => assert.equal(tokenAt(text), expected));
  }

  for (const text of [
    'dja|ngo==3.2',
    'django|==3.2',
    'django=|=3.2',
    'django 3|',
    'django==3.2 |',
    '# django==3|',
    'django # ==3|',
    'django; python_version >= 3|',
    '--index-url=|',
    '-c constraints.txt==|',
    'a==1 \\\nb==2|',
    './path==1|',
    'a @ https://example.org/?x==1|',
    '😀==1|',
    '|',
    `a==${'1'.repeat(3000)}|`,
  ]) {
    it(`finds none in ${JSON.stringify(text.slice(0, 60))}`, () => assert.equal(tokenAt(text), undefined));
  }

  it('reads the text as the last edit left it', () => {
    const file = applyEdits(parseFile('a==1\ndjango\n'), [{ start: 11, end: 11, text: '==4.' }]);
    const token = versionTokenAt(file, { line: 1, character: 10 });
    assert.deepEqual(token?.range, { start: { line: 1, character: 8 }, end: { line: 1, character: 10 } });
  });

  it('answers at once on a hostile line', () => {
    for (const text of [
      `a${' '.repeat(1900)}x`,
      `a==${'1,=='.repeat(450)};`,
      `a${'!='.repeat(900)}`,
      `a[${'['.repeat(1900)}`,
    ]) {
      assert.equal(versionTokenAt(parseFile(text), { line: 0, character: text.length }), undefined);
    }
  });
});
