import assert from 'node:assert/strict';
import type { Freshness } from '../../../../server/src/core/report/freshness.ts';
import { AgeWatch, longestMs } from '../../../../server/src/lsp/publish/ageWatch.ts';
import { FakeTimers } from '../../../support/fakeTimers.ts';

const hour = 3_600;
const day = 24 * hour;

describe('data that grow old while nobody does anything', () => {
  let timers: FakeTimers;
  let freshness: Freshness | undefined;
  let redrawn: number;
  let watch: AgeWatch;
  const aged = (dataAgeSeconds: number | undefined): Freshness => ({ dataAgeSeconds, maxDataAgeDays: 7 });

  beforeEach(() => {
    timers = new FakeTimers();
    redrawn = 0;
    watch = new AgeWatch(
      timers,
      () => freshness,
      () => {
        redrawn++;
        watch.shown(freshness);
      },
    );
  });

  it('are shown again once, when they cross the limit', () => {
    watch.shown(aged(7 * day - 60));
    assert.deepEqual(timers.delaysMs, [61_000]);
    freshness = aged(7 * day + 1);
    timers.elapse(61_000);
    assert.deepEqual([redrawn, timers.delaysMs], [1, []]);
    watch.shown(aged(0));
    assert.equal(timers.delaysMs.length, 1, 'they may become old again');
  });

  it('are looked at every few hours, since a timer stands still while the machine sleeps', () => {
    watch.shown(aged(0));
    freshness = aged(hour);
    timers.elapse(longestMs);
    assert.deepEqual([redrawn, timers.delaysMs], [0, [longestMs]]);
    freshness = aged(8 * day);
    timers.elapse(longestMs);
    assert.equal(redrawn, 1);
  });

  it('have one timer, and none where there is nothing to grow old', () => {
    watch.shown(aged(0));
    watch.shown(aged(0));
    assert.equal(timers.delaysMs.length, 1);
    for (const none of [undefined, aged(undefined), aged(8 * day)]) {
      watch.shown(none);
      assert.deepEqual(timers.delaysMs, []);
    }
    watch.shown(aged(0));
    watch.stop();
    assert.deepEqual(timers.delaysMs, []);
  });
});
