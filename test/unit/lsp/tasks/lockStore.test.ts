import assert from 'node:assert/strict';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { fileId } from '../../../../server/src/project/fileId.ts';
import { LockStore } from '../../../../server/src/lsp/tasks/lockStore.ts';

const uri = fileId('file:///project/requirements.txt');

describe('lock store', () => {
  it('reads again after a read that failed', async () => {
    let reads = 0;
    const store = new LockStore({
      read: (uris) =>
        reads++ === 0 ? Promise.reject(new Error('broken')) : Promise.resolve(new Map(uris.map((one) => [one, []]))),
      python: () => Promise.resolve(undefined),
    });
    await assert.rejects(store.read([uri], []), /broken/u);
    assert.equal(store.known.has(uri), false);
    await store.read([uri], []);
    assert.equal(store.known.has(uri), true);
  });

  it('asks once for each folder what has an index of its own', async () => {
    const asked: string[] = [];
    const store = new LockStore({
      read: (uris) => Promise.resolve(new Map(uris.map((one) => [one, []]))),
      python: () => Promise.resolve(undefined),
      ownIndex: (file) => {
        asked.push(file);
        return Promise.resolve(new Set([normalizeName('mine')]));
      },
    });
    const other = fileId('file:///project/dev.txt');
    await store.read([uri, other], []);
    assert.deepEqual(asked, [uri]);
    assert.deepEqual([...(store.ownIndexOf(other) ?? [])], ['mine']);
    await store.read([other], []);
    assert.equal(store.ownIndexOf(uri), undefined);
  });
});
