import assert from 'node:assert/strict';
import { fileId } from '../../../../server/src/project/fileId.ts';
import { folderLinks } from '../../../../server/src/project/reading/folderLinks.ts';

describe('links of a page', () => {
  const folder = fileId('file:///shop/app');

  it('are paths from the first folder, fit to stand in an address', () => {
    const linkOf = folderLinks([folder], [fileId('file:///shop/app/deps/r%20%281%29.txt')]);
    assert.equal(linkOf('deps/r (1).txt', 3), '/deps/r%20%281%29.txt#L3');
  });

  it('lead out of it where a file lies beside it', () => {
    const folders = [folder, fileId('file:///shop/worker')];
    const linkOf = folderLinks(folders, [fileId('file:///shop/worker/r.txt'), fileId('file:///shop/app/r.txt')]);
    assert.equal(linkOf('worker/r.txt', 1), '/../worker/r.txt#L1');
    assert.equal(linkOf('app/r.txt', 1), '/r.txt#L1');
  });

  it('are none for what is not there, not on disk, or where no folder is open', () => {
    assert.equal(folderLinks([folder], [])('r.txt', 1), undefined);
    assert.equal(folderLinks([], [fileId('file:///shop/app/r.txt')])('/shop/app/r.txt', 1), undefined);
    const other = fileId('vscode-vfs://github/a/r.txt');
    assert.equal(folderLinks([fileId('vscode-vfs://github/a')], [other])('r.txt', 1), undefined);
  });
});
