import assert from 'node:assert/strict';
import { gitIgnore } from '../../../../server/src/core/text/patterns/gitIgnore.ts';

describe('a .gitignore', () => {
  const ignored = (text: string, path: string, isFolder = false): boolean | undefined =>
    gitIgnore(text).isIgnored(path, isFolder);

  it('ignores by name at any depth, and by place where a slash says so', () => {
    assert.equal(ignored('*.txt\n', 'a/b/c.txt'), true);
    assert.equal(ignored('build\n', 'a/build', true), true);
    assert.equal(ignored('/build\n', 'a/build', true), undefined);
    assert.equal(ignored('/build\n', 'build', true), true);
    assert.equal(ignored('a/b.txt\n', 'a/b.txt'), true);
    assert.equal(ignored('a/b.txt\n', 'c/a/b.txt'), undefined);
    assert.equal(ignored('**/a/b.txt\n', 'c/a/b.txt'), true);
    assert.equal(ignored('a/**\n', 'a/b/c.txt'), true);
    assert.equal(ignored('a/**\n', 'a', true), undefined);
    assert.equal(ignored('a/**/z.txt\n', 'a/z.txt'), true);
  });

  it('knows folders, exceptions, comments and escapes; the last rule counts', () => {
    assert.equal(ignored('build/\n', 'build'), undefined);
    assert.equal(ignored('build/\n', 'build', true), true);
    assert.equal(ignored('*.txt\n!keep.txt\n', 'keep.txt'), false);
    assert.equal(ignored('!keep.txt\n*.txt\n', 'keep.txt'), true);
    assert.equal(ignored('# x\n\n', 'x'), undefined);
    assert.equal(ignored('\\#x\n', '#x'), true);
    assert.equal(ignored('a[0-9].txt  \n', 'a7.txt'), true);
    assert.equal(ignored('a[!0-9].txt\n', 'a7.txt'), undefined);
    assert.equal(ignored('a?.txt\r\n', 'ab.txt'), true);
    assert.equal(ignored('[\n', '['), undefined);
  });

  it('takes no long time over a hostile rule', () => {
    const rule = `${'*a'.repeat(400)}b\n`;
    ignored('**/'.repeat(300) + 'x\n', 'a/'.repeat(300));
    assert.equal(ignored(rule, 'a'.repeat(255)), undefined);
    assert.equal(ignored(`${'*a'.repeat(8)}*b\n`, 'a'.repeat(255)), undefined);
  }).timeout(2_000);
});
