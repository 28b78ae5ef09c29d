import assert from 'node:assert/strict';
import { redisHost } from '../../../../../../client/src/commands/redisHost.ts';
import { parseRedisUrl } from '../../../../../../server/src/hosts/node/cache/redis/redisAddress.ts';
import { createRedisCache } from '../../../../../../server/src/hosts/node/cache/redis/redisCache.ts';
import { takeRedisSecret, withRedisSecret } from '../../../../../../server/src/hosts/node/cache/redis/redisSecret.ts';
import { noon } from '../../../../../support/builders.ts';
import { entry } from '../diskFixture.ts';
import { findRedisServer, RedisServer, until } from './redisFixture.ts';

const awkward = 'p@ss:/wörd %41#?';

describe('the password of the team cache', () => {
  it('is taken out of the environment, so that nothing inherits or shows it', () => {
    const environment = { PINWATCH_REDIS_PASSWORD: 'x', PINWATCH_REDIS_PASSWORD_HOST: 'h:1', HOME: '/' };
    assert.deepEqual(takeRedisSecret(environment), { password: 'x', host: 'h:1' });
    assert.deepEqual(environment, { HOME: '/' });
    assert.equal(takeRedisSecret(environment), undefined);
    assert.deepEqual(takeRedisSecret({ PINWATCH_REDIS_PASSWORD: 'x' }), { password: 'x' });
  });

  it('goes to its own server and to no other', () => {
    const passwordAt = (url: string, host?: string): unknown =>
      parseRedisUrl(withRedisSecret(url, { password: awkward, ...(host === undefined ? {} : { host }) }))?.password;
    assert.equal(passwordAt('redis://cache', 'cache:6379'), awkward);
    assert.equal(passwordAt('rediss://me@cache:7000/2', 'cache:7000'), awkward);
    assert.equal(passwordAt('redis://[::1]:7000', '[::1]:7000'), awkward);
    assert.equal(passwordAt('redis://cache'), awkward);
    assert.equal(passwordAt('redis://me@a:1,b', 'a:1,b:6379'), awkward);
    assert.equal(passwordAt('redis://me@a:1,evil', 'a:1,b:6379'), undefined);
    assert.equal(passwordAt('redis://cache:7000', 'cache:6379'), undefined);
    assert.equal(passwordAt('redis://cache.evil.example', 'cache:6379'), undefined);
    assert.equal(withRedisSecret('nonsense', { password: 'x' }), 'nonsense');
  });

  it('is kept under the host and port that the server reads', () => {
    for (const url of [
      'redis://cache',
      'rediss://me@cache:7000/2',
      'redis://[::1]:7000',
      'redis://CACHE:1',
      'redis://u@a:1,b',
    ]) {
      assert.equal(redisHost(url), parseRedisUrl(url)?.shown, url);
    }
    for (const none of ['', 'http://cache', 'redis://', undefined, 3]) {
      assert.equal(redisHost(none), undefined);
    }
  });

  it('opens a server that wants one', async function () {
    const program = findRedisServer();
    if (program === undefined) {
      console.log('      no redis-server on this machine');
      return this.skip();
    }
    const server = await RedisServer.start(program, ['--requirepass', awkward]);
    const said: string[] = [];
    const say = (message: string): void => void said.push(message);
    const log = { error: say, warn: say, info: say, debug: say };
    const url = `redis://127.0.0.1:${server.port}`;
    const host = redisHost(url) ?? '';
    const open = (password: string) =>
      createRedisCache({
        url: withRedisSecret(url, { host, password }),
        secret: 'the key of a team',
        clock: { now: () => noon },
        log,
      });
    const [right, wrong] = [open(awkward), open('wrong-one')];
    try {
      right.write([entry('k0')]);
      await until(async () => (await right.read(['k0'])).size === 1);
      await until(() => Promise.resolve(wrong.figures.trouble !== undefined));
      assert.equal(right.figures.trouble, undefined);
      assert.doesNotMatch(JSON.stringify([said, wrong.figures]), /wrong-one|p@ss|w%C3/u);
    } finally {
      await Promise.all([right.close(), wrong.close()]);
      await server.dispose();
    }
  });
});
