import assert from 'node:assert/strict';
import { isPin, type Lookup, lookupKey, versionRange } from '../../../../server/src/core/assessment/lookup.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { advisoryKey, answerKey, derivedKey, packageKey } from '../../../../server/src/engine/store/cacheKey.ts';
import { scannerOver } from '../../../support/scannerOver.ts';
import { decodeDerived, encodeDerived } from '../../../../server/src/engine/store/derivedForms.ts';
import { LookupError } from '../../../../server/src/engine/ports.ts';
import type { Outcomes } from '../../../../server/src/engine/lookup/scanner.ts';
import { noon } from '../../../support/builders.ts';
import { FakeSource } from '../../../support/fakeSource.ts';
import { FakeTier } from '../../../support/fakeTier.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const name = normalizeName('demo');
const sourceId = 'https://osv.test';
const pin = (version: string): Lookup => ({ name, version });
const range = versionRange(name, [
  {
    operator: '>=',
    version: '1.0',
    wildcard: false,
    operatorSpan: { start: 0, end: 0 },
    versionSpan: { start: 0, end: 0 },
  },
]);
const lookups: readonly Lookup[] = [pin('1.0'), pin('1.2'), pin('3.0'), ...(range === undefined ? [] : [range])];

describe('what was worked out of a package', () => {
  let source: FakeSource;
  let tier: FakeTier;
  let now: number;

  /** A run of its own: nothing is in memory. */
  const run = (version: string | undefined, asked = lookups): Promise<Outcomes> =>
    scannerOver({
      source,
      sourceId,
      tiers: [tier],
      clock: { now: () => now },
      log: { error() {}, warn() {}, info() {}, debug() {} },
      limits: { maxEntries: 1000, answerTtlMs: hourMs, cleanTtlMs: hourMs, detailsMaxAgeMs: 24 * hourMs },
      outcomesOnly: version === undefined ? undefined : { version },
    }).scan(asked, { signal: new AbortController().signal });
  const recordsRead = (): boolean => tier.reads.flat().includes(advisoryKey('A-1', sourceId));

  beforeEach(() => {
    now = noon;
    source = new FakeSource();
    tier = new FakeTier();
    addRecord('A-1', '1.0', '1.1', { aliases: ['CVE-2026-1'], severity: [vector('7.5')] });
    addRecord('A-2', '1.0', '2.0', { aliases: ['CVE-2026-2'], summary: 'Something else' });
  });

  /** Affects the pins from the first version on and below the second. */
  function addRecord(
    id: string,
    introduced: string,
    fixed: string,
    more: object = {},
    modified = '2026-01-01T00:00:00Z',
  ) {
    const affected = [
      {
        package: { ecosystem: 'PyPI', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced }, { fixed }] }],
      },
    ];
    for (const version of lookups.flatMap((lookup) => (isPin(lookup) ? [lookup.version] : []))) {
      if (version >= introduced && version < fixed) {
        source.add(`demo==${version}`, id, { affected, modified, ...more }, modified);
      }
    }
  }

  it('is the same told again as worked out, and no record is read for it', async () => {
    const first = await run('1.0.0');
    tier.reads.length = 0;
    const again = await run('1.0.0');
    assert.equal(recordsRead(), false);
    assert.equal(source.queried.length, 1);
    const computed = await run(undefined);
    assert.deepEqual(again, computed);
    assert.deepEqual(
      [...first.values()].map((outcome) => outcome.kind === 'assessed' && [outcome.verdict, outcome.findings]),
      [...again.values()].map((outcome) => outcome.kind === 'assessed' && [outcome.verdict, outcome.findings]),
    );
  });

  it('is not believed by another version of Pinwatch', async () => {
    await run('1.0.0');
    tier.reads.length = 0;
    assert.deepEqual(await run('1.0.1'), await run(undefined));
    assert.equal(recordsRead(), true);
  });

  it('is worked out for a look-up that nobody asked about before, and then kept with the others', async () => {
    await run('1.0.0', [pin('1.0')]);
    await run('1.0.0', [pin('1.2')]);
    tier.reads.length = 0;
    assert.deepEqual(await run('1.0.0', [pin('1.0'), pin('1.2')]), await run(undefined, [pin('1.0'), pin('1.2')]));
    assert.equal(tier.reads[0]?.includes(derivedKey(name, sourceId, '1.0.0')), true);
  });

  it('does not outlive a change of a record', async () => {
    await run('1.0.0');
    now += 2 * hourMs;
    source.matches.clear();
    addRecord('A-1', '1.0', '1.3', { severity: [vector('9.8')] }, '2026-02-02T00:00:00Z');
    addRecord('A-2', '1.0', '2.0', { summary: 'Something else' });
    await run(undefined); // another program brings the package up to date, and works nothing out for us
    const told = await run('1.0.0');
    assert.deepEqual(told, await run(undefined));
    const outcome = told.get(lookupKey(pin('1.2')));
    assert.ok(outcome?.kind === 'assessed' && outcome.findings.some(({ score }) => score === 9.8));
  });

  it('does not outlive an answer that names other records', async () => {
    await run('1.0.0');
    now += minuteMs;
    const key = answerKey({ name, version: '1.0' }, sourceId);
    tier.texts.set(key, { text: JSON.stringify({ matches: [] }), checkedAt: now });
    const told = await run('1.0.0');
    assert.deepEqual(told, await run(undefined));
    const outcome = told.get(lookupKey(pin('1.0')));
    assert.ok(outcome?.kind === 'assessed' && outcome.verdict === 'clean');
  });

  it('is as old as the answer that it stands for: then the service is asked again', async () => {
    await run('1.0.0');
    now += hourMs;
    await run('1.0.0');
    assert.equal(source.queried.length, 2);
    assert.equal(source.packages.length, 1, 'the records are still good');
    tier.reads.length = 0;
    assert.deepEqual(await run('1.0.0'), await run(undefined));
    assert.equal(source.queried.length, 2);
  });

  it('does not make a failed look-up look like one that was answered', async () => {
    await run('1.0.0');
    now += 2 * hourMs;
    source.queryError = new LookupError('offline', 'nobody there');
    const outcome = (await run('1.0.0')).get(lookupKey(pin('1.0')));
    assert.ok(outcome?.kind === 'failed' && outcome.lastKnown?.findings.length === 2);
  });

  it('is not believed when what it follows from is gone or forgotten', async () => {
    await run('1.0.0');
    tier.texts.set(packageKey(name, sourceId), { text: JSON.stringify({ forgotten: true }), checkedAt: now });
    await run('1.0.0');
    assert.equal(source.packages.length, 2);
  });

  for (const [what, damage] of [
    ['another basis', (row: Row) => ({ ...row, basis: 'x' })],
    [
      'a verdict that is none',
      (row: Row) => ({ ...row, answers: row.answers.map(([key, , ...rest]) => [key, 'fine', ...rest]) }),
    ],
    [
      'findings left out of a vulnerable answer',
      (row: Row) => ({ ...row, answers: row.answers.map(([key, verdict, fix]) => [key, verdict, fix, []]) }),
    ],
    ['a finding that is not there', (row: Row) => ({ ...row, findings: [] })],
    [
      'a finding without its records',
      (row: Row) => ({ ...row, findings: row.findings.map((finding) => ({ ...finding, records: 'A-1' })) }),
    ],
  ] as const) {
    it(`is worked out again where storage has ${what}`, async () => {
      await run('1.0.0');
      const key = derivedKey(name, sourceId, '1.0.0');
      const { text = '', checkedAt = 0 } = tier.texts.get(key) ?? {};
      tier.texts.set(key, { text: JSON.stringify(damage(JSON.parse(text) as Row)), checkedAt });
      tier.reads.length = 0;
      assert.deepEqual(await run('1.0.0'), await run(undefined));
      assert.equal(recordsRead(), true);
    });
  }

  it('comes back from storage as it was put there', async () => {
    const answers = new Map(
      [...(await run(undefined))].flatMap(([key, outcome]) => {
        if (outcome.kind !== 'assessed') return [];
        const { verdict, findings, fix } = outcome;
        return [[key, { verdict, findings, ...(fix === undefined ? {} : { fix }) }] as const];
      }),
    );
    assert.equal(answers.size, lookups.length);
    const stored: unknown = JSON.parse(JSON.stringify(encodeDerived({ basis: 'b', answers })));
    assert.deepEqual(decodeDerived(stored), { basis: 'b', answers });
  });
});

interface Row {
  readonly basis: string;
  readonly findings: readonly object[];
  readonly answers: readonly (readonly unknown[])[];
}

function vector(score: '7.5' | '9.8'): object {
  const impact = score === '7.5' ? 'C:H/I:N/A:N' : 'C:H/I:H/A:H';
  return { type: 'CVSS_V3', score: `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/${impact}` };
}
