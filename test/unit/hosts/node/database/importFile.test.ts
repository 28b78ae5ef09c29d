import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gzipSync } from 'node:zlib';
import { DatabaseFixture, jsonLines, osvRecord } from '../../../../support/databaseFixture.ts';
import { zipOf } from '../../../../support/zip.ts';
import { DatabaseError, type DatabaseFailure } from '../../../../../server/src/engine/offline/advisoryDatabase.ts';

const a = osvRecord('PYSEC-2000-1');
const b = osvRecord('GHSA-demo-0000-0001', { modified: '2026-03-02T00:00:00Z' });

describe('importing advisories', () => {
  let fixture: DatabaseFixture;
  beforeEach(() => (fixture = new DatabaseFixture()));
  afterEach(() => fixture.dispose());

  const failsWith =
    (reason: DatabaseFailure, message: RegExp) =>
    (error: unknown): boolean => {
      assert.ok(error instanceof DatabaseError, String(error));
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      return true;
    };

  for (const [name, content] of [
    ['records.jsonl', jsonLines([a, b])],
    ['records.jsonl.gz', gzipSync(jsonLines([a, b]))],
    ['no-last-newline.jsonl', jsonLines([a, b]).trimEnd()],
    ['windows.jsonl', `\uFEFF${jsonLines([a, b]).replaceAll('\n', '\r\n')}\r\n`],
    ['list.json', JSON.stringify([a, b])],
    ['pretty-list.json', JSON.stringify([a, b], undefined, 2)],
    ['one-a-line-list.json', `[\n${JSON.stringify(a)},\n${JSON.stringify(b)}\n]\n`],
    ['all.zip', zipOf({ 'PYSEC-2000-1.json': JSON.stringify(a), 'GHSA.json': JSON.stringify(b), 'README.md': '-' })],
    ['zip-by-another-name', zipOf({ '1.json': JSON.stringify(a, undefined, 1), '2.json': JSON.stringify(b) })],
  ] as const) {
    it(`takes ${name}`, async () => {
      const { written, problems, status } = await fixture.import(name, content);
      assert.deepEqual([written, problems, status.records, status.packages], [2, [], 2, 1]);
      assert.deepEqual(fixture.ids('Demo'), ['GHSA-demo-0000-0001', 'PYSEC-2000-1']);
      assert.deepEqual(fixture.open().record('PYSEC-2000-1'), a);
    });
  }

  it('takes one record, written over several lines or not', async () => {
    await fixture.import('a.json', JSON.stringify(a, undefined, 2));
    await fixture.import('b.json.gz', gzipSync(JSON.stringify(b)));
    assert.deepEqual(fixture.ids('demo'), ['GHSA-demo-0000-0001', 'PYSEC-2000-1']);
  });

  it('counts and names what cannot be used, and loses nothing else', async () => {
    const lines = ['no json', JSON.stringify(a), '{"id":7}', '', '{"id":"X-1","affected":"all"}', JSON.stringify(b)];
    const { written, problems } = await fixture.import('records.jsonl', lines.join('\n'));
    assert.equal(written, 3);
    assert.deepEqual(problems, [
      { where: 'line 1', message: 'is not JSON' },
      { where: 'line 3', message: 'is not an advisory: The advisory record has no usable id.' },
      { where: 'line 5', message: 'X-1: "affected" is no list' },
    ]);
  });

  it('keeps withdrawn records and never matches them', async () => {
    await fixture.importRecords(a, osvRecord('PYSEC-2000-2', { withdrawn: '2026-01-01T00:00:00Z' }));
    assert.deepEqual(fixture.ids('demo'), ['PYSEC-2000-1']);
    assert.equal((fixture.open().record('PYSEC-2000-2') as { withdrawn: string }).withdrawn, '2026-01-01T00:00:00Z');
    assert.equal(fixture.open().status().withdrawn, 1);
  });

  it('puts a newer record in the place of the old one, with its packages', async () => {
    await fixture.importRecords(a, b);
    const reader = fixture.open();
    assert.equal(reader.advisoriesOf('demo' as never).length, 2);
    await fixture.importRecords(osvRecord('PYSEC-2000-1', {}, 'other'), { ...b, withdrawn: '2026-01-01T00:00:00Z' });
    assert.deepEqual([fixture.ids('demo'), fixture.ids('other')], [[], ['PYSEC-2000-1']]);
    reader.refresh();
    assert.equal(reader.advisoriesOf('demo' as never).length, 0);
  });

  it('says how old the data are, and does not believe stamps from the future', async () => {
    const { status } = await fixture.importRecords(
      a,
      b,
      osvRecord('PYSEC-2024-115', { modified: '2027-07-09T00:00:00Z' }),
    );
    assert.equal(status.newestModified, '2026-03-02T00:00:00Z');
    assert.equal(status.currentAt, Date.parse('2026-03-02T00:00:00Z'));
    assert.equal(status.importedAt, fixture.now);
    assert.equal(status.ageSeconds, (fixture.now - status.currentAt) / 1000);
    assert.ok(status.bytes > 0);
  });

  it('changes nothing when a file is cut short', async () => {
    await fixture.importRecords(a);
    const many = Array.from({ length: 500 }, (_, index) => osvRecord(`PYSEC-2001-${index}`));
    const gzip = gzipSync(jsonLines(many));
    const zip = zipOf(
      Object.fromEntries(many.map((record) => [`${String(record['id'])}.json`, JSON.stringify(record)])),
    );
    const rejected = failsWith('badInput', /cannot be imported: .*cut short or damaged/u);
    await assert.rejects(fixture.import('cut.jsonl.gz', gzip.subarray(0, gzip.length - 20)), rejected);
    await assert.rejects(fixture.import('cut.zip', zip.subarray(0, zip.length - 20)), rejected);
    assert.deepEqual(fixture.ids('demo'), ['PYSEC-2000-1']);
  });

  it('changes nothing when it is interrupted', async () => {
    await fixture.importRecords(a);
    await assert.rejects(fixture.import('b.jsonl', jsonLines([b]), AbortSignal.abort()), { name: 'AbortError' });
    assert.deepEqual(fixture.ids('demo'), ['PYSEC-2000-1']);
  });

  it('is no database while nothing was imported', async () => {
    assert.throws(() => fixture.open(), failsWith('missing', /no advisory database in .*pinwatch db update/u));
    await assert.rejects(fixture.import('empty.jsonl', ''), failsWith('badInput', /no record that can be used/u));
    await assert.rejects(fixture.import('bad.jsonl', 'x\n'), failsWith('badInput', /line 1 is not JSON/u));
    await assert.rejects(
      fixture.databases.importFile(fixture.folder, '/no/such.zip', {
        onProgress: () => undefined,
        signal: new AbortController().signal,
      }),
      failsWith('missing', /there is no such file/u),
    );
    assert.equal(fixture.databases.status(fixture.folder), undefined);
    assert.throws(() => fixture.open(), failsWith('missing', /no advisory database/u));
  });

  describe('over a file that cannot be used', () => {
    const file = (): string => path.join(fixture.folder, 'advisories.sqlite');
    const damage: Readonly<Record<string, [RegExp, () => void]>> = {
      'that is damaged': [/is damaged/u, () => writeFileSync(file(), 'SQLite format 3\0 but not for long')],
      'that is no SQLite file': [/is damaged/u, () => writeFileSync(file(), 'x'.repeat(5000))],
      'of a newer Pinwatch': [/made by a newer Pinwatch/u, () => change('PRAGMA user_version = 99')],
      'of an older Pinwatch': [/made by an older Pinwatch/u, () => change('PRAGMA user_version = 0')],
      'of another program': [/is not an advisory database/u, () => change('PRAGMA application_id = 7')],
      'without its tables': [/cannot be read/u, () => change('DROP TABLE affected')],
    };
    function change(sql: string): void {
      const database = new DatabaseSync(file());
      database.exec(sql);
      database.close();
    }

    for (const [label, [message, break_]] of Object.entries(damage)) {
      it(`${label}: reading says so, importing sets it aside`, async () => {
        await fixture.importRecords(a);
        break_();
        assert.throws(() => fixture.ids('demo'), failsWith('unusable', message));
        const before = readdirSync(fixture.folder).filter((name) => name.includes('aside'));
        assert.deepEqual(before, []);
        const { setAside } = await fixture.importRecords(b);
        assert.ok(setAside !== undefined && readdirSync(fixture.folder).includes(path.basename(setAside)));
        assert.deepEqual(fixture.ids('demo'), ['GHSA-demo-0000-0001']);
      });
    }
  });

  it('says so when another process writes, and readers see the old state meanwhile', async () => {
    await fixture.importRecords(a);
    const other = new DatabaseSync(path.join(fixture.folder, 'advisories.sqlite'));
    other.exec('BEGIN IMMEDIATE; DELETE FROM affected;');
    try {
      await assert.rejects(fixture.importRecords(b), failsWith('busy', /Another process is writing/u));
      assert.deepEqual(fixture.ids('demo'), ['PYSEC-2000-1']);
    } finally {
      other.close();
    }
  });
});
