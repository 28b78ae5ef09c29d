import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { CacheTier, StoredEntry } from '../../../../../server/src/engine/store/cacheTier.ts';
import { noon } from '../../../../support/builders.ts';
import { DiskFixture, entry, hourMs } from './diskFixture.ts';

describe('disk cache', () => {
  let fixture: DiskFixture;
  beforeEach(() => (fixture = new DiskFixture()));
  afterEach(() => fixture.dispose());

  it('gives what another cache wrote, with the time of the check', async () => {
    await fixture.fill(entry('a', { text: 'ä\u0000\ud800', list: [1, null] }), entry('b', 'second', noon - 5));
    const cache = fixture.cache();
    const found = await cache.read(['a', 'b', 'c']);
    assert.deepEqual(
      [...found],
      [
        ['a', { json: { text: 'ä\u0000\ud800', list: [1, null] }, checkedAt: noon }],
        ['b', { json: 'second', checkedAt: noon - 5 }],
      ],
    );
    const { entries, bytes, hits, misses, trouble } = cache.figures;
    assert.deepEqual({ entries, hits, misses, trouble }, { entries: 2, hits: 2, misses: 1, trouble: undefined });
    assert.ok(bytes > 0);
    assert.deepEqual(fixture.said, []);
  });

  it('does nothing before it is used, and writes only when the timer fires', () => {
    const cache = fixture.cache();
    assert.ok(!existsSync(fixture.folder));
    cache.write([entry('a')]);
    assert.ok(!existsSync(fixture.folder));
    assert.deepEqual(fixture.timers.delaysMs, [100]);
    fixture.settle();
    assert.equal(cache.figures.entries, 1);
  });

  it('gives what is still queued', async () => {
    const cache = fixture.cache();
    cache.write([entry('a', 1)]);
    assert.equal((await cache.read(['a'])).get('a')?.json, 1);
    assert.equal(cache.figures.hits, 1);
  });

  it('keeps the later of two answers, whichever comes last', async () => {
    const [one, other] = [fixture.cache(), fixture.cache()];
    one.write([entry('a', 'later', noon)]);
    await one.close();
    other.write([entry('a', 'earlier', noon - 1)]);
    await other.close();
    assert.equal((await fixture.cache().read(['a'])).get('a')?.json, 'later');
  });

  it('replaces what a clock ahead of ours has written', async () => {
    await fixture.fill(entry('a', 'from tomorrow', noon + 24 * hourMs));
    await fixture.fill(entry('a', 'now', noon));
    assert.equal((await fixture.cache().read(['a'])).get('a')?.json, 'now');
  });

  it('leaves out what is too old and removes it', async () => {
    await fixture.fill(entry('short', 1, noon, 1_000), entry('long', 2));
    const cache = fixture.cache();
    fixture.now = noon + 999;
    assert.deepEqual([...(await cache.read(['short'])).keys()], ['short']);
    fixture.now = noon + 1_000;
    assert.deepEqual([...(await cache.read(['short', 'long'])).keys()], ['long']);
    assert.equal(cache.figures.entries, 2);
    cache.write([entry('x')]);
    fixture.settle();
    assert.equal(cache.figures.entries, 2, 'long and x');
    assert.equal(cache.figures.expired, 1);
    assert.deepEqual(fixture.audited, [{ event: 'cache.expired', tier: 'disk', entries: 1 }]);
  });

  it('does not keep what cannot be kept', async () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const refused: readonly StoredEntry[] = [
      entry('cyclic', cyclic),
      entry('bigint', 1n),
      { ...entry('nothing'), json: undefined },
      entry('age', 1, noon, NaN),
      entry('time', 1, NaN),
      entry('old', 1, noon - hourMs),
      entry('huge', 'x'.repeat(200_000)),
    ];
    const cache = fixture.cache(1_000_000);
    cache.write([...refused, entry('ever', 1, noon, Infinity)]);
    fixture.settle();
    const found = await cache.read(['ever', ...refused.map(({ key }) => key)]);
    assert.deepEqual([...found.keys()], ['ever']);
    assert.equal(cache.figures.trouble, undefined);
  });

  it('drops nothing of a great burst, since who writes waits for the file', async () => {
    const cache = fixture.cache();
    cache.write(Array.from({ length: 25_000 }, (_, index) => entry(`k${index}`, index)));
    assert.deepEqual([...(await cache.read(['k0', 'k1', 'k24999'])).keys()], ['k0', 'k1', 'k24999']);
    await cache.close();
    assert.equal(fixture.cache().figures.entries, 25_000);
  });

  it('bounds the queue while the file cannot be written: the oldest are given up', async () => {
    await fixture.fill(entry('first'));
    const cache = fixture.cache();
    fixture.sql((database) => {
      database.exec('BEGIN IMMEDIATE');
      cache.write(Array.from({ length: 10_001 }, (_, index) => entry(`k${index}`, index)));
      database.exec('COMMIT');
    });
    assert.deepEqual([...(await cache.read(['k0', 'k1', 'k10000'])).keys()], ['k1', 'k10000']);
  });

  it('keeps below its size and lets go what was used longest ago', async () => {
    const maxBytes = 400_000;
    const cache = fixture.cache(maxBytes);
    const body = 'x'.repeat(4_000);
    for (let index = 0; index < 300; index++) {
      cache.write([entry(`k${index}`, body, fixture.now, 24_000 * hourMs)]);
      fixture.settle();
      fixture.now += 2 * hourMs;
      await cache.read(['k0']);
      assert.ok(cache.figures.bytes <= maxBytes, `${cache.figures.bytes} bytes after ${index}`);
    }
    fixture.settle();
    const kept = [...(await cache.read(Array.from({ length: 300 }, (_, index) => `k${index}`))).keys()];
    assert.ok(kept.includes('k0') && kept.includes('k299'));
    assert.ok(!kept.includes('k1'));
    assert.ok(kept.length > 50, `${kept.length} kept`);
    assert.equal(cache.figures.evicted, 300 - kept.length);
    const counts = (fixture.audited as readonly { readonly event: string; readonly entries: number }[]).map(
      ({ event, entries }) => (event === 'cache.evicted' ? entries : 0),
    );
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      300 - kept.length,
    );
    await cache.close();
    assert.ok(statSync(fixture.file).size <= maxBytes * 1.3);
  });

  it('gives room back when the cap was lowered, and when it is cleared', async () => {
    await fixture.fill(...Array.from({ length: 400 }, (_, index) => entry(`k${index}`, 'x'.repeat(4_000))));
    const before = statSync(fixture.file).size;
    const cache = fixture.cache(300_000);
    cache.write([entry('last')]);
    fixture.settle();
    assert.ok(cache.figures.bytes <= 300_000);
    await cache.close();
    const lowered = statSync(fixture.file).size;
    assert.ok(lowered < before / 3, `${before} → ${lowered}`);
    const again = fixture.cache();
    again.write([entry('unwritten'), entry('last', 'written already')]);
    const { entries } = again.figures;
    assert.equal(await again.clear(), entries + 1);
    assert.equal((await again.read(['last', 'unwritten'])).size, 0);
    await again.close();
    assert.ok(statSync(fixture.file).size < 50_000);
  });

  it('reads much without holding up the process', async () => {
    const keys = Array.from({ length: 3_000 }, (_, index) => `k${index}`);
    await fixture.fill(...keys.map((key) => entry(key, 'x'.repeat(3_500))));
    let turns = 0;
    let reading = true;
    const turn = (): void => {
      turns++;
      if (reading) setImmediate(turn);
    };
    setImmediate(turn);
    assert.equal((await fixture.cache().read(keys)).size, keys.length);
    reading = false;
    assert.ok(turns >= 2, `${turns} turns of the event loop`);
  });

  it('writes what is queued when it closes, and is silent after that', async () => {
    const cache = fixture.cache();
    cache.write(Array.from({ length: 2_000 }, (_, index) => entry(`k${index}`, 'x'.repeat(3_500))));
    await Promise.all([cache.close(), cache.close()]);
    assert.deepEqual(fixture.timers.delaysMs, []);
    assert.deepEqual(
      readdirSync(fixture.folder).filter(
        (name) => name.endsWith('-wal') && statSync(path.join(fixture.folder, name)).size > 0,
      ),
      [],
      'the log is in the file',
    );
    cache.write([entry('late')]);
    assert.equal((await cache.read(['k1'])).size, 0);
    assert.equal(await cache.clear(), 0);
    assert.deepEqual(cache.figures, {
      entries: 0,
      bytes: 0,
      hits: 0,
      misses: 1,
      rejected: 0,
      evicted: 0,
      expired: 0,
      trouble: undefined,
    });
    assert.equal(fixture.cache().figures.entries, 2_000);
  });

  it('is shared by two at once', async () => {
    const [one, other] = [fixture.cache(), fixture.cache()];
    one.write([entry('a', 1)]);
    other.write([entry('b', 2)]);
    fixture.settle();
    for (const cache of [one, other]) {
      assert.deepEqual(
        [...(await cache.read(['a', 'b'])).values()].map(({ json }) => json),
        [1, 2],
      );
    }
    assert.equal(
      fixture.sql((database) => database.prepare('PRAGMA journal_mode').get()?.['journal_mode']),
      'wal',
    );
  });

  it('waits without holding up anybody while another process writes', async () => {
    await fixture.fill(entry('a', 1));
    const cache: CacheTier = fixture.cache();
    const during = fixture.sql((database) => {
      database.exec('BEGIN IMMEDIATE');
      cache.write([entry('b', 2)]);
      fixture.timers.elapse(100);
      return fixture.timers.delaysMs;
    });
    assert.deepEqual(during, [50]);
    assert.equal(cache.figures.trouble, undefined);
    fixture.settle();
    assert.equal(cache.figures.entries, 2);
    assert.equal(fixture.said.length, 0);
  });

  it('says once that another process does not let go, and goes on', async () => {
    await fixture.fill(entry('a', 1));
    const cache = fixture.cache();
    const trouble = fixture.sql((database) => {
      database.exec('BEGIN IMMEDIATE');
      cache.write([entry('b', 2)]);
      for (let attempt = 0; attempt < 101; attempt++) fixture.timers.elapse(Infinity);
      return cache.figures.trouble;
    });
    assert.match(trouble ?? '', /keeps the cache ".*" locked/u);
    fixture.settle();
    assert.equal(cache.figures.trouble, undefined);
    assert.equal(cache.figures.entries, 2);
    assert.deepEqual(
      fixture.said.map((message) => message.replace(/".*"/u, 'FILE')),
      ['Another process keeps the cache FILE locked.', 'The cache FILE is written again.'],
    );
  });

  it('tells what was written since a moment, that moment included, by whomever; queued things too', async () => {
    await fixture.fill(entry('a'), entry('b', 'old', noon - 5));
    fixture.now += 10;
    const [one, other] = [fixture.cache(), fixture.cache()];
    const since = async (moment: number): Promise<unknown> => {
      const changes = await one.history?.writtenSince(moment);
      return changes && [...changes].sort();
    };
    assert.deepEqual(await since(noon), [
      ['a', noon],
      ['b', noon - 5],
    ]);
    assert.deepEqual(await since(noon + 10), []);
    other.write([entry('b', 'new', noon + 10)]);
    await other.close();
    one.write([entry('c', 1, noon + 1)]);
    assert.deepEqual(await since(noon + 10), [
      ['b', noon + 10],
      ['c', noon + 1],
    ]);
  });

  it('writes all that is queued when it is asked to, and says so', async () => {
    const cache = fixture.cache();
    cache.write(Array.from({ length: 2_000 }, (_, index) => entry(`${index}`)));
    assert.equal(await cache.history?.flush(), true);
    assert.equal(
      fixture.sql((database) => database.prepare('SELECT count(*) AS n FROM entries').get()?.['n']),
      2_000,
    );
  });

  it('bears a time that no number can hold', async () => {
    await fixture.fill(entry('a'));
    fixture.sql((database) => database.exec('UPDATE entries SET checked_at = 9223372036854775807'));
    const cache = fixture.cache();
    assert.deepEqual([...((await cache.history?.writtenSince(noon)) ?? [])], [['a', Number.MAX_SAFE_INTEGER]]);
    assert.equal(cache.figures.trouble, undefined);
  });

  it('is nobody else’s business', async () => {
    await fixture.fill(entry('a'));
    assert.equal(statSync(fixture.folder).mode & 0o077, 0);
    assert.ok(readFileSync(fixture.file).subarray(0, 15).toString() === 'SQLite format 3');
  });
});
