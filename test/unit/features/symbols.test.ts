import assert from 'node:assert/strict';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import { documentSymbols } from '../../../server/src/features/symbols.ts';
import { textAt } from '../../support/ranges.ts';

const listed = (text: string): readonly (readonly [string, string | undefined])[] =>
  documentSymbols(pipKind.parse(text)).map(({ name, detail }) => [name, detail]);

describe('document symbols', () => {
  it('list requirements with their specifiers, and includes; not options', () => {
    const text = [
      '--index-url https://example.org/simple',
      'Django[bcrypt] >=4.2, <5 ; python_version > "3.8"',
      '-r base.txt',
      '-c constraints.txt',
      'six',
    ].join('\n');
    assert.deepEqual(listed(text), [
      ['Django', '>=4.2, <5'],
      ['base.txt', '-r'],
      ['constraints.txt', '-c'],
      ['six', ''],
    ]);
  });

  it('list what has no version, without credentials', () => {
    const text = [
      'a @ https://user:s3cret@example.org/a.zip?key=s3cret#egg=a',
      'https://user:s3cret@example.org/archive.zip',
      '-e git+https://t0ken@example.org/b@main#egg=b',
      './local/folder',
      'broken==',
    ].join('\n');
    assert.deepEqual(listed(text), [
      ['a', 'https://example.org/a.zip'],
      ['https://example.org/archive.zip', ''],
      ['b', 'git+https://example.org/b@main'],
      ['./local/folder', ''],
      ['broken', 'cannot be read'],
    ]);
  });

  it('cover the logical line with its continuation and comment, and select the name', () => {
    const text =
      '# 😀 head\n  django==3.2 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01  # 😀 why\nsix==1.0 # 😀\n';
    const symbols = documentSymbols(pipKind.parse(text));
    assert.deepEqual(
      symbols.map(({ range }) => textAt(text, range)),
      ['django==3.2 \\\n    --hash=sha256:00 \\\n    --hash=sha256:01  # 😀 why', 'six==1.0 # 😀'],
    );
    assert.deepEqual(
      symbols.map(({ selectionRange }) => textAt(text, selectionRange)),
      ['django', 'six'],
    );
  });

  it('strip what could reorder or hide text', () => {
    const [symbol] = documentSymbols(pipKind.parse('./a\u202Eb\u200B/c\n'));
    assert.equal(symbol?.name, './ab/c');
  });
});
