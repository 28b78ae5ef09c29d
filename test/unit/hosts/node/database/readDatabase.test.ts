import assert from 'node:assert/strict';
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import {
  createDatabaseSource,
  type DatabaseSource,
} from '../../../../../server/src/hosts/node/database/databaseSource.ts';
import { databaseFileName } from '../../../../../server/src/hosts/node/database/schema.ts';
import { normalizeName } from '../../../../../server/src/core/packages/packageName.ts';
import { DatabaseError } from '../../../../../server/src/engine/offline/advisoryDatabase.ts';
import { LookupError } from '../../../../../server/src/engine/ports.ts';
import { DatabaseFixture, osvRecord } from '../../../../support/databaseFixture.ts';

const never = new AbortController().signal;

describe('reading the database', () => {
  let fixture: DatabaseFixture;
  let source: DatabaseSource;
  beforeEach(() => {
    fixture = new DatabaseFixture();
    source = createDatabaseSource(() => fixture.databases.open(fixture.folder), { now: () => fixture.now });
  });
  afterEach(async () => {
    await source.close();
    fixture.dispose();
  });

  const file = (): string => path.join(fixture.folder, databaseFileName);
  /** The ids for a package at 1.0, as the scanner gets them. */
  async function ask(name = 'demo', version: string | undefined = '1.0'): Promise<readonly string[]> {
    const question = { name: normalizeName(name), version };
    const [answer] = await source.query([question], never);
    assert.ok(answer !== undefined);
    if (answer.kind === 'failed') {
      throw answer.error;
    }
    assert.ok(answer.kind === 'matches');
    return answer.matches.map(({ id }) => id);
  }
  const fails =
    (reason: string, message: RegExp) =>
    (error: unknown): boolean => {
      assert.ok(error instanceof LookupError, String(error));
      assert.equal(error.reason, reason);
      assert.match(error.message, message);
      return true;
    };

  it('fails for every question while there is no database, and answers as soon as there is one', async () => {
    await assert.rejects(ask(), fails('offline', /no advisory database in/u));
    assert.equal(source.dataAgeSeconds(), undefined);
    assert.match(source.health.lastError ?? '', /no advisory database/u);
    await fixture.importRecords(osvRecord('A-1'));
    assert.deepEqual(await ask(), ['A-1']);
    assert.equal(source.health.lastError, undefined);
    assert.deepEqual([source.counters.failures, source.health.lastAnswerAt], [1, fixture.now]);
  });

  it('fails for a version that is not PEP 440, and answers the other questions', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    const questions = ['1.0', '1.0-beta-x', '3.0'].map((version) => ({ name: normalizeName('demo'), version }));
    const answers = await source.query(questions, never);
    assert.deepEqual(
      answers.map(({ kind }) => kind),
      ['matches', 'failed', 'matches'],
    );
  });

  it('answers a question that stands twice twice, and nothing once it is interrupted', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    const question = { name: normalizeName('demo'), version: '1.0' };
    const answers = await source.query([question, question], never);
    assert.deepEqual(answers[0], answers[1]);
    assert.equal(answers.length, 2);
    await assert.rejects(source.query([question], AbortSignal.abort()), { name: 'AbortError' });
  });

  it('gives records as they were imported, and says so where there is none', async () => {
    const record = osvRecord('A-1', { unknown: { deep: ['ü', null] } });
    await fixture.importRecords(record, osvRecord('A-2'));
    assert.deepEqual(await source.record('A-1', never), record);
    assert.deepEqual(await source.package(normalizeName('demo'), never), [record, osvRecord('A-2')]);
    await assert.rejects(source.record('A-9', never), fails('badResponse', /A-9 is not in the advisory database/u));
  });

  it('sees what another connection writes, at the next question', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    assert.deepEqual(await ask(), ['A-1']);
    await fixture.importRecords(osvRecord('A-1', { withdrawn: '2026-01-01T00:00:00Z' }), osvRecord('A-2'));
    assert.deepEqual(await ask(), ['A-2']);
  });

  it('fails where the file is taken away, and reads the one that takes its place', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    assert.deepEqual(await ask(), ['A-1']);
    rmSync(fixture.folder, { recursive: true });
    await assert.rejects(ask(), fails('offline', /no advisory database in/u));
    await fixture.importRecords(osvRecord('A-2'));
    assert.deepEqual(await ask(), ['A-2']);
  });

  it('fails over a damaged file, which an import sets aside, and then answers', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    writeFileSync(file(), 'x'.repeat(10_000));
    await assert.rejects(ask(), fails('badResponse', /is damaged\. Run "pinwatch db update"/u));
    assert.equal(readFileSync(file(), 'utf8').length, 10_000);
    const { setAside } = await fixture.importRecords(osvRecord('A-2'));
    assert.ok(setAside !== undefined && readFileSync(setAside, 'utf8') === 'x'.repeat(10_000));
    assert.deepEqual(await ask(), ['A-2']);
  });

  it('never calls a package clean over damaged pages or a file cut short: it fails, or the answer is right', async () => {
    const names = Array.from({ length: 300 }, (_, index) => `package-${index}`);
    await fixture.importRecords(...names.map((name, index) => osvRecord(`PYSEC-2001-${index}`, {}, name)));
    const whole = readFileSync(file());
    const pageBytes = 4096;
    let failures = 0;
    const askAll = async (): Promise<void> => {
      await source.close();
      for (const [index, name] of names.entries()) {
        try {
          assert.deepEqual(await ask(name), [`PYSEC-2001-${index}`]);
        } catch (error) {
          assert.ok(error instanceof LookupError, `${name}: ${String(error)}`);
          failures++;
          return;
        }
      }
    };
    const pages = whole.length / pageBytes;
    assert.ok(pages > 10);
    for (let page = 0; page < pages; page++) {
      for (const filler of [0, 0xff, 0x41]) {
        writeFileSync(file(), Buffer.from(whole).fill(filler, page * pageBytes, (page + 1) * pageBytes));
        await askAll();
      }
    }
    assert.ok(failures > 10, `${failures} failures`);
    for (let page = 0; page < pages; page++) {
      writeFileSync(file(), whole);
      truncateSync(file(), page * pageBytes + 100);
      await askAll();
      assert.ok(failures > 10);
    }
  }).timeout(20_000);

  it('fails over a damaged record and over damaged stretches', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    const { DatabaseSync } = await import('node:sqlite');
    const other = new DatabaseSync(file());
    other.exec(`UPDATE records SET body = x'00'; UPDATE affected SET stretches = '["1"]'`);
    other.close();
    await assert.rejects(ask(), fails('badResponse', /What ".*" has about demo is damaged/u));
    await assert.rejects(source.record('A-1', never), fails('badResponse', /A-1 is damaged/u));
  });

  describe('in a folder that cannot be written to', function () {
    afterEach(() => existsSync(fixture.folder) && chmodSync(fixture.folder, 0o755));

    /** What an account without rights makes of it; the superuser may write anywhere. */
    async function asNobody(): Promise<readonly string[]> {
      const child = matchProcess(fixture.folder, process.getuid?.() === 0 ? 65_534 : undefined);
      child.stdin.end('demo\nother\n');
      return await linesOf(child);
    }

    it('answers, and leaves nothing behind', async function () {
      if (process.getuid === undefined) {
        console.log('skipped: there is no account without rights to try it with');
        this.skip();
      }
      await fixture.importRecords(osvRecord('A-1'));
      chmodSync(fixture.root, 0o755);
      chmodSync(file(), 0o444);
      chmodSync(fixture.folder, 0o555);
      const before = readdirSync(fixture.folder);
      const answers = await asNobody();
      if (answers.length === 0) {
        console.log('skipped: an account without rights cannot read this repository');
        this.skip();
      }
      assert.deepEqual(answers, ['1 found', '0 found']);
      assert.deepEqual(readdirSync(fixture.folder), before);
    }).timeout(10_000);

    it('says so where nothing can be written', async () => {
      writeFileSync(path.join(fixture.root, 'occupied'), '');
      const folder = path.join(fixture.root, 'occupied/database');
      const options = { onProgress: () => undefined, signal: never };
      await assert.rejects(fixture.databases.importFile(folder, fixture.write('a.json', '{}'), options), (error) => {
        assert.ok(error instanceof DatabaseError && error.reason === 'io');
        assert.match(error.message, /could not be made \(ENOTDIR\)/u);
        return true;
      });
      mkdirSync(file(), { recursive: true });
      await assert.rejects(fixture.importRecords(osvRecord('A-1')), DatabaseError);
      assert.ok(existsSync(file()));
    });
  });

  it('lets one process match while another one writes: each answer is of one state or the other', async () => {
    const old = Array.from({ length: 2000 }, (_, index) => osvRecord(`OLD-${index}`));
    const next = Array.from({ length: 2000 }, (_, index) => osvRecord(`NEW-${index}`));
    await fixture.importRecords(...old);
    const child = matchProcess(fixture.folder);
    const exchange = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const askChild = async (): Promise<string> => {
      child.stdin.write('demo\n');
      const answer = await exchange.next();
      return answer.done === true ? 'ended' : answer.value;
    };
    assert.equal(await askChild(), '2000 found');
    let isDone = false;
    const writing = fixture.importRecords(...next).finally(() => (isDone = true));
    const seen = new Set<string>();
    while (!isDone) {
      seen.add(await askChild());
    }
    await writing;
    assert.equal(await askChild(), '4000 found');
    assert.ok(
      [...seen].every((answer) => ['2000 found', '4000 found'].includes(answer)),
      [...seen].join('; '),
    );
    assert.ok(seen.has('2000 found'));
    child.stdin.end();
    await new Promise((resolve) => child.once('exit', resolve));
  }).timeout(20_000);

  it('opens a copy of a file that another process has open', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    const other = fixture.open();
    const copy = path.join(fixture.root, 'copy');
    mkdirSync(copy);
    copyFileSync(file(), path.join(copy, databaseFileName));
    const copied = fixture.databases.open(copy);
    assert.deepEqual(copied.advisoriesOf(normalizeName('demo')), other.advisoriesOf(normalizeName('demo')));
    copied.close();
  });
});

const script = path.resolve(import.meta.dirname, '../../../../support/matchProcess.ts');

function matchProcess(folder: string, uid?: number): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [script, folder], uid === undefined ? {} : { uid, gid: uid });
}

async function linesOf(child: ChildProcessWithoutNullStreams): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
  }
  return lines;
}
