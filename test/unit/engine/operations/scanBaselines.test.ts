import assert from 'node:assert/strict';
import { type MeasuredScan, ScanBaselines } from '../../../../server/src/engine/operations/scanBaselines.ts';

const scan = (durationMs: number, requestMs = 0, more: Partial<MeasuredScan> = {}): MeasuredScan => ({
  kind: 'scan',
  size: 50,
  durationMs,
  requestMs,
  ...more,
});

describe('baselines of scans', () => {
  let baselines: ScanBaselines;
  beforeEach(() => {
    baselines = new ScanBaselines();
    for (let time = 0; time < 10; time++) {
      assert.equal(baselines.judge(scan(90 + time, 60)), undefined, 'too few to compare with');
    }
  });

  it('flag a scan that took over a fifth longer than the median, and name what grew', () => {
    assert.equal(baselines.judge(scan(113, 80)), undefined, 'a fifth is still usual');
    assert.deepEqual(baselines.judge(scan(300, 250)), { durationMs: 300, usualMs: 95, part: 'requests' });
    assert.deepEqual(baselines.judge(scan(300, 60))?.part, 'own');
  });

  it('compare scans of the same kind and size class only', () => {
    assert.equal(baselines.judge(scan(900, 0, { kind: 'rescan' })), undefined);
    assert.equal(baselines.judge(scan(900, 0, { size: 101 })), undefined);
    assert.equal(baselines.judge(scan(900, 0, { size: 100 }))?.durationMs, 900);
  });

  it('say nothing of what nobody notices', () => {
    const quick = new ScanBaselines();
    for (let time = 0; time < 10; time++) quick.judge(scan(2));
    assert.equal(quick.judge(scan(20)), undefined);
    assert.equal(quick.judge(scan(25))?.usualMs, 2);
  });

  it('take a fifth more for usual in long scans, too', () => {
    const slow = new ScanBaselines();
    for (let time = 0; time < 10; time++) slow.judge(scan(1000));
    assert.equal(slow.judge(scan(1200)), undefined);
    assert.equal(slow.judge(scan(1201))?.usualMs, 1000);
  });

  it('outlive the session, and believe nothing that is none', () => {
    const next = new ScanBaselines();
    next.restore(JSON.parse(JSON.stringify(baselines.encode())));
    assert.equal(next.judge(scan(300))?.usualMs, 94.5);
    for (const kept of [undefined, null, 3, [], { scan: 4 }, { 'scan 2': [['x', 1], [1], null, [-1, 2]] }]) {
      const other = new ScanBaselines();
      other.restore(kept);
      assert.equal(other.judge(scan(300)), undefined);
    }
  });
});
