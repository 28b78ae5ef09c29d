import assert from 'node:assert/strict';
import { decodeMochaReport } from '../../support/mochaReport.ts';

describe("mocha's JSON report", () => {
  it('gives the counts and what failed', () => {
    const failure = { fullTitle: 'scan keeps order', err: { message: 'no', stack: 'Error: no\n at x' } };
    const report = { stats: { passes: 3, failures: 1, pending: 2 }, failures: [failure] };
    assert.deepEqual(decodeMochaReport(JSON.stringify(report)), {
      passed: 3,
      failed: 1,
      skipped: 2,
      failures: [{ title: 'scan keeps order', error: 'Error: no\n at x' }],
    });
  });

  it('takes a thrown string, which has no stack', () => {
    const report = { stats: { passes: 0, failures: 1, pending: 0 }, failures: [{ fullTitle: 'a', err: {} }] };
    assert.equal(decodeMochaReport(JSON.stringify(report))?.failures[0]?.error, 'no message');
  });

  for (const text of ['', '{"stats":{"passes":1', '{}', '{"stats":{"passes":"1"},"failures":[]}']) {
    it(`is nothing when cut short or strange: ${JSON.stringify(text)}`, () => {
      assert.equal(decodeMochaReport(text), undefined);
    });
  }
});
