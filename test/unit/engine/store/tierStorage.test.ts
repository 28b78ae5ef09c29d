import assert from 'node:assert/strict';
import { lookupKey } from '../../../../server/src/core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../../../server/src/core/assessment/outcome.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { scannerOver } from '../../../support/scannerOver.ts';
import { LookupError } from '../../../../server/src/engine/ports.ts';
import type { ScanOptions, Scanner } from '../../../../server/src/engine/lookup/scanner.ts';
import { noon } from '../../../support/builders.ts';
import { FakeSource } from '../../../support/fakeSource.ts';
import { FakeTier } from '../../../support/fakeTier.ts';

const hourMs = 3_600_000;
const minuteMs = 60_000;
const name = normalizeName('demo');

/** What is kept on disk must not say more, after a restart, than what the last session knew. */
describe('storage of packages with a record that cannot be read', () => {
  let source: FakeSource;
  let tier: FakeTier;
  let scanner: Scanner;
  let now: number;

  const start = (): void => {
    scanner = scannerOver({
      source,
      sourceId: 'https://osv.test',
      tiers: [tier],
      clock: { now: () => now },
      log: { error() {}, warn() {}, info() {}, debug() {} },
      limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs, detailsMaxAgeMs: 24 * hourMs },
    });
  };
  const restartOffline = (): void => {
    source.queryError = new LookupError('offline', 'nobody there');
    source.packageError = source.queryError;
    start();
  };
  const scan = async (version: string, options: Partial<ScanOptions> = {}): Promise<Assessed | Failed> => {
    const lookup = { name, version };
    const outcomes = await scanner.scan([lookup], { signal: new AbortController().signal, ...options });
    return outcomes.get(lookupKey(lookup)) ?? assert.fail();
  };
  const verdict = async (version: string, options: Partial<ScanOptions> = {}): Promise<string> => {
    const outcome = await scan(version, options);
    return outcome.kind === 'assessed' ? outcome.verdict : outcome.kind;
  };

  beforeEach(() => {
    now = noon;
    source = new FakeSource();
    tier = new FakeTier();
    source.add('demo==1.0', 'A-1', affecting('1.0', '1.1'));
    start();
  });

  it('knows other versions from what another session kept of the package', async () => {
    assert.equal(await verdict('1.0'), 'vulnerable');
    restartOffline();
    assert.equal(await verdict('2.0'), 'clean');
  });

  it('forgets the package when the service has a record of it that does not decode', async () => {
    assert.equal(await verdict('1.0'), 'vulnerable');
    now += minuteMs;
    source.add('demo==2.0', 'A-2');
    source.records.set('A-2', 'nonsense');
    assert.equal(await verdict('1.5', { typing: true, again: true }), 'failed');
    restartOffline();
    assert.equal(await verdict('2.0'), 'failed');
  });

  it('forgets the package when a record that matched cannot be had', async () => {
    assert.equal(await verdict('1.0'), 'vulnerable');
    now += minuteMs;
    source.add('demo==2.0', 'A-2');
    source.records.delete('A-2');
    assert.equal(await verdict('2.0', { again: true }), 'vulnerable');
    assert.deepEqual(scanner.peek({ name, version: '2.1' }), { kind: 'unknown' }, 'this session tells nothing either');
    restartOffline();
    assert.equal(await verdict('2.0'), 'vulnerable', 'by the id that was kept');
    assert.equal(await verdict('2.1'), 'failed');
  });

  it('forgets the answers of versions typed since', async () => {
    assert.equal(await verdict('3.0'), 'clean');
    now += minuteMs;
    source.add('demo==2.0', 'A-2');
    source.records.set('A-2', 'nonsense');
    assert.equal(await verdict('3.0', { typing: true, again: true }), 'failed');
    restartOffline();
    assert.equal(await verdict('3.0'), 'failed');
  });

  it('knows it again as soon as every record can be read', async () => {
    source.add('demo==2.0', 'A-2');
    const record = source.records.get('A-2');
    source.records.set('A-2', 'nonsense');
    assert.equal(await verdict('1.5', { typing: true }), 'failed');
    now += minuteMs;
    source.records.set('A-2', record);
    assert.equal(await verdict('1.0', { typing: true }), 'vulnerable');
    restartOffline();
    assert.equal(await verdict('1.0'), 'vulnerable');
  });
});

function affecting(introduced: string, fixed: string): object {
  return {
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'demo' },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] }],
      },
    ],
  };
}
