import { findRedisServer } from '../test/unit/hosts/node/cache/redis/redisFixture.ts';
import { runCommand } from '../test/vscode/runCommand.ts';

const timeoutMs = 120_000;

/**
 * The tests of the shared cache need a Redis server. Where there is none, Debian's is installed, if that is possible without
 * asking anybody. Never fails: without a server those tests say that they were skipped.
 */
export async function installRedis(say: (message: string) => void): Promise<void> {
  if (findRedisServer() !== undefined) {
    return;
  }
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    say('There is no redis-server here; the tests that need it are skipped. On Debian: apt-get install redis-server');
    return;
  }
  say('Installing redis-server …');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  const install = ['install', '--yes', '--no-install-recommends', 'redis-server'];
  for (const args of [install, ['update'], install]) {
    try {
      await runCommand('apt-get', args, { cwd: '/', env, timeoutMs });
      if (findRedisServer() !== undefined) {
        return;
      }
    } catch {
      // Said below, once.
    }
  }
  say('redis-server could not be installed; the tests that need it are skipped.');
}
