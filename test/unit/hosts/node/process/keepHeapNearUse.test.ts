import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import {
  keepHeapNearUse,
  keepHeapNearUseBeyond,
} from '../../../../../server/src/hosts/node/process/keepHeapNearUse.ts';

describe('keeping the heap near what is in use', () => {
  after(() => setFlagsFromString('--heap-growing-percent=0'));

  const isCollectedBy = (call: () => void): Promise<boolean> => {
    let held: object | undefined = { large: 'x' };
    const reference = new WeakRef(held);
    held = undefined;
    return new Promise((resolve) => {
      setImmediate(() => {
        call();
        resolve(reference.deref() === undefined);
      });
    });
  };

  it('begins with a collection, and leaves nothing in the way of others', async () => {
    assert.equal(await isCollectedBy(() => keepHeapNearUse(50)), true);
    assert.equal('gc' in globalThis, false);
  });

  it('begins at once in a process that is large already', async () => {
    assert.equal(await isCollectedBy(() => keepHeapNearUseBeyond(1, 50)), true);
  });
});
