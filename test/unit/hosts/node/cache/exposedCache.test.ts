import assert from 'node:assert/strict';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { PendingQueue } from '../../../../../server/src/hosts/node/cache/pendingQueue.ts';
import { createDiskCache } from '../../../../../server/src/hosts/node/cache/diskCache.ts';
import type { CacheTier } from '../../../../../server/src/engine/store/cacheTier.ts';
import { noon } from '../../../../support/builders.ts';
import { DiskFixture, entry } from './diskFixture.ts';

const someoneElse = 65534;

describe('a cache that others could have written', function () {
  let fixture: DiskFixture;
  before(function () {
    if (process.platform === 'win32') {
      console.log('      skipped: there are no such rights on Windows');
      this.skip();
    }
  });
  beforeEach(() => (fixture = new DiskFixture()));
  afterEach(() => fixture.dispose());

  /** As `fixture.cache`, with a key. */
  function keyed(secret: string | undefined, folder = fixture.folder): CacheTier {
    const say = (message: string): void => void fixture.said.push(message);
    return createDiskCache({
      folder,
      maxBytes: 1_000_000,
      secret,
      clock: { now: () => fixture.now },
      log: { error: say, warn: say, info: say, debug: () => {} },
    });
  }

  /** Nothing is read or written, and one line says why. */
  async function isNotUsed(why: RegExp, folder = fixture.folder): Promise<void> {
    const before = existsSync(fixture.file) ? readFileSync(fixture.file) : undefined;
    const cache = fixture.cache(1_000_000, folder);
    assert.equal((await cache.read(['a'])).size, 0);
    cache.write([entry('new')]);
    fixture.settle();
    assert.equal((await cache.read(['new'])).size, 0);
    assert.match(cache.figures.trouble ?? '', why);
    await cache.close();
    assert.equal(fixture.said.length, 1, fixture.said.join('\n'));
    assert.match(fixture.said[0] ?? '', /is not used/u);
    assert.deepEqual(existsSync(fixture.file) ? readFileSync(fixture.file) : undefined, before);
  }

  for (const mode of [0o777, 0o1777, 0o775, 0o722]) {
    it(`a folder with mode ${mode.toString(8)}`, async () => {
      await fixture.fill(entry('a'));
      chmodSync(fixture.folder, mode);
      await isNotUsed(/other users can write to ".*" \(mode \d+\).*chmod 700.*PINWATCH_CACHE_KEY/u);
    });
  }

  it('a folder above it that all can write to, so that they can put another one there', async () => {
    await fixture.fill(entry('a'));
    chmodSync(fixture.root, 0o777);
    await isNotUsed(/other users can write to ".*pinwatch-cache-\w+" \(mode 0777\)/u);
  });

  it('not a folder above it that has the sticky bit, as /tmp has', async () => {
    await fixture.fill(entry('a'));
    chmodSync(fixture.root, 0o1777);
    assert.equal((await fixture.cache().read(['a'])).size, 1);
    assert.deepEqual(fixture.said, []);
  });

  it('a folder of another user, or below one', async function () {
    if (process.getuid?.() !== 0) {
      console.log('      skipped: only root can give a folder away');
      return this.skip();
    }
    await fixture.fill(entry('a'));
    chownSync(fixture.folder, someoneElse, someoneElse);
    await isNotUsed(/belongs to another user \(uid 65534\)/u);
    fixture.said.length = 0;
    chownSync(fixture.folder, 0, 0);
    chownSync(fixture.root, someoneElse, someoneElse);
    await isNotUsed(/belongs to another user \(uid 65534\)/u);
  });

  it('a link to such a folder', async () => {
    await fixture.fill(entry('a'));
    chmodSync(fixture.folder, 0o777);
    const link = path.join(fixture.root, 'link');
    symlinkSync(fixture.folder, link);
    await isNotUsed(/other users can write/u, link);
  });

  it('follows a link to a folder of our own', async () => {
    await fixture.fill(entry('a'));
    const link = path.join(fixture.root, 'link');
    symlinkSync(fixture.folder, link);
    assert.equal((await fixture.cache(1_000_000, link).read(['a'])).size, 1);
    assert.deepEqual(fixture.said, []);
  });

  for (const part of ['cache.sqlite', 'cache.sqlite-wal', 'cache.sqlite-shm', 'cache.sqlite-journal']) {
    it(`a link in place of ${part}`, () => {
      mkdirSync(fixture.folder, { mode: 0o700 });
      const elsewhere = path.join(fixture.root, 'elsewhere');
      symlinkSync(elsewhere, path.join(fixture.folder, part));
      const cache = fixture.cache();
      cache.write([entry('a')]);
      fixture.settle();
      assert.match(cache.figures.trouble ?? '', /is not a regular file/u);
      assert.ok(!existsSync(elsewhere), 'nothing is made behind it');
    });

    it(`${part} that others could write: it goes, and a new one is made`, async () => {
      await fixture.fill(entry('a'));
      const file = path.join(fixture.folder, part);
      if (!existsSync(file)) {
        writeFileSync(file, '');
      }
      chmodSync(file, 0o666);
      const cache = fixture.cache();
      assert.equal((await cache.read(['a'])).size, 0);
      cache.write([entry('b')]);
      fixture.settle();
      assert.deepEqual([...(await cache.read(['a', 'b'])).keys()], ['b']);
      assert.equal(cache.figures.trouble, undefined);
      assert.equal(fixture.said.length, 1);
      assert.match(fixture.said[0] ?? '', /is not used: other users can write to .* It was removed and is rebuilt/u);
    });
  }

  it('a file that others can read, as one has that came with a checkout: it goes, and a new one is made', async () => {
    await fixture.fill(entry('a'));
    chmodSync(fixture.folder, 0o755);
    chmodSync(fixture.file, 0o644);
    const cache = fixture.cache();
    assert.equal((await cache.read(['a'])).size, 0);
    cache.write([entry('b')]);
    fixture.settle();
    assert.deepEqual([...(await cache.read(['a', 'b'])).keys()], ['b']);
    assert.match(fixture.said[0] ?? '', /so it was not made by Pinwatch\. It was removed and is rebuilt/u);
  });

  it('makes folders and files for this user alone, whatever the umask is', () => {
    const before = process.umask(0);
    try {
      const folder = path.join(fixture.root, 'some', 'where');
      const cache = fixture.cache(1_000_000, folder);
      cache.write([entry('a')]);
      fixture.settle();
      const modes = ['..', '.', 'cache.sqlite', 'cache.sqlite-wal', 'cache.sqlite-shm'].map((name) =>
        (statSync(path.join(folder, name)).mode & 0o777).toString(8),
      );
      assert.deepEqual(modes, ['700', '700', '600', '600', '600']);
    } finally {
      process.umask(before);
    }
  });

  it('a view, or a trigger, in place of our tables is no cache of ours', async () => {
    await fixture.fill(entry('a'));
    fixture.sql((database) =>
      database.exec(`
        ALTER TABLE entries RENAME TO others;
        CREATE VIEW entries AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
          SELECT 'a' AS key, x AS checked_at, x AS expires_at, x AS used_at, '' AS checksum, '' AS json FROM n`),
    );
    const cache = fixture.cache();
    assert.equal((await cache.read(['a'])).size, 0);
    assert.match(fixture.said[0] ?? '', /was damaged. It was renamed/u);
  });

  describe('with PINWATCH_CACHE_KEY', () => {
    const secret = 'a secret of the team';

    async function fillWith(key: string | undefined): Promise<void> {
      const cache = keyed(key);
      cache.write([entry('a', 'kept')]);
      await cache.close();
    }

    it('a folder of anybody is used, and so is what was kept with the key', async () => {
      await fillWith(secret);
      chmodSync(fixture.folder, 0o777);
      const cache = keyed(secret);
      assert.equal((await cache.read(['a'])).get('a')?.json, 'kept');
      const { rejected, trouble } = cache.figures;
      assert.deepEqual({ rejected, trouble }, { rejected: 0, trouble: undefined });
      await cache.close();
      assert.ok(!readFileSync(fixture.file).includes(secret));
    });

    for (const [how, kept, read] of [
      ['without a key, read with one', undefined, secret],
      ['with another key', 'another secret', secret],
      ['with a key, read without one', secret, undefined],
    ] as const) {
      it(`nothing is believed that was kept ${how}`, async () => {
        await fillWith(kept);
        const cache = keyed(read);
        assert.equal((await cache.read(['a'])).size, 0);
        const { rejected, hits, misses, trouble } = cache.figures;
        assert.deepEqual({ rejected, hits, misses, trouble }, { rejected: 1, hits: 0, misses: 1, trouble: undefined });
        assert.equal(fixture.said.length, 1);
        assert.match(fixture.said[0] ?? '', /PINWATCH_CACHE_KEY.*not used/u);
        cache.write([entry('a', 'anew')]);
        await cache.close();
        const again = keyed(read);
        assert.equal((await again.read(['a'])).get('a')?.json, 'anew');
        await again.close();
      });
    }

    it('a row of the key under another key, with other times or another text', async () => {
      const cache = keyed(secret);
      cache.write(['a', 'b', 'c', 'd'].map((key) => entry(key)));
      await cache.close();
      fixture.sql((database) =>
        database.exec(`
          DELETE FROM entries WHERE key = 'a'; UPDATE entries SET key = 'a' WHERE key = 'b';
          UPDATE entries SET expires_at = expires_at + 1000 WHERE key = 'c';
          UPDATE entries SET json = '{"matches":[]}' WHERE key = 'd'`),
      );
      const again = keyed(secret);
      assert.equal((await again.read(['a', 'c', 'd'])).size, 0);
      assert.equal(again.figures.rejected, 3);
      await again.close();
    });

    it('a row that is larger than the whole cache may be is not taken into memory', async () => {
      await fillWith(secret);
      fixture.sql((database) => database.exec("UPDATE entries SET json = printf('%.*c', 2000000, 'x')"));
      const cache = keyed(secret);
      assert.equal((await cache.read(['a'])).size, 0);
      assert.equal(cache.figures.rejected, 0, 'it was not even looked at');
      await cache.close();
    });

    it('a forged row from the future does not stand in the way of a true one', async () => {
      await fillWith(undefined);
      fixture.sql((database) => database.exec(`UPDATE entries SET checked_at = ${noon + 1}, used_at = ${noon + 2}`));
      fixture.now = noon + 10;
      const cache = keyed(secret);
      await cache.read(['a']);
      cache.write([entry('a', 'true')]);
      await cache.close();
      const again = keyed(secret);
      assert.equal((await again.read(['a'])).get('a')?.json, 'true');
      await again.close();
    });

    it('the queue of look-ups works in such a folder, and not without the key', async () => {
      mkdirSync(fixture.folder);
      chmodSync(fixture.folder, 0o777);
      const clock = { now: () => noon };
      const say = (message: string): void => void fixture.said.push(message);
      const log = { error: say, warn: say, info: say, debug: say };
      const without = new PendingQueue({ folder: fixture.folder, clock, log });
      assert.equal(await without.add([{ name: 'django' }]), 0);
      assert.match(without.trouble ?? '', /is not used: other users can write/u);
      await without.close();
      const withKey = new PendingQueue({ folder: fixture.folder, clock, log, anyFolder: true });
      assert.equal(await withKey.add([{ name: 'django' }]), 1);
      await withKey.close();
    });
  });
});
