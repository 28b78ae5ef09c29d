import assert from 'node:assert/strict';
import type { Pin } from '../../../../server/src/core/assessment/pin.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { scannerOver } from '../../../support/scannerOver.ts';
import { LookupError } from '../../../../server/src/engine/ports.ts';
import type { Scanner } from '../../../../server/src/engine/lookup/scanner.ts';
import { noon } from '../../../support/builders.ts';
import { FakeSource } from '../../../support/fakeSource.ts';

const hourMs = 3_600_000;

describe('scanner', () => {
  let source: FakeSource;
  let scanner: Scanner;
  let now: number;

  const start = (maxEntries = 1000): void => {
    scanner = scannerOver({
      source,
      sourceId: 'test',
      tiers: [],
      clock: { now: () => now },
      log: { error() {}, warn() {}, info() {}, debug() {} },
      limits: { maxEntries, answerTtlMs: hourMs, cleanTtlMs: hourMs, detailsMaxAgeMs: 24 * hourMs },
    });
  };

  beforeEach(() => {
    now = noon;
    source = new FakeSource();
    source.add('django==3.2.0', 'PYSEC-2021-109', { aliases: ['CVE-2021-35042'] });
    start();
  });

  const signal = (): AbortSignal => new AbortController().signal;
  const scan = (...pins: string[]) => scanner.scan(pins.map(toPin), { signal: signal() });
  const rescan = (...pins: string[]) => scanner.scan(pins.map(toPin), { signal: signal(), again: true });

  it('asks once for each distinct pin and fetches each vulnerable package once', async () => {
    source.matches.set('django==3.2.1', source.matches.get('django==3.2.0') ?? []);
    const outcomes = await scan('django==3.2.0', 'six==1.0', 'django==3.2.0', 'django==3.2.1');
    assert.deepEqual(source.queried, [['django==3.2.0', 'django==3.2.1', 'six==1.0']]);
    assert.deepEqual([source.packages, source.fetched], [['django'], []]);
    const django = outcomes.get('django==3.2.0');
    assert.ok(django?.kind === 'assessed');
    assert.equal(django.verdict, 'vulnerable');
    assert.equal(django.findings[0]?.id, 'CVE-2021-35042');
    assert.equal(django.checkedAt, noon);
    const six = outcomes.get('six==1.0');
    assert.ok(six?.kind === 'assessed' && six.verdict === 'clean');
  });

  it('asks nobody for what is known, and counts hits and misses', async () => {
    await scan('django==3.2.0', 'six==1.0');
    assert.deepEqual([scanner.figures.hits, scanner.figures.misses], [0, 3]); // two pins and a package
    await scan('django==3.2.0', 'six==1.0');
    assert.equal(source.queried.length, 1);
    assert.deepEqual([scanner.figures.hits, scanner.figures.misses, scanner.figures.entries], [2, 3, 3]);
  });

  it('takes an answer for stale when its time is over, and asks again but keeps unchanged details', async () => {
    await scan('django==3.2.0');
    now += hourMs - 1;
    assert.equal(scanner.peek(toPin('django==3.2.0')).kind, 'fresh');
    now += 1;
    assert.equal(scanner.peek(toPin('django==3.2.0')).kind, 'stale');
    await scan('django==3.2.0');
    assert.equal(source.queried.length, 2);
    assert.equal(source.packages.length, 1);
  });

  it('does not trust an answer from the future of a clock that was set back', async () => {
    await scan('django==3.2.0');
    now -= hourMs;
    assert.equal(scanner.peek(toPin('django==3.2.0')).kind, 'stale');
  });

  it('fetches details anew when the stamp differs in any way, backwards too, or when they are too old', async () => {
    await scan('django==3.2.0');
    source.matches.set('django==3.2.0', [{ id: 'PYSEC-2021-109', modified: '2020-01-01T00:00:00.000000Z' }]);
    await rescan('django==3.2.0');
    assert.deepEqual([source.packages.length, source.fetched.length], [1, 1]);
    await rescan('django==3.2.0');
    assert.deepEqual([source.packages.length, source.fetched.length], [1, 1]);
    now += 24 * hourMs;
    await rescan('django==3.2.0');
    assert.deepEqual([source.packages.length, source.fetched.length], [2, 1]);
  });

  it('never keeps a failure, and hands over what was known before it', async () => {
    await scan('django==3.2.0');
    now += 2 * hourMs;
    source.queryError = new LookupError('offline', 'api.osv.dev could not be reached.');
    const outcome = (await scan('django==3.2.0', 'six==1.0')).get('django==3.2.0');
    assert.ok(outcome?.kind === 'failed');
    assert.equal(outcome.reason, 'offline');
    assert.equal(outcome.lastKnown?.findings.length, 1);
    assert.equal(scanner.peek(toPin('six==1.0')).kind, 'unknown');
    source.queryError = undefined;
    assert.equal((await scan('six==1.0')).get('six==1.0')?.kind, 'assessed');
  });

  it('keeps what was answered when some pins fail', async () => {
    source.failingPins.set('six==1.0', new LookupError('badResponse', 'no end'));
    const outcomes = await scan('django==3.2.0', 'six==1.0');
    assert.equal(outcomes.get('django==3.2.0')?.kind, 'assessed');
    assert.equal(outcomes.get('six==1.0')?.kind, 'failed');
  });

  it('reports a finding without details, says so, and asks for them again', async () => {
    source.records.delete('PYSEC-2021-109');
    const outcome = (await scan('django==3.2.0')).get('django==3.2.0');
    assert.ok(outcome?.kind === 'assessed' && outcome.verdict === 'vulnerable');
    assert.deepEqual(outcome.findings[0]?.missingDetails, ['PYSEC-2021-109']);
    assert.equal(outcome.findings[0]?.severity, 'unknown');
    assert.equal(scanner.peek(toPin('django==3.2.0')).kind, 'unknown');
    await scan('django==3.2.0');
    assert.equal(source.fetched.length, 2);
  });

  it('does not take the details of another advisory for those asked for', async () => {
    source.records.set('PYSEC-2021-109', { id: 'PYSEC-0000-0', affected: [] });
    const outcome = (await scan('django==3.2.0')).get('django==3.2.0');
    assert.ok(outcome?.kind === 'assessed');
    assert.deepEqual(outcome.findings[0]?.missingDetails, ['PYSEC-2021-109']);
  });

  it('lets concurrent scans share one question', async () => {
    const open = hold();
    const both = Promise.all([scan('django==3.2.0'), scan('django==3.2.0', 'six==1.0')]);
    open();
    const [first, second] = await both;
    assert.deepEqual(source.queried, [['django==3.2.0'], ['six==1.0']]);
    assert.equal(source.packages.length, 1);
    assert.deepEqual(first.get('django==3.2.0'), second.get('django==3.2.0'));
    assert.equal(second.size, 2);
  });

  it('lets a caller leave alone, and aborts the work only when nobody waits', async () => {
    const open = hold();
    const leaving = new AbortController();
    const reason = new Error('left');
    const left = scanner.scan([toPin('django==3.2.0')], { signal: leaving.signal });
    const stays = scan('django==3.2.0');
    leaving.abort(reason);
    await assert.rejects(left, reason);
    assert.equal(source.signals[0]?.aborted, false);
    open();
    assert.equal((await stays).get('django==3.2.0')?.kind, 'assessed');
  });

  it('aborts abandoned work and starts afresh for the next caller', async () => {
    hold();
    const leaving = new AbortController();
    const left = scanner.scan([toPin('django==3.2.0')], { signal: leaving.signal });
    await Promise.resolve();
    await Promise.resolve();
    leaving.abort(new Error('left'));
    await assert.rejects(left);
    assert.equal(source.signals[0]?.aborted, true);
    source.gate = Promise.resolve();
    assert.equal((await scan('django==3.2.0')).get('django==3.2.0')?.kind, 'assessed');
    assert.equal(source.queried.length, 2);
  });

  it('rejects at once with the reason of a signal that is aborted already', async () => {
    const reason = new Error('too late');
    await assert.rejects(scanner.scan([toPin('six==1.0')], { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(source.queried.length, 0);
  });

  it('forgets everything on clear, and does not keep answers asked for before it', async () => {
    await scan('six==1.0');
    const open = hold();
    const late = scan('six==2.0');
    assert.equal(await scanner.clear(), 1);
    open();
    assert.equal((await late).get('six==2.0')?.kind, 'assessed');
    assert.equal(scanner.peek(toPin('six==2.0')).kind, 'unknown');
    assert.equal(scanner.figures.entries, 0);
  });

  it('stays within its bounds and counts what it pushes out', async () => {
    start(10);
    await scan(...Array.from({ length: 25 }, (_, index) => `six==1.${index}`));
    assert.equal(scanner.figures.entries, 10);
    assert.equal(scanner.figures.evictions, 15);
    assert.equal(scanner.figures.capacity, 10);
  });

  it('makes no finding of a withdrawn record', async () => {
    source.add('six==1.0', 'PYSEC-2000-1', { withdrawn: '2001-01-01T00:00:00Z' });
    const outcome = (await scan('six==1.0')).get('six==1.0');
    assert.ok(outcome?.kind === 'assessed' && outcome.verdict === 'clean');
  });

  /** Holds the answers back until the function returned is called. */
  function hold(): () => void {
    let open = (): void => undefined;
    source.gate = new Promise((resolve) => (open = resolve));
    return () => open();
  }
});

function toPin(text: string): Pin {
  const [name = '', version = ''] = text.split('==');
  return { name: normalizeName(name), version };
}
