import assert from 'node:assert/strict';
import { type Lookup, lookupKey, versionRange } from '../../../../server/src/core/assessment/lookup.ts';
import { normalizeName, type PackageName } from '../../../../server/src/core/packages/packageName.ts';
import { createScanner } from '../../../../server/src/engine/lookup/createScanner.ts';
import type { Outcomes } from '../../../../server/src/engine/lookup/scanner.ts';
import { LookupError, silentLog } from '../../../../server/src/engine/ports.ts';
import { AdvisoryStore } from '../../../../server/src/engine/store/advisoryStore.ts';
import { advisoryKey, answerKey, answerPageKey, packageKey } from '../../../../server/src/engine/store/cacheKey.ts';
import { noon } from '../../../support/builders.ts';
import { FakeSource } from '../../../support/fakeSource.ts';
import { FakePagingTier } from '../../../support/fakeTier.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const name = normalizeName('demo');
const sourceId = 'https://osv.test';
const pin = (version: string, of = 'demo'): Lookup => ({ name: normalizeName(of), version });
const range = versionRange(name, [
  {
    operator: '>=',
    version: '1.0',
    wildcard: false,
    operatorSpan: { start: 0, end: 0 },
    versionSpan: { start: 0, end: 0 },
  },
]);
const lookups: readonly Lookup[] = [
  pin('1.0'),
  pin('1.2'),
  pin('3.0'),
  pin('1.0', 'fine'),
  ...(range === undefined ? [] : [range]),
];

describe('pages of answers', () => {
  let source: FakeSource;
  let tier: FakePagingTier;
  let now: number;

  interface Run {
    readonly version?: string | undefined;
    readonly asked?: readonly Lookup[];
    /** Something that happens before it ends. */
    readonly meanwhile?: () => void;
    /** Wanted as a whole, as for advice. */
    readonly recalled?: readonly PackageName[];
  }

  /** A run of its own: nothing is in memory. Without a version it keeps and believes no pages. */
  async function run(
    { version = '1.0.0', asked = lookups, meanwhile, recalled = [] }: Run = {},
    hasPages = true,
  ): Promise<Outcomes> {
    const store = new AdvisoryStore({
      sourceId,
      tiers: [tier],
      clock: { now: () => now },
      limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs / 2, detailsMaxAgeMs: 24 * hourMs },
      outcomesOnly: hasPages ? { version } : undefined,
    });
    const scanner = createScanner({ source, store, clock: { now: () => now }, log: silentLog });
    const outcomes = await scanner.scan(asked, { signal: new AbortController().signal });
    await scanner.recallPackages(recalled);
    assert.deepEqual(
      recalled.map((one) => scanner.peekPackage(one)?.name),
      recalled,
    );
    now++; // a clock that stands still cannot tell what came first
    meanwhile?.();
    await store.close();
    now++;
    return outcomes;
  }
  const withoutPages = (asked = lookups): Promise<Outcomes> => run({ asked }, false);
  const read = (key: string): boolean => tier.reads.flat().includes(key);
  const isTold = (): boolean => !read(answerKey({ name, version: '1.0' }, sourceId));
  const wasJudged = (): boolean => read(advisoryKey('A-1', sourceId));
  const pageKeys = (version = '1.0.0'): readonly string[] =>
    Array.from({ length: 32 }, (_, page) => answerPageKey(page, sourceId, version)).filter((key) =>
      tier.texts.has(key),
    );
  /** As another program writes. */
  const put = (key: string, json: unknown): void => tier.write([{ key, json, checkedAt: now, maxAgeMs: 24 * hourMs }]);

  beforeEach(() => {
    now = noon;
    source = new FakeSource();
    tier = new FakePagingTier(() => now);
    affect('A-1', ['1.0']);
    affect('A-2', ['1.0', '1.2'], '2.0');
  });

  function affect(id: string, versions: readonly string[], fixed = '1.1', of = 'demo'): void {
    const modified = '2026-01-01T00:00:00Z';
    const affected = [
      {
        package: { ecosystem: 'PyPI', name: of },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '1.0' }, { fixed }] }],
      },
    ];
    versions.forEach((version) => source.add(`${of}==${version}`, id, { affected, modified }, modified));
  }

  it('tell the next run all that the first one worked out, from a few values', async () => {
    const first = await run();
    tier.reads.length = 0;
    const again = await run();
    assert.equal(source.queried.length, 1);
    const keys = tier.reads.flat();
    assert.deepEqual(keys, pageKeys(), 'nothing else is read');
    assert.deepEqual(again, await withoutPages());
    assert.deepEqual(spoken(again), spoken(first));
  });

  it('are not written again by a run that has nothing to add', async () => {
    await run();
    const before = new Map(tier.texts);
    await run();
    assert.deepEqual(tier.texts, before);
  });

  it('are not written for packages that are wanted as a whole, since nobody asked what these say', async () => {
    await run();
    const before = new Map(tier.texts);
    await run({ recalled: [name] });
    assert.deepEqual(tier.texts, before);
  });

  it('take the place of what is worked out of each package', async () => {
    await run();
    const kinds = [...tier.texts.values()].filter(({ text }) => text.includes('"basis"'));
    assert.deepEqual(kinds, []);
  });

  it('are not believed by another version of Pinwatch', async () => {
    await run();
    tier.reads.length = 0;
    const told = await run({ version: '1.0.1' });
    assert.equal(isTold(), false);
    assert.deepEqual(told, await withoutPages());
  });

  it('keep what other runs put there', async () => {
    await run({ asked: [pin('1.0')] });
    await run({ asked: [pin('1.2'), pin('1.0', 'fine')] });
    tier.reads.length = 0;
    await run({ asked: [pin('1.0'), pin('1.2'), pin('1.0', 'fine')] });
    assert.deepEqual([isTold(), wasJudged()], [true, false]);
  });

  it('say nothing of a release about which the service has said something since', async () => {
    await run();
    now += minuteMs;
    put(answerKey({ name, version: '1.0' }, sourceId), { matches: [] });
    const told = await run();
    assert.deepEqual(told, await withoutPages());
    assert.equal(verdictOf(told, pin('1.0')), 'clean');
  });

  it('say nothing clean of a release that another program has found vulnerable since', async () => {
    await run();
    now += minuteMs;
    put(answerKey({ name: normalizeName('fine'), version: '1.0' }, sourceId), {
      matches: [['B-1', '2026-01-01T00:00:00Z']],
    });
    affect('B-1', ['1.0'], '1.1', 'fine');
    assert.equal(verdictOf(await run(), pin('1.0', 'fine')), 'vulnerable');
    now += minuteMs;
    assert.equal(verdictOf(await run(), pin('1.0', 'fine')), 'vulnerable', 'nor later, from the page of that run');
  });

  it('say nothing of a package that was brought up to date, or forgotten, since', async () => {
    await run();
    now += minuteMs;
    put(packageKey(name, sourceId), { forgotten: true });
    await run();
    assert.equal(source.packages.length, 2);
  });

  it('do not bring back, when they are written for something else, what is over', async () => {
    await run();
    now += minuteMs;
    put(answerKey({ name, version: '1.0' }, sourceId), { matches: [] });
    await run({ asked: [pin('9.9'), pin('2.0', 'fine')] });
    assert.equal(verdictOf(await run(), pin('1.0')), 'clean');
  });

  it('do not hide what another program writes while a run ends', async () => {
    await run({
      meanwhile: () => {
        put(answerKey({ name, version: '1.0' }, sourceId), { matches: [] });
        now++;
      },
    });
    assert.equal(verdictOf(await run(), pin('1.0')), 'clean');
  });

  it('are as old as the answers in them: then the service is asked again', async () => {
    await run();
    now += hourMs / 2;
    await run(); // what is clean is older than it may be; what is vulnerable is not
    assert.deepEqual(source.queried.slice(1).flat(), ['demo==3.0', 'fine==1.0']);
    now += hourMs / 2;
    await run();
    assert.equal(source.queried.length, 3);
    tier.reads.length = 0;
    const told = await run();
    assert.deepEqual([isTold(), wasJudged(), source.queried.length], [true, false, 3]);
    assert.deepEqual(told, await withoutPages());
  });

  it('do not outlive the records that they follow from', async () => {
    await run();
    for (let hour = 0; hour < 23; hour++) {
      now += hourMs;
      await run();
    }
    assert.equal(source.packages.length, 1);
    now += hourMs - 100; // each run took two milliseconds
    await run();
    now += 100;
    tier.reads.length = 0;
    await run();
    assert.equal(isTold(), false);
  });

  it('do not make a failed look-up look like one that was answered', async () => {
    await run();
    now += 2 * hourMs;
    source.queryError = new LookupError('offline', 'nobody there');
    const outcome = (await run()).get(lookupKey(pin('1.0')));
    assert.ok(outcome?.kind === 'failed' && outcome.lastKnown?.findings.length === 2);
    source.queryError = undefined;
    assert.equal((await run()).get(lookupKey(pin('1.0')))?.kind, 'assessed');
  });

  it('hold nothing that lacks its details', async () => {
    source.records.delete('A-1');
    await run();
    assert.deepEqual(
      pageKeys().map((key) => tier.texts.get(key)?.text.includes('demo==1.0"')),
      [false, false],
    );
  });

  it('are not used where the tier cannot tell what has changed, nor while the clock is behind them', async () => {
    await run();
    tier.canTell = false;
    tier.reads.length = 0;
    const told = await run();
    assert.equal(isTold(), false);
    assert.deepEqual(told, await withoutPages());
    tier.canTell = true;
    now -= hourMs;
    tier.reads.length = 0;
    await run();
    assert.equal(isTold(), false);
  });

  it('are forgotten with everything else', async () => {
    await run();
    await tier.clear();
    await run();
    assert.equal(source.queried.length, 2);
  });

  describe('in an editor', () => {
    const many = [...lookups, ...Array.from({ length: 20 }, (_, at) => pin('1.0', `other-${at}`))];

    interface Session {
      readonly outcomes: Outcomes;
      /** What was told before anything else than pages was read. */
      readonly first: ReadonlyMap<string, string>;
      readonly hasPackage: boolean;
      /** Whether pages were read before it ended. */
      readonly readPages: boolean;
    }

    async function session(asked = many): Promise<Session> {
      const store = new AdvisoryStore({
        sourceId,
        tiers: [tier],
        clock: { now: () => now },
        limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs / 2, detailsMaxAgeMs: 24 * hourMs },
        pagedBy: '1.0.0',
      });
      const scanner = createScanner({ source, store, clock: { now: () => now }, log: silentLog });
      const first = new Map<string, string>();
      const onProgress = (): void => {
        if (tier.reads.flat().every((key) => pageKeys().includes(key))) {
          asked.forEach((lookup) => {
            const known = scanner.peek(lookup);
            first.set(lookupKey(lookup), known.kind === 'unknown' ? 'unknown' : known.outcome.verdict);
          });
        }
      };
      tier.reads.length = 0;
      const outcomes = await scanner.scan(asked, { signal: new AbortController().signal, onProgress });
      const hasPackage = scanner.peekPackage(name) !== undefined;
      const readPages = pageKeys().some(read);
      now++;
      await store.close();
      now++;
      return { outcomes, first, hasPackage, readPages };
    }

    it('tell all of it first; the packages are in memory by the end', async () => {
      const before = await session();
      assert.equal(before.first.size, 0);
      const after = await session();
      assert.deepEqual(
        [...after.first.values()].filter((verdict) => verdict === 'unknown'),
        [],
      );
      assert.equal(after.first.get(lookupKey(pin('1.0'))), 'vulnerable');
      assert.equal(after.hasPackage, true);
      assert.deepEqual(spoken(after.outcomes), spoken(before.outcomes));
      assert.equal(source.queried.length, 1);
    });

    it('tell nothing first of what has changed since', async () => {
      await session();
      now += minuteMs;
      put(answerKey({ name, version: '1.0' }, sourceId), { matches: [] });
      put(answerKey({ name: normalizeName('fine'), version: '1.0' }, sourceId), {
        matches: [['B-1', '2026-01-01T00:00:00Z']],
      });
      affect('B-1', ['1.0'], '1.1', 'fine');
      const { first, outcomes } = await session();
      assert.equal(first.get(lookupKey(pin('1.0'))), 'unknown');
      assert.equal(first.get(lookupKey(pin('1.0', 'fine'))), 'unknown');
      assert.equal(first.get(lookupKey(pin('1.0', 'other-1'))), 'clean');
      assert.equal(verdictOf(outcomes, pin('1.0')), 'clean');
      assert.equal(verdictOf(outcomes, pin('1.0', 'fine')), 'vulnerable');
    });

    it('are as old as the answers in them', async () => {
      await session();
      now += hourMs / 2;
      const { first } = await session();
      assert.equal(first.get(lookupKey(pin('1.0'))), 'vulnerable');
      assert.equal(first.get(lookupKey(pin('1.0', 'other-1'))), 'unknown');
      assert.equal(source.queried.length, 2);
    });

    it('are not read for the few look-ups of somebody who types', async () => {
      await session();
      const { readPages, outcomes } = await session([pin('1.0')]);
      assert.equal(readPages, false);
      assert.equal(verdictOf(outcomes, pin('1.0')), 'vulnerable');
    });

    it('are read by the command line, and its own by the editor', async () => {
      await run({ asked: many });
      assert.equal((await session()).first.get(lookupKey(pin('1.2'))), 'vulnerable');
      now += minuteMs;
      tier.reads.length = 0;
      const told = await run({ asked: many });
      assert.deepEqual([isTold(), wasJudged()], [true, false]);
      assert.deepEqual(told, await withoutPages(many));
    });
  });

  for (const [what, damage] of [
    ['no time', (page: Page) => ({ packages: page.packages })],
    [
      'a package without a name',
      (page: Page) => ({ ...page, packages: page.packages.map(([, answers]) => [1, answers]) }),
    ],
    [
      'answers of no time',
      (page: Page) =>
        inEach(page, ({ clean, ...rest }) => ({
          ...rest,
          clean: clean.map(([, ...more]) => ['x', ...more]),
          times: [],
        })),
    ],
    [
      'fewer times than answers',
      (page: Page) => inEach(page, (answers) => ({ ...answers, times: answers.times?.slice(1) })),
    ],
    [
      'a verdict that is none',
      (page: Page) =>
        inEach(page, (one) => ({ ...one, answers: one.answers?.map(([key, , ...rest]) => [key, 'fine', ...rest]) })),
    ],
    [
      'findings left out of a vulnerable answer',
      (page: Page) =>
        inEach(page, (one) => ({
          ...one,
          answers: one.answers?.map(([key, verdict, fix]) => [key, verdict, fix, []]),
        })),
    ],
  ] as const) {
    it(`are as good as not there with ${what}`, async () => {
      await run();
      for (const key of pageKeys()) {
        const { text = '', checkedAt = 0 } = tier.texts.get(key) ?? {};
        tier.texts.set(key, { text: JSON.stringify(damage(JSON.parse(text) as Page)), checkedAt });
      }
      tier.reads.length = 0;
      const told = await run();
      assert.equal(isTold(), false);
      assert.deepEqual(told, await withoutPages());
    });
  }
});

interface Page {
  readonly writtenAt: number;
  readonly packages: readonly (readonly [string, Answers])[];
}

interface Answers {
  readonly clean: readonly (readonly unknown[])[];
  readonly answers?: readonly (readonly unknown[])[];
  readonly times?: readonly unknown[];
}

function inEach(page: Page, change: (answers: Answers) => object): object {
  return { ...page, packages: page.packages.map(([name, answers]) => [name, change(answers)]) };
}

function verdictOf(outcomes: Outcomes, lookup: Lookup): string | undefined {
  const outcome = outcomes.get(lookupKey(lookup));
  return outcome?.kind === 'assessed' ? outcome.verdict : outcome?.kind;
}

function spoken(outcomes: Outcomes): readonly unknown[] {
  return [...outcomes]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, outcome]) => [key, outcome.kind === 'assessed' && [outcome.verdict, outcome.findings, outcome.fix]]);
}
