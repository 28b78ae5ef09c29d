import assert from 'node:assert/strict';
import { takeCacheSecret } from '../../../../../server/src/hosts/node/cache/cacheSecret.ts';
import { createRowSeal, type SealedRow } from '../../../../../server/src/hosts/node/cache/rowSeal.ts';

const row: SealedRow = { key: 'a', checkedAt: 1, expiresAt: 2, text: '{"matches":[]}' };

describe('row seal', () => {
  it('with a secret is right only for that secret and that very row', () => {
    const seal = createRowSeal('ours');
    const mac = seal.of(row);
    assert.equal(seal.check(row, mac), 'right');
    for (const other of [
      { ...row, key: 'b' },
      { ...row, checkedAt: 2 },
      { ...row, expiresAt: 3 },
      { ...row, text: '{"matches":[1]}' },
      { ...row, checkedAt: 11, key: '' }, // the parts cannot be moved against each other
    ]) {
      assert.equal(seal.check(other, mac), 'foreign');
    }
    for (const wrong of [undefined, 7, '', mac.slice(0, -1), `${mac}A`, createRowSeal('theirs').of(row)]) {
      assert.equal(seal.check(row, wrong), 'foreign', String(wrong));
    }
    assert.equal(seal.check(row, createRowSeal(undefined).of(row)), 'foreign');
  });

  it('without one tells damage from what was kept with a key', () => {
    const seal = createRowSeal(undefined);
    assert.equal(seal.check(row, seal.of(row)), 'right');
    assert.equal(seal.check({ ...row, text: 'x' }, seal.of(row)), 'damaged');
    assert.equal(seal.check(row, createRowSeal('ours').of(row)), 'foreign');
  });

  it('takes the secret out of the environment; an empty one is none', () => {
    const environment: Record<string, string | undefined> = { PINWATCH_CACHE_KEY: ' key\n', OTHER: 'x' };
    assert.equal(takeCacheSecret(environment), 'key');
    assert.deepEqual(environment, { OTHER: 'x' });
    assert.equal(takeCacheSecret(environment), undefined);
    assert.equal(takeCacheSecret({ PINWATCH_CACHE_KEY: ' ' }), undefined);
  });
});
