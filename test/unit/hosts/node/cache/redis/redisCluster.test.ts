import assert from 'node:assert/strict';
import {
  createRedisCache,
  type RedisCacheOptions,
  type RedisTier,
} from '../../../../../../server/src/hosts/node/cache/redis/redisCache.ts';
import { noon } from '../../../../../support/builders.ts';
import { entry, valueOf } from '../diskFixture.ts';
import { RedisCluster } from './redisCluster.ts';
import { findRedisServer, until } from './redisFixture.ts';

const keys = Array.from({ length: 900 }, (_, index) => `k${index}`);
const readLimits = { silentMs: 300, wholeMs: 5_000 };
const teamKey = 'a secret of the team';
// What docs/team-cache.md gives a user.
const rights = ['reset', 'on', '>p@ss', '~pinwatch:*', '+get', '+set', '+scan', '+unlink', '+cluster|slots'];

describe('Redis cache in a cluster of three', function () {
  this.timeout(120_000);
  let now = noon;
  let said: string[] = [];
  const open: RedisTier[] = [];
  let program: string;

  before(function () {
    const found = findRedisServer();
    if (found === undefined) {
      console.log('      skipped: there is no redis-server on this machine');
      return this.skip();
    }
    program = found;
  });
  beforeEach(() => {
    now = noon;
    said = [];
  });
  afterEach(() => Promise.all(open.splice(0).map((cache) => cache.close())));

  function cacheAt(url: string, more: Partial<RedisCacheOptions> = {}): RedisTier {
    const say = (message: string): void => void said.push(message);
    const log = { error: say, warn: say, info: say, debug: say };
    const cache = createRedisCache({ url, secret: teamKey, clock: { now: () => now }, log, readLimits, ...more });
    open.push(cache);
    return cache;
  }

  async function fill(url: string, names: readonly string[], more: Partial<RedisCacheOptions> = {}): Promise<void> {
    const cache = cacheAt(url, more);
    await cache.read(['anything']);
    cache.write(names.map((key) => entry(key, valueOf(key))));
    await cache.close();
  }

  describe('without TLS', () => {
    let cluster: RedisCluster;

    before(async () => {
      cluster = await RedisCluster.start(program);
    });
    after(() => cluster?.dispose());

    it('finds all servers by way of one, whichever that is, a replica too', async () => {
      await fill(cluster.url(), keys);
      const sizes = await cluster.sizes();
      assert.equal(
        sizes.reduce((sum, size) => sum + size),
        keys.length,
      );
      assert.ok(
        sizes.every((size) => size > 200),
        sizes.join(),
      );
      for (const port of cluster.ports) {
        const cache = cacheAt(cluster.url([port]), { readLimits: { silentMs: 5_000, wholeMs: 20_000 } });
        const found = await cache.read([...keys, 'missing']);
        assert.deepEqual([found.size, cache.figures.hits], [keys.length, keys.length]);
        assert.deepEqual(found.get('k17'), { json: valueOf('k17'), checkedAt: noon });
      }
      assert.deepEqual(said, []);
    });

    it('takes the address of another server where the first one is down', async () => {
      await fill(cluster.url(), keys);
      const cache = cacheAt(cluster.url([1, ...cluster.ports.slice(1, 2)]));
      await until(async () => {
        now += 1_000; // a busy machine may be late, and the server left out for a while
        return (await cache.read(keys)).size === keys.length;
      });
    });

    it('clears what is ours on every server', async () => {
      await fill(cluster.url(), keys);
      const cache = cacheAt(cluster.url());
      await until(async () => (await cache.read(['k0'])).size === 1);
      assert.equal(await cache.clear(), keys.length);
      assert.deepEqual(await cluster.sizes(), [0, 0, 0]);
    });

    it('goes on with the others while one hangs, and with that one afterwards', async () => {
      await fill(cluster.url(), keys);
      const cache = cacheAt(cluster.url());
      await until(async () => {
        now += 1_000; // a busy machine may be late, and the server left out for a while
        return (await cache.read(keys)).size === keys.length;
      });
      cluster.servers[1]?.hang();
      try {
        const found = await cache.read(keys);
        assert.ok(found.size > 500 && found.size < keys.length, `${found.size}`);
        const start = performance.now();
        assert.equal((await cache.read(keys)).size, found.size);
        assert.ok(performance.now() - start < 2_000, 'nobody waits for it twice');
      } finally {
        cluster.servers[1]?.goOn();
      }
      await until(async () => {
        now += 1_000; // a busy machine may be late, and the server left out for a while
        return (await cache.read(keys)).size === keys.length;
      });
      await until(() => cache.figures.trouble === undefined);
    });

    it('reads and writes on after a failover, without a new start', async () => {
      await fill(cluster.url(), keys);
      await Promise.all(cluster.raw.slice(0, 1).map((redis) => redis.call('WAIT', '1', '5000')));
      const cache = cacheAt(cluster.url());
      await until(async () => {
        now += 1_000; // a busy machine may be late, and the server left out for a while
        return (await cache.read(keys)).size === keys.length;
      });
      await cluster.servers[0]?.stop();
      const others = await cache.read(keys);
      assert.ok(others.size > 500 && others.size < keys.length, `${others.size}`);
      const fresh = keys.map((key) => `new-${key}`);
      cache.write(fresh.map((key) => entry(key, 1)));
      await cluster.promote();
      await until(async () => {
        now += 1_000; // a busy machine may be late, and the server left out for a while
        return (await cache.read(keys)).size === keys.length;
      });
      await until(() => cache.figures.trouble === undefined);
      await cache.close();
      const another = cacheAt(cluster.url([cluster.ports[1] ?? 0]));
      await until(async () => (await another.read(fresh)).size === fresh.length);
      assert.match(
        said.join('\n'),
        /^Redis at 127\.0\.0\.1:\d+ cannot be used \(.*\)\.\nRedis at .* is used again\.$/u,
      );
    });
  });

  describe('with TLS, certificates of clients and a user of few rights', () => {
    let cluster: RedisCluster;

    before(async () => {
      cluster = await RedisCluster.start(program, { usesTls: true, user: ['team', ...rights] });
    });
    after(() => cluster?.dispose());

    it('keeps and gives what it kept', async () => {
      const { ca, cert, key } = cluster.identity ?? assert.fail();
      const url = cluster.url(cluster.ports.slice(0, 2), 'team:p%40ss@');
      await fill(url, keys, { tls: { ca, cert, key } });
      const cache = cacheAt(url, { tls: { ca, cert, key } });
      await until(async () => {
        now += 1_000; // a busy machine may be late, and the server left out for a while
        return (await cache.read(keys)).size === keys.length;
      });
      assert.equal(await cache.clear(), keys.length);
      assert.deepEqual(said, []);
    });

    it('is not used without a certificate, or with a wrong password, and says so without it', async () => {
      const { ca, cert, key } = cluster.identity ?? assert.fail();
      const bare = cacheAt(cluster.url(undefined, 'team:p%40ss@'), { tls: { ca } });
      const wrong = cacheAt(cluster.url(undefined, 'team:hush@'), { tls: { ca, cert, key } });
      assert.deepEqual([(await bare.read(keys)).size, (await wrong.read(keys)).size], [0, 0]);
      await until(() => bare.figures.trouble !== undefined && wrong.figures.trouble !== undefined);
      assert.match(
        bare.figures.trouble ?? '',
        /cannot be used \((?:ERR_SSL_\w+|ECONNRESET|the connection was closed)\)/u,
      );
      assert.match(wrong.figures.trouble ?? '', /cannot be used \(WRONGPASS\)/u);
      assert.doesNotMatch(said.join(), /hush|p@ss/u);
    });

    it('says that its user may not ask which server has what', async () => {
      const { ca, cert, key } = cluster.identity ?? assert.fail();
      await Promise.all(cluster.raw.map((redis) => redis.acl('SETUSER', 'blind', ...rights.slice(0, -1))));
      const cache = cacheAt(cluster.url(undefined, 'blind:p%40ss@'), { tls: { ca, cert, key } });
      await until(async () => {
        await cache.read(keys);
        return cache.figures.trouble !== undefined;
      });
      assert.match(cache.figures.trouble ?? '', /is a cluster whose user may not ask which server has what/u);
    });
  });
});
