import assert from 'node:assert/strict';
import net from 'node:net';
import tls from 'node:tls';
import { Redis } from 'ioredis';
import { createRedisCache, type RedisTier } from '../../../../../../server/src/hosts/node/cache/redis/redisCache.ts';
import { parseRedisUrl } from '../../../../../../server/src/hosts/node/cache/redis/redisAddress.ts';
import { encodeRedisValue } from '../../../../../../server/src/hosts/node/cache/redis/redisValue.ts';
import { createRowSeal } from '../../../../../../server/src/hosts/node/cache/rowSeal.ts';
import { createServerIdentity } from '../../../../../osv-service/certificate.ts';
import { noon } from '../../../../../support/builders.ts';
import { entry, hourMs, valueOf } from '../diskFixture.ts';
import { findRedisServer, freePort, RedisServer, Relay, until } from './redisFixture.ts';

const keys = Array.from({ length: 250 }, (_, index) => `k${index}`);
// A read settles soon after that; what is over it is the machine's, which others use too. The servers below are slower.
const quickLimits = { silentMs: 50, wholeMs: 5_000 };
const calmLimits = { silentMs: 5_000, wholeMs: 10_000 };
const patienceMs = 1_000;
const slowMs = 1_500;
const teamKey = 'a secret of the team';

describe('Redis cache', () => {
  let now = noon;
  let said: string[] = [];
  let readLimits = calmLimits;
  const open: RedisTier[] = [];
  const relays: Relay[] = [];

  beforeEach(() => {
    now = noon;
    said = [];
    readLimits = calmLimits;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((cache) => cache.close()));
    relays.splice(0).forEach((relay) => relay.dispose());
  });

  async function relayTo(port: number): Promise<Relay> {
    const relay = await Relay.start(port);
    relays.push(relay);
    return relay;
  }

  function cacheAt(url: string, ca?: string, secret: string | undefined = teamKey): RedisTier {
    const say =
      (level: string) =>
      (message: string): void =>
        void said.push(`${level}: ${message}`);
    const cache = createRedisCache({
      url,
      secret,
      clock: { now: () => now },
      log: { error: say('error'), warn: say('warn'), info: say('info'), debug: say('debug') },
      readLimits,
      ...(ca === undefined ? {} : { tls: { ca } }),
    });
    open.push(cache);
    return cache;
  }

  /** Reads and says how long that took. */
  async function timed(cache: RedisTier, wanted = keys): Promise<{ readonly size: number; readonly ms: number }> {
    const start = performance.now();
    const { size } = await cache.read(wanted);
    return { size, ms: performance.now() - start };
  }

  describe('without a server', () => {
    beforeEach(() => {
      readLimits = quickLimits;
    });

    for (const url of ['', 'http://host:6379', 'redis://user:secret@host/what', 'redis://u:secret%@host', 'secret']) {
      it(`an address that cannot be used: ${JSON.stringify(url)}`, async () => {
        const cache = cacheAt(url);
        cache.write([entry('a')]);
        assert.equal((await cache.read(['a'])).size, 0);
        assert.equal(await cache.clear(), 0);
        assert.match(cache.figures.trouble ?? '', /its address is not of the form/u);
        assert.equal(said.length, 1);
        assert.ok(!said.join().includes('secret'));
      });
    }

    it('without a key nobody is even connected to, and a line says how to set one', async () => {
      const connected: net.Socket[] = [];
      const other = net.createServer((socket) => connected.push(socket)).listen(0, '127.0.0.1');
      await until(() => other.listening);
      const { port } = other.address() as net.AddressInfo;
      const say = (message: string): void => void said.push(message);
      const cache = createRedisCache({
        url: `redis://user:password@127.0.0.1:${port}`,
        secret: undefined,
        clock: { now: () => now },
        log: { error: say, warn: say, info: say, debug: say },
      });
      cache.write([entry('a')]);
      assert.equal((await cache.read(['a'])).size, 0);
      assert.equal(await cache.clear(), 0);
      await cache.close();
      assert.deepEqual([connected.length, said.length], [0, 1]);
      assert.equal(cache.figures.trouble, said[0]);
      assert.match(said[0] ?? '', /^Redis at 127\.0\.0\.1:\d+ is not used: .* Set PINWATCH_CACHE_KEY to a secret/u);
      other.close();
    });

    it('takes addresses apart', () => {
      assert.deepEqual(parseRedisUrl('rediss://me:p%40ss@[::1]:7000/3'), {
        hosts: [{ host: '::1', port: 7000 }],
        database: 3,
        username: 'me',
        password: 'p@ss',
        usesTls: true,
        shown: '[::1]:7000',
      });
      assert.deepEqual(parseRedisUrl('redis://cache.example'), {
        hosts: [{ host: 'cache.example', port: 6379 }],
        database: 0,
        usesTls: false,
        shown: 'cache.example:6379',
      });
    });

    it('takes several servers of a cluster', () => {
      const address = parseRedisUrl('redis://:p@a:7000,b,[::1]:7002/0');
      assert.deepEqual(address?.hosts, [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
        { host: '::1', port: 7002 },
      ]);
      assert.deepEqual([address.password, address.shown], ['p', 'a:7000,b:6379,[::1]:7002']);
      for (const url of ['redis://a,', 'redis://a,,b', 'redis://a:1,b:99999', 'redis://a,u@b', 'redis://a/b,c']) {
        assert.equal(parseRedisUrl(url)?.hosts.length === 2 ? url : undefined, undefined, url);
      }
    });

    it('a server that is down costs nothing and is told once, without who we are there', async () => {
      const port = await freePort();
      const cache = cacheAt(`redis://someone:secret@127.0.0.1:${port}`);
      for (let round = 0; round < 20; round++) {
        cache.write([entry(`w${round}`)]);
        const { size, ms } = await timed(cache);
        assert.equal(size, 0);
        assert.ok(ms < patienceMs, `${ms} ms`);
      }
      await until(() => cache.figures.trouble !== undefined);
      assert.deepEqual(said, [`warn: Redis at 127.0.0.1:${port} cannot be used (ECONNREFUSED).`]);
      assert.equal(cache.figures.trouble, `Redis at 127.0.0.1:${port} cannot be used (ECONNREFUSED).`);
      assert.equal(cache.figures.misses, 20 * keys.length);
      assert.equal((await cache.read(['w3'])).size, 1, 'what is queued is known');
    });

    it('a server that takes connections and never says a word', async () => {
      const sockets: net.Socket[] = [];
      const server = net.createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
      await until(() => server.listening);
      const { port } = server.address() as net.AddressInfo;
      const cache = cacheAt(`redis://127.0.0.1:${port}`);
      cache.write([entry('a')]);
      for (let round = 0; round < 10; round++) {
        const { size, ms } = await timed(cache);
        assert.equal(size, 0);
        assert.ok(ms < patienceMs, `${ms} ms`);
      }
      await until(() => cache.figures.trouble !== undefined);
      assert.deepEqual(said, [`warn: Redis at 127.0.0.1:${port} cannot be used (it does not answer).`]);
      await until(() => sockets.length > 1); // it tries again
      const start = performance.now();
      await cache.close();
      assert.ok(performance.now() - start < 3_500);
      sockets.forEach((socket) => socket.destroy());
      server.close();
    });

    it('values without an end', async () => {
      const chunk = Buffer.alloc(1024 * 1024, 'x');
      let connections = 0;
      let most = 0;
      const server = net.createServer((socket) => {
        connections++;
        let sent = 0;
        const flood = (error?: Error | null): void => {
          if (!error && !socket.destroyed && sent < 400 * 1024 * 1024) {
            sent += chunk.length;
            most = Math.max(most, sent);
            socket.write(chunk, flood);
          }
        };
        socket.on('error', () => {});
        socket.on('data', (data) => {
          const asked = data.toString();
          [...asked.matchAll(/^hello\r$/gimu)].forEach(() => socket.write('%1\r\n+proto\r\n:3\r\n'));
          [...asked.matchAll(/^cluster\r$/gimu)].forEach(() => socket.write('-ERR no cluster\r\n'));
          if (/^get\r$/imu.test(asked)) {
            socket.write('$500000000\r\n');
            flood();
          }
        });
      });
      server.listen(0, '127.0.0.1');
      await until(() => server.listening);
      const { port } = server.address() as net.AddressInfo;
      const cache = cacheAt(`redis://127.0.0.1:${port}`);
      await until(async () => (await cache.read(['a'])).size === 0 && cache.figures.rejected > 0 && connections > 1);
      assert.ok(most < 300 * 1024 * 1024, `${most} bytes`);
      assert.equal(cache.figures.hits, 0);
      assert.ok(cache.figures.misses > 0);
      assert.match(said.join(), /answers with more than 128 MB at once; that is not read/u);
      await cache.close();
      server.close();
    });

    it('a server that speaks something else', async () => {
      const server = net.createServer((socket) =>
        socket.on('error', () => {}).write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      );
      server.listen(0, '127.0.0.1');
      await until(() => server.listening);
      const cache = cacheAt(`redis://127.0.0.1:${(server.address() as net.AddressInfo).port}`);
      await until(() => cache.figures.trouble !== undefined);
      const { size, ms } = await timed(cache);
      assert.equal(size, 0);
      assert.ok(ms < patienceMs, `${ms} ms`);
      assert.equal(said.length, 1);
      await cache.close();
      server.close();
    });
  });

  describe('with a server', () => {
    let server: RedisServer;
    let raw: Redis;
    let url: string;

    before(async function () {
      const program = findRedisServer();
      if (program === undefined) {
        console.log('      skipped: there is no redis-server on this machine');
        this.skip();
      }
      server = await RedisServer.start(program);
      url = `redis://127.0.0.1:${server.port}`;
      raw = new Redis(server.port, '127.0.0.1');
      raw.on('error', () => {});
    });
    beforeEach(async () => void (await raw.flushall()));
    after(async () => {
      raw?.disconnect();
      await server?.dispose();
    });

    /** Writes by a cache of its own, which is closed then. */
    async function fill(...names: readonly string[]): Promise<void> {
      const cache = cacheAt(url);
      await cache.read(['anything']); // connects
      cache.write(names.map((key) => entry(key, valueOf(key))));
      await cache.close();
    }

    it('gives what another cache wrote', async () => {
      await fill(...keys);
      const cache = cacheAt(url);
      await until(async () => (await cache.read(['k0'])).size === 1);
      const found = await cache.read([...keys, 'missing']);
      assert.deepEqual([...found.keys()].sort(), [...keys].sort());
      assert.deepEqual(found.get('k17'), { json: valueOf('k17'), checkedAt: noon });
      assert.equal(cache.figures.trouble, undefined);
      assert.deepEqual(said, []);
    });

    it('writes by itself, without being closed', async () => {
      const cache = cacheAt(url);
      cache.write([entry('a', 1)]);
      await until(async () => (await raw.dbsize()) === 1);
    });

    it('keeps each for as long as it is worth it', async () => {
      const cache = cacheAt(url);
      now = noon + hourMs / 2;
      cache.write([entry('a', 1), entry('old', 1, noon, 1_000)]);
      await until(async () => (await raw.dbsize()) > 0);
      const leftMs = await raw.pttl('pinwatch:1:a');
      assert.ok(leftMs > hourMs / 2 - 60_000 && leftMs <= hourMs / 2, `${leftMs} ms`);
      assert.equal(await raw.exists('pinwatch:1:old'), 0);
      assert.equal((await cache.read(['a'])).size, 1);
      now = noon + hourMs;
      assert.equal((await cache.read(['a'])).size, 0, 'too old by our clock');
    });

    it('does not use what it did not write so, and counts it', async () => {
      await fill('a', 'b', 'c', 'd', 'e', 'f', 'g');
      const good = (await raw.get('pinwatch:1:a')) ?? '';
      await raw.set('pinwatch:1:a', good.replace('/a', '/b'));
      await raw.set('pinwatch:1:b', good); // another key's value
      await raw.set('pinwatch:1:c', good.slice(0, -1));
      await raw.set('pinwatch:1:d', ((await raw.get('pinwatch:1:d')) ?? '').replace('pinwatch/1', 'pinwatch/2'));
      await raw.set('pinwatch:1:e', '{"json":[],"checkedAt":1}');
      await raw.del('pinwatch:1:f');
      await raw.lpush('pinwatch:1:f', 'a list');
      const cache = cacheAt(url);
      await until(async () => (await cache.read(['g'])).size === 1);
      assert.equal((await cache.read(['a', 'b', 'c', 'd', 'e', 'f'])).size, 0);
      assert.equal(cache.figures.rejected, 6);
      assert.equal(cache.figures.trouble, undefined);
      assert.equal(said.length, 1);
      cache.write([entry('a', 'anew')]);
      await cache.close();
      const again = cacheAt(url);
      await until(async () => (await again.read(['a'])).get('a')?.json === 'anew');
    });

    it('does not believe what was kept with another key, or by somebody who has none', async () => {
      const theirs = cacheAt(url, undefined, 'another secret');
      await theirs.read(['anything']);
      theirs.write([entry('a', { matches: [] })]);
      await theirs.close();
      const text = JSON.stringify({ matches: [] });
      const forged = { key: 'b', checkedAt: noon, expiresAt: noon + hourMs, text };
      await raw.set('pinwatch:1:b', encodeRedisValue({ ...forged, seal: createRowSeal(undefined).of(forged) }));
      await fill('c');
      const cache = cacheAt(url);
      await until(async () => (await cache.read(['c'])).size === 1);
      assert.equal((await cache.read(['a', 'b'])).size, 0);
      assert.equal(cache.figures.rejected, 2);
      assert.match(said.join(), /were not kept with this PINWATCH_CACHE_KEY/u);
      assert.ok(!(await raw.get('pinwatch:1:c'))?.includes(teamKey));
    });

    it('clears what is ours and nothing else', async () => {
      await fill(...keys);
      await raw.set('theirs', 1);
      const cache = cacheAt(url);
      await until(async () => (await cache.read(['k0'])).size === 1);
      assert.equal(await cache.clear(), keys.length);
      assert.deepEqual(await raw.keys('*'), ['theirs']);
    });

    it('a slow server is left out after one read, and asked again later', async () => {
      await fill(...keys);
      readLimits = quickLimits;
      const relay = await relayTo(server.port);
      const cache = cacheAt(`redis://127.0.0.1:${relay.port}`);
      await until(async () => {
        now += 1_000;
        return (await cache.read(['k0'])).size === 1;
      });
      relay.delayMs = slowMs;
      const { size, ms } = await timed(cache);
      assert.equal(size, 0);
      assert.ok(ms >= 45 && ms < patienceMs, `${ms} ms`);
      assert.match(cache.figures.trouble ?? '', /does not answer within 0\.05 s; it is left out for a while/u);
      // What asks waits for the time limit at least; the relay may still be counting pieces of the question before.
      const asks = new Promise<string>((resolve) => setImmediate(() => resolve('asks')));
      assert.equal(await Promise.race([cache.read(keys).then(() => 'knows'), asks]), 'knows', 'nobody asks now');
      relay.delayMs = 0;
      await until(async () => {
        now += 1_000; // a busy machine may be late once more, and the pause then longer
        return (await cache.read(keys)).size === keys.length;
      });
      assert.equal(cache.figures.trouble, undefined);
      assert.deepEqual(
        said.map((line) => line.split(':')[0]),
        ['warn', 'info'],
      );
      await cache.close();
    });

    it('a server that hangs is connected to again', async () => {
      await fill('k0');
      readLimits = quickLimits;
      const relay = await relayTo(server.port);
      const cache = cacheAt(`redis://127.0.0.1:${relay.port}`);
      await until(async () => {
        now += 1_000;
        return (await cache.read(['k0'])).size === 1;
      });
      const before = relay.connections;
      relay.delayMs = Infinity;
      const { size, ms } = await timed(cache);
      assert.equal(size, 0);
      assert.ok(ms < patienceMs, `${ms} ms`);
      await until(() => cache.figures.trouble !== undefined);
      relay.delayMs = 0;
      await until(async () => {
        now += 1_000;
        return (await cache.read(['k0'])).size === 1;
      });
      assert.ok(relay.connections > before);
      await cache.close();
    });

    it('goes on after a restart, with what was queued meanwhile', async () => {
      const cache = cacheAt(url);
      cache.write([entry('before')]);
      await until(async () => (await raw.dbsize()) === 1);
      await server.stop();
      await until(() => cache.figures.trouble !== undefined);
      cache.write([entry('meanwhile', 2)]);
      assert.ok((await timed(cache)).ms < patienceMs);
      await server.start();
      await until(async () => (await raw.get('pinwatch:1:meanwhile').catch(() => null)) !== null);
      await until(async () => (await cache.read(['meanwhile'])).size === 1);
      assert.equal((await cache.read(['before'])).size, 0);
      assert.equal(cache.figures.trouble, undefined);
      assert.equal(said.filter((line) => line.startsWith('warn')).length, 1);
      assert.equal(said.filter((line) => line.startsWith('info')).length, 1);
    });

    it('says that it may not write, and still reads', async () => {
      await fill('k0');
      await raw.config('SET', 'maxmemory', '1');
      try {
        const cache = cacheAt(url);
        await until(async () => (await cache.read(['k0'])).size === 1);
        cache.write([entry('a')]);
        await until(() => cache.figures.trouble !== undefined);
        assert.match(cache.figures.trouble ?? '', /refuses what it is asked \(OOM\)/u);
        assert.equal((await cache.read(['k0'])).size, 1);
        assert.notEqual(cache.figures.trouble, undefined);
        await raw.config('SET', 'maxmemory', '0');
        cache.write([entry('b')]);
        await until(() => cache.figures.trouble === undefined);
      } finally {
        await raw.config('SET', 'maxmemory', '0');
      }
    });

    it('says that the password is wrong without saying the password', async () => {
      await raw.config('SET', 'requirepass', 'right');
      try {
        const cache = cacheAt(`redis://:wrong-secret@127.0.0.1:${server.port}`);
        await until(() => cache.figures.trouble !== undefined);
        assert.match(cache.figures.trouble ?? '', /cannot be used \(WRONGPASS\)/u);
        assert.ok(!said.join().includes('secret'));
        const allowed = cacheAt(`redis://:right@127.0.0.1:${server.port}/2`);
        allowed.write([entry('a')]);
        await until(async () => (await raw.info('keyspace')).includes('db2:'));
      } finally {
        await raw.config('SET', 'requirepass', '');
      }
    });

    it('speaks TLS, and only with whom it trusts', async () => {
      const identity = createServerIdentity();
      const front = tls.createServer({ cert: identity.cert, key: identity.key }, (socket) => {
        const upstream = net.connect(server.port, '127.0.0.1');
        socket.on('error', () => upstream.destroy()).pipe(upstream);
        upstream.on('error', () => socket.destroy()).pipe(socket);
      });
      front.listen(0, '127.0.0.1');
      await until(() => front.listening);
      const { port } = front.address() as net.AddressInfo;
      const cache = cacheAt(`rediss://localhost:${port}`, identity.ca);
      cache.write([entry('a', 1)]);
      await until(async () => (await raw.dbsize()) === 1);
      const distrustful = cacheAt(`rediss://127.0.0.1:${port}`);
      await until(() => distrustful.figures.trouble !== undefined);
      assert.match(distrustful.figures.trouble ?? '', /cannot be used \(UNABLE_TO|cannot be used \(SELF_SIGNED/u);
      assert.equal((await distrustful.read(['a'])).size, 0);
      await Promise.all([cache.close(), distrustful.close()]);
      front.close();
    });

    it('writes thousands of entries before it closes', async () => {
      const cache = cacheAt(url);
      await until(async () => (await cache.read(['x'])).size === 0 && cache.figures.trouble === undefined);
      cache.write(Array.from({ length: 5_000 }, (_, index) => entry(`k${index}`, 'x'.repeat(300))));
      await cache.close();
      assert.equal(await raw.dbsize(), 5_000);
      cache.write([entry('late')]);
      assert.equal((await cache.read(['late'])).size, 0);
    });

    it('reads thousands of entries, whatever the distance', async () => {
      const many = Array.from({ length: 5_000 }, (_, index) => `k${index}`);
      await fill(...many);
      const relay = await relayTo(server.port);
      const cache = cacheAt(`redis://127.0.0.1:${relay.port}`);
      await until(async () => (await cache.read(['k0'])).size === 1);
      relay.delayMs = 1;
      assert.equal((await cache.read(many)).size, many.length);
      assert.equal(cache.figures.trouble, undefined);
    });

    it('holds a bounded number of entries while there is no server', async () => {
      await server.stop();
      const cache = cacheAt(url);
      await cache.read(['x']);
      cache.write(Array.from({ length: 2_500 }, (_, index) => entry(`k${index}`)));
      assert.deepEqual(
        [(await cache.read(['k499'])).size, (await cache.read(['k500'])).size, (await cache.read(['k2499'])).size],
        [0, 1, 1],
      );
      await cache.close();
      await server.start();
    });
  });
});
