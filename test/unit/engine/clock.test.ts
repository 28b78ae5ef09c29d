import assert from 'node:assert/strict';
import { lookupKey } from '../../../server/src/core/assessment/lookup.ts';
import { normalizeName } from '../../../server/src/core/packages/packageName.ts';
import { scannerOver } from '../../support/scannerOver.ts';
import { LookupError } from '../../../server/src/engine/ports.ts';
import type { Scanner } from '../../../server/src/engine/lookup/scanner.ts';
import { noon } from '../../support/builders.ts';
import { FakeSource } from '../../support/fakeSource.ts';
import { FakeTier } from '../../support/fakeTier.ts';

const hourMs = 3_600_000;
const pin = { name: normalizeName('six'), version: '1.0' };

describe('answers and a clock that jumps', () => {
  let source: FakeSource;
  let tier: FakeTier;
  let scanner: Scanner;
  let now: number;
  let elapsedMs: number;

  const start = (): void => {
    scanner = scannerOver({
      source,
      sourceId: 'https://osv.test',
      tiers: [tier],
      clock: { now: () => now, elapsedMs: () => elapsedMs },
      log: { error() {}, warn() {}, info() {}, debug() {} },
      limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs, detailsMaxAgeMs: 24 * hourMs },
    });
  };
  const pass = (ms: number): void => {
    now += ms;
    elapsedMs += ms;
  };
  const scan = async () =>
    (await scanner.scan([pin], { signal: new AbortController().signal })).get(lookupKey(pin)) ?? assert.fail();

  beforeEach(() => {
    now = noon;
    elapsedMs = 1_000;
    source = new FakeSource();
    tier = new FakeTier();
    start();
  });

  it('grow old although the clock is set back', async () => {
    await scan();
    pass(0.9 * hourMs);
    now -= 0.8 * hourMs;
    assert.equal(scanner.peek(pin).kind, 'fresh');
    pass(0.2 * hourMs);
    assert.equal(scanner.peek(pin).kind, 'stale');
  });

  it('are old after a sleep, of which the steady clock knows nothing', async () => {
    await scan();
    now += 2 * hourMs;
    assert.equal(scanner.peek(pin).kind, 'stale');
  });

  it('of the future are not believed, and not when that time has come either', async () => {
    now += 24 * hourMs; // set wrong
    await scan();
    now -= 24 * hourMs;
    assert.equal(scanner.peek(pin).kind, 'stale');
    start();
    source.queryError = new LookupError('offline', 'nobody there');
    assert.equal((await scan()).kind, 'failed');
    pass(24 * hourMs);
    assert.notEqual(scanner.peek(pin).kind, 'fresh');
  });

  it('out of storage have the age that they had there', async () => {
    await scan();
    pass(0.9 * hourMs);
    start();
    assert.equal((await scan()).kind, 'assessed');
    assert.equal(source.queried.length, 1);
    elapsedMs += 0.2 * hourMs; // the other clock was set back meanwhile
    assert.equal(scanner.peek(pin).kind, 'stale');
  });
});
