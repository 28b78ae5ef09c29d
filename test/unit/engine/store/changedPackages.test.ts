import assert from 'node:assert/strict';
import type { PackageName } from '../../../../server/src/core/packages/packageName.ts';
import { ChangedPackages } from '../../../../server/src/engine/store/changedPackages.ts';

const [a, b] = ['a', 'b'] as PackageName[] as [PackageName, PackageName];

describe('changed packages', () => {
  it('are those since a revision, and anything where that is not known', () => {
    const changes = new ChangedPackages();
    const start = changes.revision;
    changes.add(a);
    const then = changes.revision;
    changes.add(b);
    changes.add(b);
    assert.deepEqual([...(changes.since(start) ?? [])], [a, b]);
    assert.deepEqual([...(changes.since(then) ?? [])], [b]);
    assert.deepEqual([...(changes.since(changes.revision) ?? [])], []);
    const before = changes.revision;
    changes.forget();
    assert.notEqual(changes.revision, before);
    assert.equal(changes.since(before), undefined);
  });

  it('are remembered up to a limit', () => {
    const changes = new ChangedPackages();
    const start = changes.revision;
    for (let count = 0; count < 30_000; count++) {
      changes.add(a);
    }
    assert.equal(changes.revision, start + 30_000);
    assert.equal(changes.since(start), undefined);
    const then = changes.revision;
    changes.add(b);
    assert.deepEqual([...(changes.since(then) ?? [])], [b]);
  });
});
