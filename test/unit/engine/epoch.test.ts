import assert from 'node:assert/strict';
import { Epoch } from '../../../server/src/engine/epoch.ts';

describe('epoch', () => {
  it('is current until the next change, and never again', () => {
    const epoch = new Epoch();
    const isCurrent = epoch.mark();
    assert.deepEqual([isCurrent(), isCurrent(), epoch.count], [true, true, 0]);
    epoch.next();
    assert.deepEqual([isCurrent(), epoch.mark()(), epoch.count], [false, true, 1]);
  });
});
