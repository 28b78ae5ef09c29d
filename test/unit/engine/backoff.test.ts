import assert from 'node:assert/strict';
import { backoffMs } from '../../../server/src/engine/backoff.ts';

describe('back-off', () => {
  it('is twice as long each time, up to a limit', () => {
    const rule = { firstMs: 100, longestMs: 500 };
    assert.deepEqual(
      [0, 1, 2, 3, 2000].map((failed) => backoffMs(rule, failed)),
      [100, 200, 400, 500, 500],
    );
  });

  it('is spread by chance, above the limit too where the rule says so', () => {
    const rule = { firstMs: 100, longestMs: 200, spread: [0.5, 1.5] } as const;
    assert.deepEqual(
      [0, 0.5, 1].map((random) => backoffMs(rule, 1, random)),
      [100, 200, 300],
    );
  });
});
