import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createAdvisoryDatabases } from '../../../../../server/src/hosts/node/database/advisoryDatabases.ts';
import { databaseFileName } from '../../../../../server/src/hosts/node/database/schema.ts';
import { DatabaseFixture, jsonLines, osvRecord } from '../../../../support/databaseFixture.ts';

describe('an advisory database that others could have written', () => {
  let fixture: DatabaseFixture;
  before(function () {
    if (process.platform === 'win32') {
      console.log('      skipped: there are no such rights on Windows');
      this.skip();
    }
  });
  beforeEach(async () => {
    fixture = new DatabaseFixture();
    await fixture.importRecords(osvRecord('GHSA-1'));
  });
  afterEach(() => fixture.dispose());

  const file = (): string => path.join(fixture.folder, databaseFileName);
  const exposed = { reason: 'exposed', message: /is not used: other users can write to .* look clean/u };

  for (const [what, mode, expose] of [
    ['its folder', 0o777, (): string => fixture.folder],
    ['its folder, with the sticky bit', 0o1777, (): string => fixture.folder],
    ['the file', 0o666, file],
    ['a folder above', 0o777, (): string => fixture.root],
  ] as const) {
    it(`is neither read nor written: ${what}`, async () => {
      chmodSync(expose(), mode);
      assert.throws(() => fixture.open(), exposed);
      await assert.rejects(fixture.importRecords(osvRecord('GHSA-2')), exposed);
    });
  }

  it('a log beside it that others could have written', () => {
    writeFileSync(`${file()}-wal`, '');
    chmodSync(`${file()}-wal`, 0o666);
    assert.throws(() => fixture.open(), exposed);
  });

  it('may be readable by all', () => {
    chmodSync(fixture.folder, 0o755);
    chmodSync(file(), 0o644);
    assert.deepEqual(fixture.ids('demo'), ['GHSA-1']);
  });

  it('is read where it is another user, with a warning', function () {
    if (process.getuid?.() !== 0) {
      console.log('      skipped: only root can give a file away');
      return this.skip();
    }
    [fixture.folder, file()].forEach((each) => chownSync(each, 65534, 65534));
    const said: string[] = [];
    const databases = createAdvisoryDatabases({
      defaultFolder: fixture.folder,
      clock: { now: () => fixture.now },
      version: '1.2.3',
      warn: (message) => said.push(message),
    });
    databases.open(fixture.folder).close();
    databases.open(fixture.folder).close();
    assert.equal(said.length, 1);
    assert.match(said[0] ?? '', /may be written by another user: ".*" belongs to another user \(uid 65534\)/u);
  });

  it('is made for this user alone, whatever the umask is', async () => {
    rmSync(fixture.folder, { recursive: true });
    const before = process.umask(0);
    try {
      await fixture.importRecords(osvRecord('GHSA-1'));
      assert.deepEqual(
        [fixture.folder, file()].map((each) => (statSync(each).mode & 0o777).toString(8)),
        ['700', '600'],
      );
    } finally {
      process.umask(before);
    }
  });

  it('fails, and returns, where the folder cannot be made or a link leads nowhere', async () => {
    const { databases } = fixture;
    const options = { onProgress: () => undefined, signal: new AbortController().signal };
    const records = fixture.write('more.jsonl', jsonLines([osvRecord('GHSA-2')]));
    const folders = [path.join(records, 'x'), ...(existsSync('/proc/self') ? ['/proc/x/y'] : [])];
    for (const folder of folders) {
      await assert.rejects(databases.importFile(folder, records, options), { reason: 'io' });
    }
    rmSync(file());
    symlinkSync(path.join(fixture.root, 'elsewhere'), file());
    await assert.rejects(databases.importFile(fixture.folder, records, options), { reason: 'io' });
    assert.ok(!existsSync(path.join(fixture.root, 'elsewhere')));
  });

  it('is made once by processes that import at the same time', async function () {
    this.timeout(60_000);
    const cli = path.resolve(import.meta.dirname, '../../../../../server/src/main/cliMain.ts');
    const numbers = [0, 1, 2, 3, 4, 5];
    const files = numbers.map((number) => fixture.write(`${number}.jsonl`, jsonLines([osvRecord(`GHSA-${number}`)])));
    for (let round = 0; round < 2; round++) {
      rmSync(fixture.folder, { recursive: true });
      const ended = files.map(async (each) => {
        const args = ['--disable-warning=ExperimentalWarning', cli, 'db', 'import', each, '--database', fixture.folder];
        const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
        const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number]>]);
        return { err, code };
      });
      assert.deepEqual(
        await Promise.all(ended),
        files.map(() => ({ err: '', code: 0 })),
      );
      assert.deepEqual(
        fixture.ids('demo'),
        numbers.map((number) => `GHSA-${number}`),
      );
      assert.ok(!readdirSync(fixture.folder).some((name) => name.includes('aside')));
    }
  });
});
