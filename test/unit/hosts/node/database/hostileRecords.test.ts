import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import type { ImportSummary } from '../../../../../server/src/engine/offline/advisoryDatabase.ts';
import { DatabaseError } from '../../../../../server/src/engine/offline/advisoryDatabase.ts';
import { parseVersion } from '../../../../../server/src/core/versions/version.ts';
import { normalizeName } from '../../../../../server/src/core/packages/packageName.ts';
import { DatabaseFixture, osvRecord } from '../../../../support/databaseFixture.ts';
import { zipOf } from '../../../../support/zip.ts';

const good = osvRecord('GOOD-1');
const demo = { ecosystem: 'PyPI', name: 'demo' };
const upTo2 = [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }];

describe('importing hostile records', () => {
  let fixture: DatabaseFixture;
  beforeEach(() => (fixture = new DatabaseFixture()));
  afterEach(() => fixture.dispose());

  const importLines = (...lines: readonly string[]): Promise<ImportSummary> =>
    fixture.import('records.jsonl', lines.join('\n'));
  const affecting = (version: string): readonly string[] => {
    const parsed = parseVersion(version);
    assert.ok(parsed !== undefined);
    return fixture
      .open()
      .advisoriesAffecting(normalizeName('demo'), parsed)
      .map(({ id }) => id);
  };

  // What else the record says still counts: 1.0 is affected by its good part, where it has one.
  const cases: Readonly<Record<string, [object, RegExp, boolean]>> = {
    'a list of affected packages that is a text': [{ affected: 'all' }, /"affected" is no list/u, false],
    'an entry that is null': [{ affected: [null, { package: demo, ranges: upTo2 }] }, /affected\[0\] is no obj/u, true],
    'a package without ecosystem': [{ affected: [{ package: { name: 'demo' } }] }, /which ecosystem/u, false],
    'a name that is a number': [{ affected: [{ package: { ...demo, name: 7 } }] }, /no usable package name/u, false],
    'a name that nothing can have': [
      { affected: [{ package: { ...demo, name: 'de mo\u202e' } }] },
      /no usable/u,
      false,
    ],
    'versions that are an object': [
      { affected: [{ package: demo, versions: {}, ranges: upTo2 }] },
      /versions is no/u,
      true,
    ],
    'a version that is a list': [
      { affected: [{ package: demo, versions: ['1.0', ['2']] }] },
      /versions is no list/u,
      true,
    ],
    'ranges that are a text': [
      { affected: [{ package: demo, ranges: 'x', versions: ['1.0'] }] },
      /a range that/u,
      true,
    ],
    'a range of no known type': [
      { affected: [{ package: demo, ranges: [{ ...upTo2[0], type: 7 }] }] },
      /a range/u,
      false,
    ],
    'events that are no list': [
      { affected: [{ package: demo, ranges: [{ type: 'SEMVER', events: {} }] }] },
      /a range/u,
      false,
    ],
    'an event that is an object': [
      { affected: [{ package: demo, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: {} }] }] }] },
      /a range that cannot be read/u,
      true,
    ],
    'a withdrawal that is no time': [
      { withdrawn: 'no', affected: [{ package: demo, ranges: upTo2 }] },
      /counts as live/u,
      true,
    ],
    'a withdrawal that is true': [
      { withdrawn: true, affected: [{ package: demo, ranges: upTo2 }] },
      /counts as live/u,
      true,
    ],
  };
  for (const [what, [rest, message, isAffected]] of Object.entries(cases)) {
    it(`reports ${what}, and uses the rest`, async () => {
      const { problems } = await importLines(JSON.stringify({ ...osvRecord('X-1'), ...rest }), JSON.stringify(good));
      assert.equal(problems.length, 1);
      assert.match(`${problems[0]?.where} ${problems[0]?.message}`, /^line 1 X-1: /u);
      assert.match(problems[0]?.message ?? '', message);
      assert.deepEqual(affecting('1.0'), isAffected ? ['GOOD-1', 'X-1'] : ['GOOD-1']);
    });
  }

  it('takes null for absent, as OSV does, and versions without quotes for what they are', async () => {
    const affected = [
      { package: demo, versions: null, ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: 1 }, { fixed: 1.5 }] }] },
      { package: { ecosystem: 'npm', name: 7 }, versions: 7 },
      { package: null, ranges: [{ type: 'GIT', events: 'x' }] },
    ];
    const { problems } = await importLines(JSON.stringify({ ...osvRecord('X-1'), affected, withdrawn: null }));
    assert.deepEqual(problems, []);
    assert.deepEqual([affecting('1.2'), affecting('1.5'), affecting('0.9')], [['X-1'], [], []]);
  });

  it('is not fooled by the names of what every object has', async () => {
    const lines = [
      '{"__proto__":{"id":"P-1"},"affected":[]}',
      '{"id":"P-2","__proto__":{"affected":[]},"affected":[{"package":{"ecosystem":"PyPI","name":"constructor"}}]}',
      '{"id":"P-3","affected":[{"__proto__":{"package":{"ecosystem":"PyPI","name":"demo"}}}]}',
      '{"id":"constructor","affected":[{"package":{"ecosystem":"PyPI","name":"__proto__"}}]}',
    ];
    const { problems, written } = await importLines(...lines);
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['line 1', 'line 4'],
    );
    assert.equal(written, 2);
    assert.deepEqual(fixture.ids('constructor'), ['P-2']);
    for (const name of ['demo', 'toString', 'hasOwnProperty', '']) {
      assert.deepEqual(fixture.ids(name), []);
    }
    assert.equal(Object.hasOwn(Object.prototype, 'id'), false);
  });

  it('reads what is on one line and is no record: lists, numbers, depth without end', async () => {
    const { written, problems } = await importLines(
      JSON.stringify(good),
      '[]',
      'null',
      '7',
      '"x"',
      `${'['.repeat(200_000)}`,
      `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
      '\u0000',
    );
    assert.equal(written, 1);
    assert.equal(problems.length, 7);
  });

  it('takes versions that are none of PEP 440 and texts without end, and still finds what they do not hide', async () => {
    const events = [{ introduced: '0' }, { fixed: '2.0' }, { fixed: '7.2.0-12.1' }, { last_affected: 'x'.repeat(1e6) }];
    const affected = [
      {
        package: demo,
        versions: ['9'.repeat(1e5), '1.'.repeat(1e5), 'not a version', '5.0'],
        ranges: [{ type: 'ECOSYSTEM', events }],
      },
    ];
    const record = { ...osvRecord('X-1'), summary: 's'.repeat(3e6), details: '\u202e\ud800'.repeat(1e6), affected };
    const { problems } = await importLines(JSON.stringify(record), JSON.stringify(good));
    assert.deepEqual(problems, []);
    // By OSV's rule an event that is no version sits below all of them, and decides for 1.0.
    assert.deepEqual([affecting('1.0'), affecting('5.0'), affecting('6.0')], [['GOOD-1'], ['X-1'], []]);
    assert.equal((fixture.open().record('X-1') as { details: string }).details, record.details);
  });

  it('names records of an archive that are damaged or named by no id, with their entry', async () => {
    const zip = zipOf({ 'a.json': '{"id":"../../x"}', 'b.json': '', 'c.json': JSON.stringify(good), '../d.txt': 'x' });
    const { written, problems } = await fixture.import('all.zip', zip);
    assert.equal(written, 1);
    assert.deepEqual(
      problems.map(({ where }) => where),
      ['a.json', 'b.json'],
    );
  });

  it('gives up on a file of rubbish before it has kept all that is wrong with it', async () => {
    await importLines(JSON.stringify(good));
    const rubbish = gzipSync(`${JSON.stringify(osvRecord('X-1'))}\n${'x\n'.repeat(20_000)}`);
    await assert.rejects(fixture.import('x.gz', rubbish), (error) => {
      assert.ok(error instanceof DatabaseError && error.reason === 'badInput');
      assert.match(error.message, /more than 10000 things in it cannot be used/u);
      return true;
    });
    assert.deepEqual(fixture.ids('demo'), ['GOOD-1']);
  });

  it('keeps a newer record, and says how many it passed over', async () => {
    await importLines(JSON.stringify({ ...good, modified: '2026-06-01T00:00:00Z' }));
    const before = fixture.open().status();
    const { written, older, problems, status } = await importLines(
      JSON.stringify({ ...good, modified: '2026-05-01T00:00:00Z', withdrawn: '2026-05-01T00:00:00Z' }),
    );
    assert.deepEqual([written, older, problems], [0, 1, []]);
    assert.deepEqual(fixture.ids('demo'), ['GOOD-1']);
    assert.equal(status.currentAt, before.currentAt);
  });

  it('does not look current for the sake of one new record', async () => {
    await importLines(...['A', 'B', 'C'].map((id) => JSON.stringify(osvRecord(id))));
    const { status } = await importLines(JSON.stringify(osvRecord('D', { modified: '2026-06-01T00:00:00Z' })));
    assert.equal(status.newestModified, '2026-06-01T00:00:00Z');
    assert.equal(status.currentAt, Date.parse('2026-01-02T03:04:05Z'));
  });

  it('passes over records about other ecosystems, but not where they replace one', async () => {
    const npm = { affected: [{ package: { ecosystem: 'npm', name: 'demo' } }] };
    const { written, status } = await importLines(
      JSON.stringify(good),
      JSON.stringify(osvRecord('NPM-1', npm)),
      JSON.stringify(osvRecord('GOOD-1', npm)),
    );
    assert.deepEqual([written, status.records, status.packages], [2, 1, 0]);
    await assert.rejects(importLines(JSON.stringify(osvRecord('NPM-2', npm))), /1 are about no package of PyPI/u);
  });
});
