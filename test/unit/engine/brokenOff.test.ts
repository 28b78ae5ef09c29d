import assert from 'node:assert/strict';
import { type Lookup, lookupKey } from '../../../server/src/core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../../server/src/core/assessment/outcome.ts';
import { normalizeName } from '../../../server/src/core/packages/packageName.ts';
import { parseClause } from '../../../server/src/core/versions/specifier.ts';
import { scannerOver } from '../../support/scannerOver.ts';
import { LookupError } from '../../../server/src/engine/ports.ts';
import type { Outcomes, Scanner } from '../../../server/src/engine/lookup/scanner.ts';
import { noon } from '../../support/builders.ts';
import { FakeSource } from '../../support/fakeSource.ts';
import { FakeTier } from '../../support/fakeTier.ts';

const hourMs = 3_600_000;
const name = normalizeName('demo');
const vulnerable = { name, version: '1.0' };
const free = { name: normalizeName('six'), version: '1.0' };
const range: Lookup = { name, specifier: [parseClause('>=', '1') ?? assert.fail()], text: '>=1' };

/** Every way in which an answer is cut short after the service has named advisories: what it named stays. */
describe('a scan whose details do not come', () => {
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
  beforeEach(() => {
    now = noon;
    source = new FakeSource();
    tier = new FakeTier();
    source.add('demo==1.0', 'A-1');
    start();
  });

  const scan = async (lookup: Lookup, again = false): Promise<Assessed | Failed> =>
    (await scanner.scan([lookup], { signal: new AbortController().signal, again })).get(lookupKey(lookup)) ??
    assert.fail();

  /** Resolves when a package is asked for; it never comes. */
  function packageHangs(): Promise<void> {
    return new Promise((asked) => {
      source.package = (_name, signal) => {
        asked();
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      };
    });
  }

  const failed = new LookupError('timeout', 'too slow');

  it('hands over what was named when it is aborted: vulnerable, with the ids and nothing else', async () => {
    const asked = packageHangs();
    const own = new AbortController();
    let known: Outcomes = new Map();
    const scanning = scanner.scan([vulnerable, free], { signal: own.signal, onAborted: (soFar) => (known = soFar) });
    await asked;
    own.abort(new Error('time is up'));
    await assert.rejects(scanning, /time is up/u);
    const outcome = known.get('demo==1.0');
    assert.ok(outcome?.kind === 'assessed' && outcome.verdict === 'vulnerable');
    assert.deepEqual(
      outcome.findings.map(({ id, severity, missingDetails }) => [id, severity, missingDetails]),
      [['A-1', 'unknown', ['A-1']]],
    );
    const other = known.get('six==1.0');
    assert.ok(other?.kind === 'assessed' && other.verdict === 'clean');
  });

  it('says nothing of a range, whose advisories may not be about it', async () => {
    const asked = packageHangs();
    const own = new AbortController();
    let known: Outcomes | undefined;
    const scanning = scanner.scan([range], { signal: own.signal, onAborted: (soFar) => (known = soFar) });
    await asked;
    own.abort(new Error('time is up'));
    await assert.rejects(scanning);
    assert.deepEqual(known, new Map());
  });

  it('hands it over to everybody who waits for the same', async () => {
    const asked = packageHangs();
    const own = [new AbortController(), new AbortController()];
    const known: Outcomes[] = [];
    const all = own.map(({ signal }) =>
      scanner.scan([vulnerable], { signal, onAborted: (soFar) => void known.push(soFar) }),
    );
    await asked;
    own.forEach((one) => one.abort(new Error('left')));
    await Promise.allSettled(all);
    assert.deepEqual(
      known.map((one) => one.get('demo==1.0')?.kind),
      ['assessed', 'assessed'],
    );
  });

  it('keeps what it knew from memory and storage when it is aborted before any answer', async () => {
    await scan(free);
    start();
    let known: Outcomes = new Map();
    source.gate = new Promise(() => undefined);
    const own = new AbortController();
    const scanning = scanner.scan([vulnerable, free], { signal: own.signal, onAborted: (soFar) => (known = soFar) });
    await new Promise((resolve) => setImmediate(resolve));
    own.abort(new Error('time is up'));
    await assert.rejects(scanning);
    assert.deepEqual([...known.keys()], ['six==1.0']);
  });

  it('finds a version vulnerable whose stored answer has lost its details, while nobody answers', async () => {
    await scan(vulnerable);
    for (const [key, { text }] of tier.texts) {
      if (!text.includes('"matches"')) {
        tier.texts.delete(key); // the package and its records
      }
    }
    start();
    source.queryError = failed;
    const outcome = await scan(vulnerable);
    assert.ok(outcome.kind === 'assessed' && outcome.verdict === 'vulnerable');
    assert.deepEqual(outcome.findings[0]?.missingDetails, ['A-1']);
    assert.notEqual(scanner.peek(vulnerable).kind, 'fresh');
    const again = await scan(vulnerable, true);
    assert.ok(again.kind === 'failed');
    assert.equal(again.lastKnown?.findings[0]?.id, 'A-1');
    now += 2 * hourMs;
    assert.equal((await scan(vulnerable)).kind, 'failed', 'too old');
  });

  it('does not go back to what was clean once an advisory was named without details', async () => {
    const id = { name, version: '2.0' };
    assert.equal((await scan(id)).kind, 'assessed');
    source.add('demo==2.0', 'A-2');
    source.packageError = failed;
    source.records.delete('A-2');
    const outcome = await scan(id, true);
    assert.ok(outcome.kind === 'assessed' && outcome.verdict === 'vulnerable');
    const known = scanner.peek(id);
    assert.ok(known.kind === 'stale' && known.outcome.verdict === 'vulnerable');
    source.queryError = failed;
    const later = await scan(id);
    assert.ok(later.kind === 'assessed' && later.verdict === 'vulnerable', 'as kept');
    const again = await scan(id, true);
    assert.ok(again.kind === 'failed' && again.lastKnown?.verdict === 'vulnerable');
  });

  it('fails, with what was known and its age, when it is asked again and nobody answers', async () => {
    await scan(vulnerable);
    now += 60_000;
    source.queryError = failed;
    assert.equal((await scan(vulnerable)).kind, 'assessed');
    const outcome = await scan(vulnerable, true);
    assert.ok(outcome.kind === 'failed' && outcome.reason === 'timeout');
    assert.deepEqual([outcome.lastKnown?.verdict, outcome.lastKnown?.checkedAt], ['vulnerable', noon]);
  });

  it('keeps what breaks us in one package from the others', async () => {
    source.package = () => Promise.reject(new RangeError('Maximum call stack size exceeded'));
    const outcomes = await scanner.scan([vulnerable, free, range], { signal: new AbortController().signal });
    const ends = [vulnerable, free, range].map((lookup) => outcomes.get(lookupKey(lookup)));
    assert.deepEqual(
      ends.map((end) => (end?.kind === 'assessed' ? end.verdict : end?.reason)),
      ['vulnerable', 'clean', 'internal'],
    );
    assert.ok(ends[2]?.kind === 'failed' && /itself failed over the advisories of demo/u.test(ends[2].message));
  });
});
