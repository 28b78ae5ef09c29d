import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DatabaseError } from '../../../../../server/src/engine/offline/advisoryDatabase.ts';
import { BucketService, listOf } from '../../../../support/bucketService.ts';
import { DatabaseFixture, osvRecord } from '../../../../support/databaseFixture.ts';

const stamped = (id: string, day: number, rest: object = {}): Record<string, unknown> =>
  osvRecord(id, { modified: `2026-02-${String(day).padStart(2, '0')}T00:00:00Z`, ...rest });
const many = (count: number, day: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, index) => stamped(`PYSEC-2001-${index}`, day));

describe('updating the database', () => {
  let fixture: DatabaseFixture;
  let bucket: BucketService;
  beforeEach(async () => {
    fixture = new DatabaseFixture();
    bucket = new BucketService();
    await bucket.start();
    bucket.put(stamped('A-1', 1), stamped('A-2', 2), stamped('A-3', 3));
  });
  afterEach(async () => {
    await bucket.stop();
    fixture.dispose();
  });

  const update = (): ReturnType<DatabaseFixture['update']> => fixture.update(bucket.url);
  /** What is asked of the bucket during the call, in no particular order. */
  async function askedBy(call: () => Promise<unknown>): Promise<readonly string[]> {
    bucket.asked.length = 0;
    await call();
    return [...bucket.asked].sort();
  }

  it('takes the archive the first time, and says that it is current', async () => {
    const { written, problems, status } = await update();
    assert.deepEqual([written, problems, status.records], [3, [], 3]);
    assert.equal(status.currentAt, fixture.now);
    assert.equal(status.ageSeconds, 0);
    assert.deepEqual(bucket.asked, ['modified_id.csv', 'all.zip']);
    assert.deepEqual(fixture.progress, ['fetching the list of changes', 'fetching the archive of all records']);
    assert.deepEqual(
      readdirSync(fixture.folder).filter((name) => name.endsWith('.part')),
      [],
    );
  });

  it('fetches nothing but the list where nothing has changed, and says that it is current again', async () => {
    await update();
    fixture.now += 86_400_000;
    assert.deepEqual(await askedBy(update), ['modified_id.csv']);
    assert.equal(fixture.open().status().ageSeconds, 0);
  });

  it('is of no known age where its clock was ahead, until it is updated again', async () => {
    const { now } = fixture;
    fixture.now = now + 30 * 86_400_000;
    await update();
    fixture.now = now;
    assert.equal(fixture.open().status().ageSeconds, undefined);
    assert.equal(fixture.open().ageSeconds(), undefined);
    const { status } = await update();
    assert.deepEqual([status.currentAt, status.ageSeconds], [now, 0]);
  });

  it('lives through a bucket that closes the connection after each answer', async function () {
    this.timeout(60_000); // 30 MB, unpacked and read five times
    bucket.put(stamped('A-4', 4, { details: randomBytes(6_000_000).toString('base64') }));
    for (const object of ['modified_id.csv', 'all.zip']) {
      bucket.faults.set(object, (response) => {
        response.shouldKeepAlive = false;
        response.writeHead(200, { connection: 'close' });
        response.end(bucket.contentOf(object));
      });
    }
    for (let round = 0; round < 5; round++) {
      const { written, problems } = await update();
      assert.deepEqual([written, problems], [4, []]);
      fixture.dispose();
      fixture = new DatabaseFixture();
    }
  });

  it('fails for the disk, and at once, where the archive cannot be put down', async () => {
    mkdirSync(path.join(fixture.folder, `all-${process.pid}.zip.part`), { recursive: true });
    await assert.rejects(update(), (error) => error instanceof DatabaseError && error.reason === 'io');
    assert.equal(bucket.asked.filter((object) => object === 'all.zip').length, 0);
  });

  it('gives up an archive that is packed once more, though nobody asked for that', async () => {
    bucket.faults.set('all.zip', (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x')),
    );
    await assert.rejects(update(), /packed body/u);
    assert.equal(fixture.databases.status(fixture.folder), undefined);
  });

  it('does not believe a list that lacks most of what is here, as one that was cut short does', async () => {
    bucket.put(...many(60, 3));
    await update();
    const { currentAt } = fixture.open().status();
    fixture.now += 86_400_000;
    bucket.list = listOf([...bucket.records.values()])
      .split('\n')
      .slice(0, 10)
      .join('\n');
    await assert.rejects(update(), /names only 10 of the 63 records/u);
    assert.equal(fixture.open().status().currentAt, currentAt);
  });

  it('fetches new and changed records one by one, withdrawn ones too', async () => {
    await update();
    bucket.put(
      stamped('A-1', 5, { withdrawn: '2026-02-05T00:00:00Z' }),
      stamped('A-2', 5, { affected: [] }),
      stamped('A-4', 5),
    );
    assert.deepEqual(await askedBy(update), ['A-1.json', 'A-2.json', 'A-4.json', 'modified_id.csv']);
    assert.deepEqual(fixture.ids('demo'), ['A-3', 'A-4']);
    assert.deepEqual(await askedBy(update), ['modified_id.csv']);
  });

  it('compares the whole list: order, stamps of the future and stamps moved back hide nothing', async () => {
    bucket.put(stamped('A-9', 9, { modified: '2027-07-09T00:00:00Z' }));
    await update();
    bucket.put(stamped('A-3', 1), stamped('A-5', 1));
    bucket.list = listOf([...bucket.records.values()])
      .split('\n')
      .reverse()
      .join('\n');
    assert.deepEqual(await askedBy(update), ['A-3.json', 'A-5.json', 'modified_id.csv'].sort());
  });

  it('takes the archive again where some hundreds have changed', async () => {
    bucket.put(...many(301, 4));
    await update();
    bucket.put(...many(300, 5));
    const singly = await askedBy(update);
    assert.ok(singly.length === 301 && !singly.includes('all.zip'));
    assert.ok(fixture.progress.includes('fetching changed records: 64 of 300'), fixture.progress.join('; '));
    bucket.put(...many(301, 6));
    assert.deepEqual(await askedBy(update), ['all.zip', 'modified_id.csv']);
    assert.deepEqual(await askedBy(update), ['modified_id.csv']);
  });

  it('fetches what an archive that is older than the list lacks', async () => {
    bucket.archived = [stamped('A-1', 1), stamped('A-2', 1, { withdrawn: '2026-02-01T00:00:00Z' })];
    assert.deepEqual(await askedBy(update), ['A-2.json', 'A-3.json', 'all.zip', 'modified_id.csv']);
    assert.deepEqual(fixture.ids('demo'), ['A-1', 'A-2', 'A-3']);
    assert.deepEqual(await askedBy(update), ['modified_id.csv']);
  });

  it('does not call itself current with a record that some cache held back, and asks for it again', async () => {
    await update();
    fixture.now += 1000;
    bucket.list = listOf([stamped('A-1', 7), stamped('A-2', 2), stamped('A-3', 3)]);
    const { problems, status } = await update();
    assert.equal(problems.length, 1);
    assert.match(
      `${problems[0]?.where} ${problems[0]?.message}`,
      /^A-1 is there only as it was on 2026-02-01T00:00:00Z/u,
    );
    assert.equal(status.ageSeconds, 1);
    bucket.put(stamped('A-1', 7, { affected: [] }));
    assert.deepEqual(await askedBy(update), ['A-1.json', 'modified_id.csv']);
    assert.deepEqual(fixture.ids('demo'), ['A-2', 'A-3']);
  });

  it('names records that the list has and the bucket has not, that are no JSON, or another record', async () => {
    await update();
    bucket.put(stamped('B-1', 5), stamped('B-2', 5), stamped('B-3', 5), stamped('B-4', 5));
    bucket.faults.set('B-1.json', (response) => response.writeHead(404).end());
    bucket.faults.set('B-2.json', (response) => response.end('<html>'));
    bucket.faults.set('B-3.json', (response) => response.end(JSON.stringify(stamped('A-1', 5, { affected: [] }))));
    const { written, problems } = await update();
    assert.equal(written, 1);
    assert.deepEqual(problems.map(({ where, message }) => `${where} ${message}`).sort(), [
      `B-1 could not be fetched: ${new URL(bucket.url).host} refused the request (HTTP 404).`,
      'B-2 is not JSON',
      'B-3 is another record there',
    ]);
    assert.deepEqual(fixture.ids('demo'), ['A-1', 'A-2', 'A-3', 'B-4']);
    assert.deepEqual(await askedBy(update), ['B-1.json', 'B-2.json', 'B-3.json', 'modified_id.csv']);
  });

  it('does not call itself current while a record could be read in part only', async () => {
    const affected = [{ package: { ecosystem: 'PyPI', name: 'demo' }, ranges: 'all of them' }];
    bucket.put(stamped('B-1', 5, { affected }));
    for (let round = 0; round < 2; round++) {
      const { problems, status } = await update();
      assert.match(problems.map(({ message }) => message).join(), /B-1: affected\[0\]/u);
      assert.equal(status.ageSeconds, undefined);
    }
    bucket.put(stamped('B-1', 5));
    const { problems, status } = await update();
    assert.deepEqual([problems, status.ageSeconds], [[], 0]);
  });

  it('keeps what it has where the network fails in the middle, and goes on from there', async () => {
    await update();
    fixture.now += 60_000;
    bucket.put(...many(200, 5));
    // A record of the third handful fails for good: an answer that asks for more patience than there is.
    bucket.faults.set('PYSEC-2001-5.json', (response) => response.writeHead(503, { 'retry-after': '3600' }).end());
    await assert.rejects(update(), (error) => {
      assert.ok(error instanceof DatabaseError && error.reason === 'network');
      assert.match(error.message, /failed \(HTTP 503\)/u);
      return true;
    });
    const here = fixture.open().status();
    assert.ok(here.records > 64 && here.records < 203, `${here.records} records`);
    assert.equal(here.ageSeconds, 60);
    bucket.faults.clear();
    const asked = await askedBy(update);
    assert.equal(asked.length, 1 + 203 - here.records);
    assert.equal(fixture.open().status().records, 203);
    assert.equal(fixture.open().status().ageSeconds, 0);
  });

  it('keeps what it has where the archive breaks off or is no archive', async () => {
    await update();
    bucket.put(...many(301, 5));
    bucket.faults.set('all.zip', (response) => response.end('no archive'));
    await assert.rejects(update(), DatabaseError);
    let tries = 0;
    bucket.faults.set('all.zip', (response) => {
      tries++;
      response.writeHead(200, { 'content-length': '5000' }).write('PK\u0003\u0004', () => response.destroy());
    });
    await assert.rejects(update(), (error) => error instanceof DatabaseError && error.reason === 'network');
    assert.ok(tries > 1);
    assert.deepEqual(fixture.ids('demo'), ['A-1', 'A-2', 'A-3']);
    assert.deepEqual(
      readdirSync(fixture.folder).filter((name) => name.endsWith('.part')),
      [],
    );
  }).timeout(10_000);

  it('removes an archive that a killed process left behind, not one that may be under way', async () => {
    mkdirSync(fixture.folder);
    for (const [name, ageMs] of [
      ['all-1.zip.part', 25 * 3_600_000],
      ['all-2.zip.part', 23 * 3_600_000],
      ['all-3.zip', 25 * 3_600_000],
    ] as const) {
      const file = path.join(fixture.folder, name);
      writeFileSync(file, '');
      utimesSync(file, new Date(fixture.now - ageMs), new Date(fixture.now - ageMs));
    }
    await update();
    assert.deepEqual(
      readdirSync(fixture.folder).filter((name) => name.includes('zip')),
      ['all-2.zip.part', 'all-3.zip'],
    );
  });

  it('is no database yet where the first update fails', async () => {
    bucket.faults.set('all.zip', (response) => response.writeHead(404).end());
    await assert.rejects(update(), (error) => error instanceof DatabaseError && error.reason === 'network');
    assert.equal(fixture.databases.status(fixture.folder), undefined);
  });

  it('does not believe an empty list', async () => {
    for (const list of ['', '<html>not found</html>\n']) {
      bucket.list = list;
      await assert.rejects(update(), /names no record/u);
    }
  });

  it('reports lines of the list that make no sense, and takes the others', async () => {
    bucket.list = `${listOf([...bucket.records.values()])}../../etc/passwd\n2026-01-01T00:00:00Z,../x\n`;
    const { problems, status } = await update();
    assert.deepEqual(problems, [{ where: 'PyPI/modified_id.csv', message: 'has 2 lines that make no sense' }]);
    assert.deepEqual([status.records, status.currentAt], [3, 0]);
    assert.equal(status.ageSeconds, undefined);
  });

  it('stops when it is interrupted, and keeps what was there', async () => {
    await update();
    bucket.put(...many(301, 5));
    const interrupt = new AbortController();
    bucket.onRequest = (object) => object === 'all.zip' && interrupt.abort();
    await assert.rejects(fixture.update(bucket.url, interrupt.signal), { name: 'AbortError' });
    assert.deepEqual(fixture.ids('demo'), ['A-1', 'A-2', 'A-3']);
  });
});
