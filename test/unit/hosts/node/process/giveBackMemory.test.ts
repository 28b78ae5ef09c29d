import assert from 'node:assert/strict';
import { runInNewContext } from 'node:vm';
import { giveBackMemory } from '../../../../../server/src/hosts/node/process/giveBackMemory.ts';

describe('giving memory back', () => {
  it('collects what nobody holds any more', () => {
    let held: object | undefined = { large: 'x' };
    const reference = new WeakRef(held);
    held = undefined;
    return new Promise<void>((resolve) => {
      setImmediate(() => {
        giveBackMemory();
        assert.equal(reference.deref(), undefined);
        assert.equal('gc' in globalThis, false, "the function is in nobody's way");
        assert.equal(runInNewContext('typeof gc'), 'undefined', 'not in a later context either');
        resolve();
      });
    });
  });
});
