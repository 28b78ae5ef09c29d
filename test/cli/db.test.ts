import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../../server/src/cli/run.ts';
import { BucketService } from '../support/bucketService.ts';
import { DatabaseFixture, jsonLines, osvRecord } from '../support/databaseFixture.ts';
import { EngineIo } from '../support/engineIo.ts';

describe('pinwatch db and match', () => {
  let fixture: DatabaseFixture;
  let io: EngineIo;
  beforeEach(() => {
    fixture = new DatabaseFixture();
    io = new EngineIo(fixture.databases);
  });
  afterEach(() => fixture.dispose());

  const importRecords = (...records: readonly object[]): Promise<number> =>
    run(['db', 'import', fixture.write('r.jsonl', jsonLines(records)), '--database', fixture.folder], io);
  async function match(...lines: readonly string[]): Promise<readonly unknown[]> {
    io.stdin = lines.join('\n');
    io.out = '';
    assert.equal(await run(['match', '--jsonl', '--database', fixture.folder], io), 0, io.err);
    return io.out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  }

  it('imports a file and says what is there', async () => {
    assert.equal(await importRecords(osvRecord('A-1'), osvRecord('A-2', { withdrawn: '2026-01-01T00:00:00Z' })), 0);
    assert.match(io.out, /^Imported 2 records\. The database holds 2 records about 1 packages\.\n$/u);
    io.out = '';
    assert.equal(await run(['db', 'status', '--database', fixture.folder], io), 0);
    assert.match(io.out, /2 records \(1 withdrawn\), 1 packages with advisories/u);
    io.out = '';
    assert.equal(await run(['db', 'status', '--format', 'json', '--database', fixture.folder], io), 0);
    const status = JSON.parse(io.out) as Record<string, unknown>;
    assert.deepEqual([status['records'], status['withdrawn'], status['packages']], [2, 1, 1]);
    assert.equal(status['newestModified'], '2026-01-02T03:04:05Z');
    assert.equal(status['importedAt'], new Date(fixture.now).toISOString());
    assert.equal(io.err, '');
  });

  it('exits with 3 for a file that can be used only in part, with 3 for one that cannot, with 2 for none', async () => {
    const file = fixture.write('bad.jsonl', `${JSON.stringify(osvRecord('A-1'))}\n{"id":"\u202ex"}\nx\n`);
    assert.equal(await run(['db', 'import', file, '--database', fixture.folder], io), 3);
    assert.match(io.out, /^Imported 1 records, 2 problems\./u);
    assert.match(io.err, /^pinwatch: line 2 is not an advisory: .*\npinwatch: line 3 is not JSON\n$/u);
    assert.equal(
      await run(['db', 'import', fixture.write('cut.zip', 'PK\u0003\u0004'), '--database', fixture.folder], io),
      3,
    );
    assert.match(io.err, /cut\.zip" cannot be imported: The zip archive is cut short or damaged/u);
    assert.equal(await run(['db', 'import', '/no/such/file', '--database', fixture.folder], io), 2);
    assert.deepEqual(await match('{"name":"demo"}'), [{ name: 'demo', ids: ['A-1'] }]);
  });

  it('says that there is no database, and what to do', async () => {
    for (const argv of [
      ['db', 'status'],
      ['match', '--jsonl'],
    ]) {
      io.err = '';
      assert.equal(await run([...argv, '--database', fixture.folder], io), 2);
      assert.match(io.err, /^pinwatch: .*no advisory database in ".*pinwatch db update/iu);
      assert.equal(io.out, '');
    }
  });

  it('tells of a file that was set aside, and of older records', async () => {
    await importRecords(osvRecord('A-1'));
    writeFileSync(path.join(fixture.folder, 'advisories.sqlite'), 'x'.repeat(5000));
    assert.equal(await run(['match', '--jsonl', '--database', fixture.folder], io), 2);
    assert.match(io.err, /is damaged\. Run "pinwatch db update"/u);
    assert.equal(await importRecords(osvRecord('A-1')), 0);
    assert.match(io.err, /could not be used and was renamed to ".*\.aside"\n/u);
    assert.equal(await importRecords(osvRecord('A-1', { modified: '2020-01-01T00:00:00Z' })), 0);
    assert.match(io.err, /1 records were skipped because the database already has newer ones/u);
  });

  it('updates from a bucket, exits with 3 where it cannot be reached, and keeps what there is', async () => {
    const bucket = new BucketService();
    await bucket.start();
    bucket.put(osvRecord('A-1'));
    const update = (): Promise<number> =>
      run(['db', 'update', '--database', fixture.folder, '--osv-bucket-url', bucket.url], io);
    try {
      assert.equal(await update(), 0);
      assert.match(io.err, /pinwatch: fetching the archive of all records\n/u);
      bucket.list = 'rubbish';
      assert.equal(await update(), 3);
      assert.match(io.err, /names no record/u);
    } finally {
      await bucket.stop();
    }
    assert.deepEqual(await match('{"name":"demo"}'), [{ name: 'demo', ids: ['A-1'] }]);
  });

  it('answers every line of match in order, and gives name and version back as they came', async () => {
    await importRecords(
      osvRecord('B-2', {}, 'Zope.Interface_x'),
      osvRecord('B-1', {}, 'zope-interface-x'),
      osvRecord('B-3', { withdrawn: '2026-01-01T00:00:00Z' }, 'zope-interface-x'),
    );
    const long = '1.'.repeat(100_000);
    assert.deepEqual(
      await match(
        '{"name":"zope-interface-x","version":"1.0"}',
        '{"name":"ZOPE..Interface__X","version":" v1.0.RC-1 "}',
        '{"name":"zope-interface-x","version":"2.0"}',
        '{"name":"zope-interface-x","version":"2.0.dev3"}',
        '{"name":"zope-interface-x","version":"1!0.1"}',
        '{"name":"zope-interface-x","version":null}',
        '{"name":"zope-interface-x"}',
        '{"name":"nobody","version":"1.0"}',
        '',
        '{"name":"zope-interface-x","version":"1.0-beta-x"}',
        '{"name":"nobody","version":""}',
        '{"name":"nobody","version":1.0}',
        `{"name":"nobody","version":"${long}"}`,
        'not json',
        '[1]',
        'null',
        '{"version":"1.0"}',
        '{"name":7}',
        '{"name":"__proto__","version":"1"}\r',
      ),
      [
        { name: 'zope-interface-x', version: '1.0', ids: ['B-1', 'B-2'] },
        { name: 'ZOPE..Interface__X', version: ' v1.0.RC-1 ', ids: ['B-1', 'B-2'] },
        { name: 'zope-interface-x', version: '2.0', ids: [] },
        { name: 'zope-interface-x', version: '2.0.dev3', ids: ['B-1', 'B-2'] },
        { name: 'zope-interface-x', version: '1!0.1', ids: [] },
        { name: 'zope-interface-x', version: null, ids: ['B-1', 'B-2'] },
        { name: 'zope-interface-x', ids: ['B-1', 'B-2'] },
        { name: 'nobody', version: '1.0', ids: [] },
        { name: 'zope-interface-x', version: '1.0-beta-x', error: '"1.0-beta-x" is not a PEP 440 version.' },
        { name: 'nobody', version: '', error: '"" is not a PEP 440 version.' },
        { name: 'nobody', version: 1, error: '1 is not a PEP 440 version.' },
        { name: 'nobody', version: long, error: `"${long}" is not a PEP 440 version.` },
        { error: 'This line is not JSON.' },
        { error: 'A line should be an object with "name" and "version".' },
        { error: 'A line should be an object with "name" and "version".' },
        { version: '1.0', error: 'A line should be an object with "name" and "version".' },
        { name: 7, error: 'A line should be an object with "name" and "version".' },
        { name: '__proto__', version: '1', ids: [] },
      ],
    );
  });

  it('scan --database fails, and does not look clean, without a database or over a damaged one', async () => {
    io.disk.set('requirements.txt', 'demo==1.0\nother==1.0\n');
    const scan = async (): Promise<readonly unknown[]> => {
      io.out = '';
      const code = await run(['scan', 'requirements.txt', '--database', fixture.folder, '--format', 'json'], io);
      const { summary } = JSON.parse(io.out) as { readonly summary: Record<string, number> };
      return [code, summary['failed'], summary['vulnerable'], summary['assessed']];
    };
    assert.deepEqual(await scan(), [3, 2, 0, 0]);
    await importRecords(osvRecord('A-1'));
    assert.deepEqual(await scan(), [1, 0, 1, 2]);
    writeFileSync(path.join(fixture.folder, 'advisories.sqlite'), 'x'.repeat(5000));
    assert.deepEqual(await scan(), [3, 2, 0, 0]);
  });
});
