import assert from 'node:assert/strict';
import { RequestRecord } from '../../../../server/src/engine/operations/requestRecord.ts';

describe('record of requests', () => {
  let record: RequestRecord;
  beforeEach(() => (record = new RequestRecord()));

  const add = (durationMs: number, at: number, result: 'ok' | 'held' = 'ok'): void =>
    record.record({ service: 'osv', endpoint: 'query', result, durationMs, at });

  it('counts how long at least one request was in progress, those at the same time once', () => {
    add(100, 1_000);
    add(150, 1_050); // half of it with the one before
    add(20, 1_060); // most of it with the one before
    assert.equal(record.busyMs, 160);
    add(40, 2_000);
    add(5_000, 3_000, 'held');
    assert.equal(record.busyMs, 200);
  });

  it('counts how many took no longer than each bound', () => {
    [5, 6, 60_001].forEach((ms) => add(ms, 100_000));
    const [family] = record.families;
    assert.deepEqual(family?.durations.upTo.slice(0, 2), [1, 2]);
    assert.equal(family.durations.upTo.at(-1), 2);
    assert.deepEqual([family.durations.count, family.durations.totalMs], [3, 60_012]);
  });
});
