import assert from 'node:assert/strict';
import { durationBoundsMs, joinedDurations, noDurations, withDuration } from '../../../server/src/engine/durations.ts';

describe('durations', () => {
  const tally = (...durations: readonly number[]) => durations.reduce(withDuration, noDurations);

  it('count all of them, and keep the last ones', () => {
    const { count, totalMs, minMs, maxMs, recentMs } = tally(...Array.from({ length: 1500 }, (_, index) => index + 1));
    assert.deepEqual([count, totalMs, minMs, maxMs], [1500, (1500 * 1501) / 2, 1, 1500]);
    assert.deepEqual([recentMs.length, recentMs[0], recentMs.at(-1)], [1000, 501, 1500]);
  });

  it('are counted up to each bound', () => {
    const { upTo } = tally(5, 6, 1_000_000, -3);
    assert.deepEqual(upTo, [2, ...durationBoundsMs.slice(1).map(() => 3)]);
  });

  it('of two times come to the same as of one', () => {
    const all = [7, 3, 2600, 90];
    for (let cut = 0; cut <= all.length; cut++) {
      assert.deepEqual(joinedDurations(tally(...all.slice(0, cut)), tally(...all.slice(cut))), tally(...all));
    }
  });
});
