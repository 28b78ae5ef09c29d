import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { chooseJournal } from '../../../../../server/src/hosts/node/sqlite/fileSchema.ts';
import type { CacheTier } from '../../../../../server/src/engine/store/cacheTier.ts';
import { seededRandom } from '../../../../osv-service/seededRandom.ts';
import { noon } from '../../../../support/builders.ts';
import { DiskFixture, entry, integrity, type Used, valueOf } from './diskFixture.ts';

const keys = Array.from({ length: 300 }, (_, index) => `k${index}`);

describe('disk cache in trouble', () => {
  let fixture: DiskFixture;
  beforeEach(() => (fixture = new DiskFixture()));
  afterEach(() => fixture.dispose());

  const fill = (): Promise<void> => fixture.fill(...keys.map((key) => entry(key, valueOf(key))));

  /** Reads, writes, reads again: whatever the file is like, no wrong answer and no throw. */
  async function use(cache: CacheTier): Promise<void> {
    for (const [key, { json }] of await cache.read(keys)) {
      assert.deepEqual(json, valueOf(key));
    }
    cache.write([entry('new', valueOf('new'))]);
    fixture.settle();
    const found = (await cache.read(['new'])).get('new');
    if (cache.figures.trouble === undefined) {
      assert.deepEqual(found?.json, valueOf('new'), 'a cache without trouble keeps');
    }
    await cache.clear();
  }

  const damages: Readonly<Record<string, (file: string) => void>> = {
    'all zeros': (file) => writeFileSync(file, Buffer.alloc(8192)),
    'of another kind': (file) => writeFileSync(file, 'This is no database.\n'.repeat(100)),
    'cut in the middle of a page': (file) => truncateSync(file, 100_001),
    'cut at a page': (file) => truncateSync(file, 40_960),
    'cut in its header': (file) => truncateSync(file, 50),
    'overwritten in the middle': (file) => {
      const bytes = readFileSync(file);
      bytes.fill(0xa5, 4096, bytes.length - 4096);
      writeFileSync(file, bytes);
    },
  };

  for (const [title, damage] of Object.entries(damages)) {
    it(`sets a file that is ${title} aside, says so once, and starts anew`, async () => {
      await fill();
      damage(fixture.file);
      const cache = fixture.cache();
      await use(cache);
      assert.equal(cache.figures.trouble, undefined);
      const [said = '', ...more] = fixture.said;
      assert.match(said, /was damaged. It was renamed to "cache\.damaged-\d+\.sqlite" and is rebuilt\./u);
      assert.deepEqual(more, []);
      assert.ok(readdirSync(fixture.folder).includes(`cache.damaged-${noon}.sqlite`));
      await use(fixture.cache());
      assert.equal(fixture.said.length, 1, 'the new one is sound');
    });
  }

  it('an empty file is a new one', async () => {
    mkdirSync(fixture.folder);
    writeFileSync(fixture.file, '', { mode: 0o600 });
    await use(fixture.cache());
    assert.deepEqual(fixture.said, []);
  });

  it('keeps no more than two damaged files', async () => {
    for (let round = 0; round < 4; round++) {
      fixture.now++;
      await fill();
      truncateSync(fixture.file, 50);
      await use(fixture.cache());
    }
    const aside = readdirSync(fixture.folder).filter((name) => name.includes('damaged'));
    assert.deepEqual(aside, [`cache.damaged-${noon + 3}.sqlite`, `cache.damaged-${noon + 4}.sqlite`]);
  });

  it('never gives a wrong answer, whichever bytes are changed', async () => {
    await fill();
    const original = readFileSync(fixture.file);
    const random = seededRandom(17);
    let answers = 0;
    for (let round = 0; round < 60; round++) {
      const bytes = Buffer.from(original);
      const at = Math.floor(random() * bytes.length);
      const length = 1 + Math.floor(random() * 200);
      for (let index = at; index < Math.min(at + length, bytes.length); index++) {
        bytes[index] = Math.floor(random() * 256);
      }
      const folder = path.join(fixture.root, `round${round}`);
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'cache.sqlite'), bytes, { mode: 0o600 });
      const cache = fixture.cache(16_000_000, folder);
      for (const [key, { json, checkedAt }] of await cache.read(keys)) {
        assert.deepEqual({ json, checkedAt }, { json: valueOf(key), checkedAt: noon }, `round ${round}`);
        answers++;
      }
      await use(cache);
      await cache.close();
    }
    assert.ok(answers > 5_000, `${answers} answers were compared`);
  });

  it('leaves a damaged row out, removes it and gives the others', async () => {
    await fixture.fill(
      entry('a', 'first'),
      entry('b', 'second'),
      entry('c', 'third'),
      entry('d'),
      entry('e'),
      entry('f'),
    );
    fixture.sql((database) => {
      database.exec(`UPDATE entries SET json = '"altered"' WHERE key = 'a'`);
      database.exec(`UPDATE entries SET checked_at = checked_at + 1 WHERE key = 'd'`);
      database.exec(`UPDATE entries SET expires_at = ${2n ** 62n} WHERE key = 'e'`);
      // Another key's row, whole.
      database.exec(`DELETE FROM entries WHERE key = 'f'; UPDATE entries SET key = 'f' WHERE key = 'c'`);
    });
    const cache = fixture.cache();
    assert.deepEqual([...(await cache.read(['a', 'b', 'c', 'd', 'e', 'f'])).keys()], ['b']);
    fixture.settle();
    assert.equal(cache.figures.entries, 1);
    assert.equal(cache.figures.trouble, undefined);
    assert.deepEqual(fixture.said.length, 1);
  });

  it('does not touch a file of another application', async () => {
    mkdirSync(fixture.folder);
    fixture.sql((database) => database.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)'));
    await untouched(/belongs to another application/u);
  });

  it('does not touch a file of a newer Pinwatch', async () => {
    await fill();
    fixture.sql((database) => database.exec('PRAGMA user_version = 2'));
    await untouched(/was made by a newer Pinwatch/u);
  });

  async function untouched(trouble: RegExp): Promise<void> {
    const before = readFileSync(fixture.file);
    const cache = fixture.cache();
    await use(cache);
    assert.equal((await cache.read(['k1', 'new'])).size, 0);
    assert.match(cache.figures.trouble ?? '', trouble);
    fixture.now += 10 * 60_000;
    await use(cache);
    await cache.close();
    assert.deepEqual(readFileSync(fixture.file), before);
    assert.deepEqual(readdirSync(fixture.folder), ['cache.sqlite']);
    assert.equal(fixture.said.length, 1);
  }

  it('builds a file of an older Pinwatch anew', async () => {
    await fill();
    fixture.sql((database) => database.exec('DROP TABLE entries; CREATE TABLE entries (old); PRAGMA user_version = 0'));
    await use(fixture.cache());
    assert.deepEqual(fixture.said, []);
  });

  it('lets go when a newer Pinwatch takes the file over', async () => {
    await fill();
    const cache = fixture.cache();
    assert.equal((await cache.read(['k1'])).size, 1);
    fixture.sql((database) => database.exec('PRAGMA user_version = 2; ALTER TABLE entries ADD COLUMN more TEXT'));
    cache.write([entry('new')]);
    fixture.settle();
    assert.match(cache.figures.trouble ?? '', /was made by a newer Pinwatch/u);
    assert.equal(
      fixture.sql((database) => database.prepare("SELECT 1 FROM entries WHERE key = 'new'").get()),
      undefined,
    );
  });

  it('goes over to the new file when another process set the old one aside', async () => {
    await fill();
    const cache = fixture.cache();
    assert.equal((await cache.read(['k1'])).size, 1);
    rmSync(`${fixture.file}-wal`);
    rmSync(`${fixture.file}-shm`);
    renameSync(fixture.file, path.join(fixture.folder, 'aside.sqlite'));
    await fixture.fill(entry('other', 'theirs'));
    cache.write([entry('mine', 'ours')]);
    fixture.settle();
    assert.deepEqual([...(await cache.read(['other', 'mine'])).keys()], ['other', 'mine']);
    assert.equal(cache.figures.trouble, undefined);
    assert.equal(integrity(fixture.file), 'ok');
  });

  it('a folder that cannot be made', async () => {
    writeFileSync(path.join(fixture.root, 'file'), '');
    const cache = fixture.cache(1_000_000, path.join(fixture.root, 'file', 'cache'));
    await use(cache);
    assert.match(cache.figures.trouble ?? '', /^Answers are kept in memory only: .* cannot be used \(ENOTDIR/u);
    assert.equal(fixture.said.length, 1);
  });

  it('tries again after five minutes', async () => {
    writeFileSync(path.join(fixture.root, 'file'), '');
    mkdirSync(path.join(fixture.root, 'other'));
    const folder = path.join(fixture.root, 'later', 'cache');
    writeFileSync(path.join(fixture.root, 'later'), '');
    const cache = fixture.cache(1_000_000, folder);
    await use(cache);
    assert.notEqual(cache.figures.trouble, undefined);
    rmSync(path.join(fixture.root, 'later'));
    fixture.now += 5 * 60_000 - 1;
    await use(cache);
    assert.notEqual(cache.figures.trouble, undefined);
    fixture.now += 1;
    await use(cache);
    assert.equal(cache.figures.trouble, undefined);
  });

  it('a Node without SQLite', async () => {
    const original = process.getBuiltinModule.bind(process);
    const without = (name: string): object | undefined => (name === 'node:sqlite' ? undefined : original(name));
    Object.assign(process, { getBuiltinModule: without });
    try {
      const cache = fixture.cache();
      await use(cache);
      assert.match(cache.figures.trouble ?? '', /needs Node 22\.13 or newer; this is Node \d/u);
      assert.equal(fixture.said.length, 1);
    } finally {
      Object.assign(process, { getBuiltinModule: original });
    }
  });

  it('takes the older kind of journal where memory cannot be shared', async () => {
    await fill();
    const url = pathToFileURL(path.join(fixture.folder, 'other.sqlite'));
    url.searchParams.set('vfs', 'unix-dotfile');
    const database = new DatabaseSync(url);
    assert.equal(chooseJournal(database), 'truncate');
    assert.equal(database.prepare('PRAGMA journal_mode').get()?.['journal_mode'], 'truncate');
    database.close();
    const wal = new DatabaseSync(path.join(fixture.folder, 'other2.sqlite'));
    assert.equal(chooseJournal(wal), 'wal');
    wal.close();
  });

  describe('of the disk', () => {
    const script = path.join(import.meta.dirname, 'useCache.ts');
    const nobody: { readonly uid?: number; readonly gid?: number } =
      process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

    /** Uses the cache in a process without the rights of root. */
    function useElsewhere(args: readonly string[], shell?: string): Used {
      handOver();
      const command = [process.execPath, script, fixture.folder, ...args];
      const { stdout, stderr, status } = spawnSync(
        shell === undefined ? process.execPath : '/bin/sh',
        shell === undefined ? command.slice(1) : ['-c', shell, 'sh', ...command],
        { encoding: 'utf8', ...nobody },
      );
      assert.equal(status, 0, stderr);
      return JSON.parse(stdout) as Used;
    }

    /** What belongs to somebody else is not even read. */
    function handOver(): void {
      if (nobody.uid !== undefined && nobody.gid !== undefined) {
        const { uid, gid } = nobody;
        [fixture.folder, ...readdirSync(fixture.folder).map((name) => path.join(fixture.folder, name))].forEach(
          (each) => chownSync(each, uid, gid),
        );
      }
    }

    function takeBack(): void {
      if (nobody.uid !== undefined) {
        [fixture.folder, fixture.file].forEach((each) => chownSync(each, 0, 0));
      }
    }

    beforeEach(function () {
      if (process.platform === 'win32') this.skip();
      chmodSync(fixture.root, 0o755);
    });

    it('a file that is read-only: read, not written', async () => {
      await fill();
      const reader = fixture.cache();
      await reader.read(['k1']); // keeps the log's files there
      chmodSync(fixture.folder, 0o755);
      for (const name of readdirSync(fixture.folder)) chmodSync(path.join(fixture.folder, name), 0o400);
      const { found, trouble, said } = useElsewhere(['k1', 'new']);
      assert.deepEqual(found, { k1: valueOf('k1') });
      assert.match(trouble ?? '', /is read-only/u);
      assert.equal(said.length, 1);
    });

    it('a folder that is read-only', async () => {
      await fill();
      chmodSync(fixture.folder, 0o555);
      chmodSync(fixture.file, 0o400);
      const { trouble, said } = useElsewhere(['k1', 'new']);
      assert.match(trouble ?? '', /in memory only/u);
      assert.equal(said.length, 1);
    });

    it('a disk that is full', async () => {
      await fill();
      // No file may grow beyond 16 KiB: writing fails in the midst of it, as on a full disk.
      const { trouble, said } = useElsewhere(
        ['k1', 'new', 'x'.repeat(60_000)],
        `trap '' XFSZ; ulimit -f 32; exec "$@"`,
      );
      assert.match(trouble ?? '', /in memory only/u);
      assert.equal(said.length, 1);
      assert.equal(integrity(fixture.file), 'ok');
      takeBack();
      const after = await fixture.cache().read(keys);
      assert.equal(after.size, keys.length, 'what was there is there still');
    });
  });
});
