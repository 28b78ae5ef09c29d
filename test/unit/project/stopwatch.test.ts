import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Stopwatch, wholeMs } from '../../../server/src/project/stopwatch.ts';

describe('a stopwatch', () => {
  it('takes what others did meanwhile from the lap, so that all adds up to the whole', () => {
    let now = 1_000;
    let cacheMs = 5;
    const stopwatch = new Stopwatch(
      () => now,
      () => ({ cache: cacheMs, index: 0 }),
    );
    now += 30;
    stopwatch.lap('read');
    now += 50;
    cacheMs += 20;
    stopwatch.lap('lookUp');
    now += 1;
    cacheMs += 9; // no more than there was
    stopwatch.lap('lookUp');
    assert.deepEqual(stopwatch.laps, { cache: 21, index: 0, read: 30, lookUp: 30 });
    assert.equal(stopwatch.totalMs, 81);
  });

  it('is rounded to whole milliseconds whose sum is that of the whole', () => {
    assert.deepEqual(wholeMs({ a: 0.4, b: 0.4, c: 0.4 }), { a: 1, b: 0, c: 0 });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.double({ min: 0, max: 1e6, noNaN: true })), (parts) => {
        const sum = Object.values(wholeMs(parts)).reduce((total, ms) => total + ms, 0);
        assert.equal(sum, Math.round(Object.values(parts).reduce((total, ms) => total + ms, 0)));
      }),
    );
  });
});
