import assert from 'node:assert/strict';
import { noDurations, withDuration } from '../../../server/src/engine/durations.ts';
import { ageText } from '../../../server/src/features/ageText.ts';
import { english } from '../../../server/src/core/words/words.ts';
import { durationFigures } from '../../../server/src/features/durationFigures.ts';

describe('figures', () => {
  it('says an age in words', () => {
    const ages = [0, 59_999, 60_000, 3_599_999, 3_600_000, 47 * 3_600_000, 48 * 3_600_000, -5].map((age) =>
      ageText(1_000_000_000_000 - age, 1_000_000_000_000, english),
    );
    assert.deepEqual(ages, [
      'just now',
      'just now',
      '1 min ago',
      '59 min ago',
      '1 h ago',
      '47 h ago',
      '2 days ago',
      'just now',
    ]);
  });

  it('takes percentiles by nearest rank', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    assert.deepEqual(durationFigures(hundred.reduce(withDuration, noDurations)), {
      count: 100,
      mean: 50.5,
      min: 1,
      max: 100,
      p50: 50,
      p95: 95,
      p99: 99,
    });
    assert.deepEqual(durationFigures(noDurations), { count: 0, mean: 0, min: 0, max: 0, p50: 0, p95: 0, p99: 0 });
  });
});
