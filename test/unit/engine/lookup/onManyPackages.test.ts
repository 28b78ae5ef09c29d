import assert from 'node:assert/strict';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { onManyPackages } from '../../../../server/src/engine/lookup/onManyPackages.ts';
import { FakeSource } from '../../../support/fakeSource.ts';

describe('a source that many packages are asked of', () => {
  it('answers as it is, and says so once', async () => {
    const own = new FakeSource();
    own.add('demo==1', 'PYSEC-1');
    let said = 0;
    const source = onManyPackages(own, () => said++);
    const { signal } = new AbortController();
    for (let at = 0; at < 60; at++) {
      assert.equal(said, at < 20 ? 0 : 1);
      assert.equal((await source.package(normalizeName('demo'), signal)).length, 1);
    }
    assert.equal(said, 1);
    assert.equal(source.counters, own.counters);
  });
});
