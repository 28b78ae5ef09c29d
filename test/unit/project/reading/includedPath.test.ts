import assert from 'node:assert/strict';
import { includedPath } from '../../../../server/src/project/reading/includedPath.ts';

describe('included path', () => {
  for (const [from, target, path] of [
    ['app/requirements.txt', 'base.txt', 'app/base.txt'],
    ['app/requirements.txt', '../base.txt', 'base.txt'],
    ['-', 'base.txt', 'base.txt'],
    ['app/requirements.txt', 'ftp://e.org/x.txt', 'app/ftp:/e.org/x.txt'],
    ['app/requirements.txt', 'a:b', 'app/a:b'],
    ['app/requirements.txt', 'file:///present/a%20b.txt', 'a b.txt'],
    ['app/requirements.txt', 'FILE:///present/sub/../x.txt?query#fragment', 'x.txt'],
    ['app/requirements.txt', 'file:///presently/x.txt', '/presently/x.txt'],
    ['app/requirements.txt', 'file://localhost/etc/x.txt', '/etc/x.txt'],
    ['app/requirements.txt', 'file://elsewhere/x.txt', undefined],
    ['app/requirements.txt', 'file:///%zz', undefined],
    ['app/requirements.txt', 'file:///a%00b', undefined],
    ['app/requirements.txt', 'a\0b', undefined],
  ] as const) {
    it(`of ${target} in ${from} is ${path}`, () => {
      assert.equal(includedPath(from, target, '/present'), path);
    });
  }
});
