import assert from 'node:assert/strict';
import { type Lookup, lookupKey, versionRange } from '../../../server/src/core/assessment/lookup.ts';
import type { Assessed, Failed } from '../../../server/src/core/assessment/outcome.ts';
import type { Release } from '../../../server/src/core/packages/release.ts';
import { parseFile } from '../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { parseVersion } from '../../../server/src/core/versions/version.ts';
import { pinnedVersion } from '../../../server/src/core/versions/pinnedVersion.ts';
import { scannerOver } from '../../support/scannerOver.ts';
import type { PackageIndex } from '../../../server/src/engine/index/packageIndex.ts';
import { LookupError } from '../../../server/src/engine/ports.ts';
import type { ScanOptions, Scanner } from '../../../server/src/engine/lookup/scanner.ts';
import { noon } from '../../support/builders.ts';
import { FakeSource } from '../../support/fakeSource.ts';
import { FakeTier } from '../../support/fakeTier.ts';

const hourMs = 3_600_000;

describe('scanner, knowing whole packages', () => {
  let source: FakeSource;
  let scanner: Scanner;
  let tier: FakeTier;
  let index: PackageIndex | undefined;
  let now: number;

  const start = (): void => {
    scanner = scannerOver({
      source,
      sourceId: 'https://osv.test',
      tiers: [tier],
      index,
      clock: { now: () => now },
      log: { error() {}, warn() {}, info() {}, debug() {} },
      limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs / 2, detailsMaxAgeMs: 24 * hourMs },
    });
  };

  beforeEach(() => {
    now = noon;
    index = undefined;
    source = new FakeSource();
    tier = new FakeTier();
    source.add('django==3.2.0', 'A-1', affecting(['3.2', '3.2.5'], ['4.0', '4.0.2']));
    source.add('django==3.2.6', 'A-2', affecting(['3.2.5', '3.2.9']));
    start();
  });

  const scan = async (line: string, options: Partial<ScanOptions> = {}): Promise<Assessed | Failed> => {
    const lookup = toLookup(line);
    const outcomes = await scanner.scan([lookup], { signal: new AbortController().signal, ...options });
    return outcomes.get(lookupKey(lookup)) ?? assert.fail();
  };
  const assessed = async (line: string, options: Partial<ScanOptions> = {}): Promise<Assessed> => {
    const outcome = await scan(line, options);
    return outcome.kind === 'assessed' ? outcome : assert.fail(outcome.message);
  };

  it('names the nearest version that no advisory of the package affects, not only those that matched', async () => {
    const { findings, fix } = await assessed('django==3.2.0');
    assert.deepEqual(
      findings.map(({ id, nearestFix }) => [id, nearestFix]),
      [['A-1', '3.2.9']],
    );
    assert.deepEqual(fix, {
      nearest: '3.2.9',
      latest: '4.0.2',
      verified: false,
      passedOver: [{ version: '3.2.5', reason: 'affected', affectedBy: ['A-2'] }],
    });
    assert.deepEqual([source.queried.length, source.packages, source.fetched], [1, ['django'], []]);
  });

  it('checks the fix with the package index where one answers', async () => {
    index = indexOf('3.2.0', '3.2.10', '4.0.2', '5.0');
    start();
    const { fix } = await assessed('django==3.2.0');
    assert.deepEqual([fix?.nearest, fix?.latest, fix?.verified], ['3.2.10', '5.0', true]);
  });

  it('tells the same of packages that were made small in memory', async () => {
    index = indexOf('3.2.0', '3.2.10', '4.0.2', '5.0');
    start();
    await assessed('django==3.2.0');
    const { name } = toLookup('django');
    const before = scanner.peekPackage(name);
    assert.equal(scanner.unpacked, 1);
    scanner.pack(20);
    assert.equal(scanner.unpacked, 0);
    const after = scanner.peekPackage(name);
    assert.notEqual(after, before, 'it was not packed');
    assert.deepEqual(after, before);
    assert.equal(scanner.peekPackage(name), after, 'it is not unpacked for every question');
    const peeked = scanner.peek(toLookup('django==3.2.7'));
    assert.deepEqual(peeked.kind === 'fresh' && peeked.outcome.findings.map(({ id }) => id), ['A-2']);
    assert.equal(source.packages.length, 1);
  });

  it('leaves nothing behind when it is aborted while the index and the service are asked', async () => {
    const unhandled: unknown[] = [];
    const listen = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listen);
    try {
      const untilAborted = (signal: AbortSignal): Promise<never> =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      index = { releases: (_name, signal) => untilAborted(signal), close: () => Promise.resolve() };
      source.package = (name, signal) => {
        source.packages.push(name);
        return untilAborted(signal);
      };
      start();
      const leaving = new AbortController();
      const left = scan('django==3.2.0', { signal: leaving.signal, onProgress: () => undefined });
      while (source.packages.length === 0) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      leaving.abort(new Error('left'));
      await assert.rejects(left, /left/u);
      await new Promise((resolve) => setImmediate(resolve));
      assert.deepEqual(unhandled, []);
    } finally {
      process.off('unhandledRejection', listen);
    }
  });

  it('leaves the fix unverified where the index fails', async () => {
    index = {
      releases: () => Promise.reject(new LookupError('offline', 'no index')),
      close: () => Promise.resolve(),
    };
    start();
    const { fix } = await assessed('django==3.2.0');
    assert.deepEqual([fix?.nearest, fix?.verified], ['3.2.9', false]);
  });

  for (const [line, verdict, admitted, nearest] of [
    ['django>=3.2,<4', 'possiblyVulnerable', ['3.2 up to before 3.2.5', '3.2.5 up to before 3.2.9'], '3.2.9'],
    [
      'django',
      'possiblyVulnerable',
      ['3.2 up to before 3.2.5, 4.0 up to before 4.0.2', '3.2.5 up to before 3.2.9'],
      '4.0.2',
    ],
    ['django>=3.2.1,<3.2.4', 'vulnerable', ['3.2.1 up to before 3.2.4'], '3.2.9'],
    ['django>=4.0.2', 'clean', [], undefined],
    ['six>=1', 'clean', [], undefined],
  ] as const) {
    it(`finds ${line} ${verdict}, by all advisories of the package`, async () => {
      const outcome = await assessed(line);
      assert.equal(outcome.verdict, verdict);
      assert.deepEqual(
        outcome.findings.map((finding) => finding.admitted),
        admitted,
      );
      assert.equal(outcome.fix?.nearest, nearest);
    });
  }

  it('asks about a range by the name alone, and fetches nothing where the package has no advisory', async () => {
    await assessed('six>=1');
    assert.deepEqual([source.queried, source.packages], [[['six']], []]);
  });

  it('fetches the records of a range one by one where the whole package cannot be had', async () => {
    source.packageError = new LookupError('serverError', 'no package today');
    assert.equal((await assessed('django>=3.2')).verdict, 'possiblyVulnerable');
    assert.deepEqual(source.fetched.sort(), ['A-1', 'A-2']);
  });

  it('tells nothing from a package that was made small when a record of it cannot be read', async () => {
    source.add('django==9.0', 'A-9', { affected: [{ package: { ecosystem: 'PyPI', name: 'django' }, ranges: 'all' }] });
    assert.equal((await assessed('django==9.0')).verdict, 'vulnerable');
    scanner.pack(20);
    assert.equal(scanner.unpacked, 0);
    assert.notEqual(scanner.peek(toLookup('django==8.0')).kind, 'fresh');
  });

  it('tells nothing more from a package when the service names records that cannot be had', async () => {
    await assessed('django==3.2.0');
    assert.equal(scanner.peek(toLookup('django==5.1')).kind, 'fresh');
    for (const id of ['A-5', 'A-6', 'A-7', 'A-8']) {
      source.add('django==5.0', id, affecting(['5.0', '5.2']));
    }
    source.packageError = new LookupError('serverError', 'no package today');
    source.records.clear();
    assert.equal((await assessed('django==5.0', { again: true })).verdict, 'vulnerable');
    assert.notEqual(scanner.peek(toLookup('django==5.2.1')).kind, 'fresh');
  });

  it('no longer calls a release clean when the service has named a record that cannot be had', async () => {
    assert.equal((await assessed('flask==1.0')).verdict, 'clean');
    source.add('flask==1.0', 'F-1');
    source.records.delete('F-1');
    assert.equal((await assessed('flask==1.0', { again: true })).verdict, 'vulnerable');
    assert.notEqual(scanner.peek(toLookup('flask==1.0')).kind, 'fresh');
  });

  it('fails a range when a record of its package cannot be had', async () => {
    source.records.set('A-2', { id: 'A-2', affected: 'nonsense' });
    source.records.delete('A-2');
    const outcome = await scan('django>=4.0.2');
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /A-2/u);
  });

  it('fails a range when a part of a record cannot be read, and what is typed, but not what is known to match', async () => {
    source.add('django==9.0', 'A-9', { affected: [{ package: { ecosystem: 'PyPI', name: 'django' }, ranges: 'all' }] });
    const outcome = await scan('django>=9');
    assert.ok(outcome.kind === 'failed');
    assert.match(outcome.message, /A-9/u);
    assert.equal((await scan('django>=9', { again: true })).kind, 'failed', 'the second time too');
    now += 2 * hourMs;
    assert.equal((await scan('django>=9')).kind, 'failed', 'and when it is asked anew');
    assert.equal((await scan('django==8.0', { typing: true })).kind, 'failed');
    assert.equal((await assessed('django==9.0')).verdict, 'vulnerable');
  });

  for (const affected of [undefined, [], [{ package: { ecosystem: 'npm', name: 'django' }, versions: ['3.2.6'] }]]) {
    it(`fails a range when a record of its package says nothing of it (${JSON.stringify(affected)})`, async () => {
      source.records.set('A-2', { id: 'A-2', modified: '2026-01-01T00:00:00.000000Z', affected });
      const outcome = await scan('django>=3.2.6,<3.2.9');
      assert.equal(outcome.kind, 'failed');
      assert.equal((await scan('django>=3.2.6,<3.2.9', { typing: true })).kind, 'failed');
      source.lacksInPackages.add('A-2');
      start();
      assert.equal((await scan('django>=3.2.6,<3.2.9')).kind, 'failed', 'where it came alone');
      assert.equal((await assessed('django==3.2.6')).verdict, 'vulnerable');
    });
  }

  it('fails a range when a part of a record that came alone cannot be read', async () => {
    source.add('django==9.0', 'A-9', { affected: [{ package: { ecosystem: 'PyPI', name: 'django' }, ranges: 'all' }] });
    source.packageError = new LookupError('serverError', 'no package today');
    assert.equal((await scan('django>=9')).kind, 'failed');
    assert.equal((await scan('django>=9', { again: true })).kind, 'failed');
    source.packageError = undefined;
    source.records.set('A-9', { id: 'A-9', modified: '2026-02-02T00:00:00Z', ...affecting(['9', '9.1']) });
    source.matches.set('django==9.0', [{ id: 'A-9', modified: '2026-02-02T00:00:00.000000Z' }]);
    assert.equal((await assessed('django>=9', { again: true })).verdict, 'possiblyVulnerable', 'once it is mended');
  });

  it('believes a match of a pin in a range beside it, whatever the answer to the range leaves out', async () => {
    await assessed('django>=3'); // what is held must not lose what the answer leaves out
    const answer = source.query.bind(source);
    source.query = async (questions, signal) =>
      (await answer(questions, signal)).map((one, index) =>
        one.kind === 'matches' && questions[index]?.version === undefined
          ? { kind: 'matches', matches: one.matches.filter(({ id }) => id !== 'A-2') }
          : one,
      );
    const lookups = ['django==3.2.6', 'django>=3.2.5,<3.2.8'].map(toLookup);
    const outcomes = await scanner.scan(lookups, { signal: new AbortController().signal, again: true });
    const verdicts = [...outcomes.values()].map((one) => (one.kind === 'assessed' ? one.verdict : one.kind));
    assert.deepEqual(verdicts, ['vulnerable', 'vulnerable']);
  });

  it('counts a changed record once, however many pins it matches', async () => {
    source.matches.set('django==3.2.1', source.matches.get('django==3.2.0') ?? []);
    source.add('django==3.2.0', 'A-4', affecting(['3.2', '3.2.2']));
    source.add('django==3.2.1', 'A-4', affecting(['3.2', '3.2.2']));
    await assessed('django>=3');
    for (const id of ['A-1', 'A-4']) {
      const changed = { id, modified: '2026-03-03T00:00:00.000000Z' };
      for (const pin of ['django==3.2.0', 'django==3.2.1']) {
        const others = source.matches.get(pin)?.filter((match) => match.id !== id) ?? [];
        source.matches.set(pin, [...others, changed]);
      }
    }
    const lookups = ['django==3.2.0', 'django==3.2.1'].map(toLookup);
    await scanner.scan(lookups, { signal: new AbortController().signal, again: true });
    assert.deepEqual([source.packages.length, source.fetched.sort()], [1, ['A-1', 'A-4']]);
  });

  it('finds a pin vulnerable though its package cannot be had, and asks again soon', async () => {
    source.packageError = new LookupError('serverError', 'no package today');
    const outcome = await assessed('django==3.2.0');
    assert.deepEqual([outcome.verdict, outcome.fix, source.fetched], ['vulnerable', undefined, ['A-1']]);
    assert.equal(scanner.peek(toLookup('django==3.2.0')).kind, 'unknown');
  });

  it('tells no other version from a package whose answer lacked what had matched', async () => {
    source.lacksInPackages.add('A-1');
    source.records.delete('A-1');
    assert.equal((await assessed('django==3.2.0')).verdict, 'vulnerable');
    assert.equal(scanner.peek(toLookup('django==3.2.1')).kind, 'unknown');
    assert.equal(scanner.peek(toLookup('django>=3.2')).kind, 'unknown');
  });

  it('needs one request while a version is typed, and none for the next', async () => {
    assert.equal((await assessed('django==3.2', { typing: true })).verdict, 'vulnerable');
    assert.deepEqual([source.queried.length, source.packages.length], [0, 1]);
    for (const [line, verdict] of [
      ['django==3.2.2', 'vulnerable'],
      ['django==3.2.20', 'clean'],
      ['django>=3', 'possiblyVulnerable'],
    ] as const) {
      const known = scanner.peek(toLookup(line));
      assert.equal(known.kind === 'fresh' ? known.outcome.verdict : known.kind, verdict, line);
    }
    assert.deepEqual([source.queried.length, source.packages.length], [0, 1]);
  });

  it('fails what is typed while nobody answers', async () => {
    source.packageError = new LookupError('offline', 'nobody there');
    const outcome = await scan('django==3.2', { typing: true });
    assert.ok(outcome.kind === 'failed' && outcome.reason === 'offline');
  });

  it('fetches one changed record alone, and drops one that is gone', async () => {
    await assessed('django>=3.2');
    source.add('django==3.2.7', 'A-3', affecting(['3.2.7', '3.2.8']));
    source.matches.delete('django==3.2.6');
    const { findings } = await assessed('django>=3.2', { again: true });
    assert.deepEqual(findings.map(({ id }) => id).sort(), ['A-1', 'A-3']);
    assert.deepEqual([source.packages.length, source.fetched], [1, ['A-3']]);
  });

  it('tells when answers have come in while others are under way', async () => {
    await assessed('six==1.0');
    let told = 0;
    const lookups = ['six==1.0', 'django==3.2.0', 'flask==1.0'].map(toLookup);
    await scanner.scan(lookups, { signal: new AbortController().signal, onProgress: () => told++ });
    assert.ok(told >= 2, `${told}`);
  });

  describe('with storage', () => {
    const reopen = (): void => {
      source = new FakeSource();
      source.queryError = new LookupError('offline', 'nobody there');
      source.packageError = source.queryError;
      start();
    };

    it('asks nobody for what another session knew', async () => {
      const before = [await assessed('django==3.2.0'), await assessed('six==1.0'), await assessed('django>=3')];
      reopen();
      const after = [await assessed('django==3.2.0'), await assessed('six==1.0'), await assessed('django>=3')];
      assert.deepEqual(after, before);
      assert.deepEqual([source.queried, source.packages, source.fetched], [[], [], []]);
      assert.equal(scanner.figures.hits, 3);
    });

    it('keeps what the index said', async () => {
      index = indexOf('3.2.0', '3.2.10');
      start();
      await assessed('django==3.2.0');
      index = undefined;
      reopen();
      assert.equal((await assessed('django==3.2.0')).fix?.verified, true);
    });

    it('takes what is too old for the last that was known, never for an answer', async () => {
      await assessed('django==3.2.0');
      now += 2 * hourMs;
      reopen();
      const outcome = await scan('django==3.2.0');
      assert.ok(outcome.kind === 'failed');
      assert.equal(outcome.lastKnown?.findings[0]?.id, 'A-1');
    });

    it('does not mix the answers of two services', async () => {
      await assessed('six==1.0');
      source = new FakeSource();
      source.queryError = new LookupError('offline', 'nobody there');
      scanner = scannerOver({
        source,
        sourceId: 'https://other.test',
        tiers: [tier],
        clock: { now: () => now },
        log: { error() {}, warn() {}, info() {}, debug() {} },
        limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs, detailsMaxAgeMs: hourMs },
      });
      assert.equal((await scan('six==1.0')).kind, 'failed');
    });

    it('takes a stored record for none when a part of it cannot be read', async () => {
      await assessed('django>=4.0.2');
      for (const [key, { text, checkedAt }] of tier.texts) {
        tier.texts.set(key, { text: text.replace('"ranges":[', '"ranges":"all","x":['), checkedAt });
      }
      reopen();
      assert.equal((await scan('django>=3')).kind, 'failed');
    });

    it('takes poisoned values for none', async () => {
      await assessed('django==3.2.0');
      await assessed('six==1.0');
      for (const json of ['null', '{}', '{"matches":"x"}', '{"matches":[[1,2]]}', '[]', '{"records":[["A-9"]]}']) {
        for (const [key, { checkedAt }] of tier.texts) {
          tier.texts.set(key, { text: json, checkedAt });
        }
        reopen();
        assert.equal((await scan('django==3.2.0')).kind, 'failed', json);
        assert.equal((await scan('six==1.0')).kind, 'failed', json);
      }
    });

    it('puts what a farther tier knows into the nearer one, and forgets both on clear', async () => {
      await assessed('six==1.0');
      const far = tier;
      tier = new FakeTier();
      source = new FakeSource();
      source.queryError = new LookupError('offline', 'nobody there');
      scanner = scannerOver({
        source,
        sourceId: 'https://osv.test',
        tiers: [tier, far],
        clock: { now: () => now },
        log: { error() {}, warn() {}, info() {}, debug() {} },
        limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs, detailsMaxAgeMs: hourMs },
      });
      assert.equal((await assessed('six==1.0')).verdict, 'clean');
      assert.equal(tier.texts.size, 1);
      await scanner.clear();
      assert.deepEqual([tier.texts.size, far.texts.size], [0, 0]);
    });
  });
});

/** A record of django with ECOSYSTEM ranges. */
function affecting(...ranges: readonly (readonly [introduced: string, fixed: string])[]): object {
  return {
    affected: [
      {
        package: { ecosystem: 'PyPI', name: 'django' },
        ranges: ranges.map(([introduced, fixed]) => ({ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] })),
      },
    ],
  };
}

function indexOf(...versions: readonly string[]): PackageIndex {
  const releases = versions.map((text): Release => ({
    version: parseVersion(text) ?? assert.fail(text),
    yanked: false,
    files: [],
  }));
  return { releases: () => Promise.resolve(releases), close: () => Promise.resolve() };
}

function toLookup(line: string): Lookup {
  const [item] = parseFile(line).items;
  assert.ok(item?.kind === 'requirement', line);
  const clauses = item.specifier?.clauses ?? [];
  const pinned = pinnedVersion(clauses);
  return pinned.kind === 'pin'
    ? { name: item.name.normalized, version: pinned.version.normal }
    : (versionRange(item.name.normalized, clauses) ?? assert.fail(line));
}
