import assert from 'node:assert/strict';
import { KeyTimes } from '../../../../server/src/lsp/upkeep/keyTimes.ts';

describe('the time from a key to its diagnostics', () => {
  const [one, other] = ['file:///a.txt', 'file:///b.txt'];
  let elapsedMs: number;
  let keys: KeyTimes;
  beforeEach(() => {
    elapsedMs = 0;
    keys = new KeyTimes({ now: () => 0, elapsedMs: () => elapsedMs });
  });
  const counted = (): readonly number[] => [keys.durations.count, keys.durations.totalMs];

  it('is counted from the first edit that nothing was shown of yet', () => {
    keys.edited(one);
    elapsedMs = 3;
    keys.edited(one);
    keys.edited(other);
    elapsedMs = 5;
    keys.shown(one);
    keys.shown(one);
    assert.deepEqual(counted(), [1, 5]);
    assert.deepEqual([keys.awaits(one), keys.awaits(other)], [false, true]);
    keys.shown(other);
    assert.deepEqual(counted(), [2, 7]);
  });

  it('is not counted for what is shown without an edit, nor for an edit that shows nothing', () => {
    keys.shown(one);
    keys.edited(one);
    keys.forget(one);
    keys.shown(one);
    assert.deepEqual(counted(), [0, 0]);
  });
});
