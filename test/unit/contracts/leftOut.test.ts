import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import cvss from 'ae-cvss-calculator';
import { build, type Plugin } from 'esbuild';
import fc from 'fast-check';
import type { Redis, RedisOptions } from 'ioredis';
import { findRedisServer, RedisServer } from '../hosts/node/cache/redis/redisFixture.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const require = createRequire(import.meta.url);

describe('what the bundles leave out of packages', () => {
  let leftOut: Plugin;
  let folder: string;

  before(async () => {
    const module = (await import(pathToFileURL(path.join(root, 'tools/leftOut.mjs')).href)) as { leftOut: Plugin };
    ({ leftOut } = module);
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-left-out-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The package by way of the plugin: what it exports, and how long it is, as a part of its length without the plugin. */
  async function bundled(name: string): Promise<{ readonly part: number; readonly exports: unknown }> {
    const [whole, short] = await Promise.all([[], [leftOut]].map((plugins) => textOf(name, plugins)));
    const file = path.join(folder, `${name}.cjs`);
    writeFileSync(file, short ?? '');
    return { part: (short ?? '').length / (whole ?? '').length, exports: require(file) };
  }

  it('changes no score', async () => {
    const { part, exports } = await bundled('ae-cvss-calculator');
    assert.ok(part < 0.7, String(part));
    const short = exports as typeof cvss;
    const base3 = { AV: 'NALP', AC: 'LH', PR: 'NLH', UI: 'NR', S: 'UC', C: 'HLN', I: 'HLN', A: 'HLN' };
    const base4 = { AV: 'NALP', AC: 'LH', AT: 'NP', PR: 'NLH', UI: 'NPA', VC: 'HLN', VI: 'HLN', VA: 'HLN' };
    const more4 = { SC: 'HLN', SI: 'HLN', SA: 'HLN', E: 'XAPU', CR: 'XHML', MAV: 'XNALP', MVC: 'XHLN', MSI: 'XSHLN' };
    const base2 = { AV: 'LAN', AC: 'HML', Au: 'MSN', C: 'NPC', I: 'NPC', A: 'NPC' };
    for (const [prefix, metrics, name] of [
      ['', base2, 'Cvss2'],
      ['CVSS:3.0/', base3, 'Cvss3P0'],
      ['CVSS:3.1/', base3, 'Cvss3P1'],
      ['CVSS:4.0/', { ...base4, ...more4 }, 'Cvss4P0'],
    ] as const) {
      const values = Object.entries(metrics).map(([metric, letters]) => [metric, fc.constantFrom(...letters)] as const);
      const vectors = fc.record(Object.fromEntries(values)).map((chosen) => vectorOf(prefix, chosen));
      fc.assert(
        fc.property(vectors, (vector) => {
          const [expected, actual] = [cvss, short].map((library) => new library[name](vector).calculateScores());
          assert.ok(Object.values(expected ?? {}).some((score) => typeof score === 'number'));
          assert.deepEqual(actual, expected, vector);
        }),
        { numRuns: 100 },
      );
    }
  });

  it('leaves a client of Redis that signs in, reads and writes', async function () {
    const { part, exports } = await bundled('ioredis');
    assert.ok(part < 0.75, String(part));
    const program = findRedisServer();
    if (program === undefined) {
      console.log('      skipped: there is no redis-server on this machine');
      return this.skip();
    }
    const server = await RedisServer.start(program, ['--user', 'team', 'on', '>secret', '~*', '+@all']);
    const { Redis: Client } = exports as { Redis: new (options: RedisOptions) => Redis };
    const redis = new Client({ port: server.port, username: 'team', password: 'secret', lazyConnect: true });
    try {
      await redis.connect();
      assert.equal(await redis.set('a', 'b', 'PX', 60_000), 'OK');
      assert.deepEqual(await redis.pipeline().getBuffer('a').get('none').exec(), [
        [null, Buffer.from('b')],
        [null, null],
      ]);
      await assert.rejects(redis.call('CLUSTER', 'SLOTS'), /cluster support disabled/u);
    } finally {
      redis.disconnect();
      await server.stop();
    }
  });

  it('is missed where a package no longer has it', async () => {
    const file = path.join(folder, 'node_modules/ioredis/built/Redis.js');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, 'exports.Redis = 1;');
    const built = build({ entryPoints: [file], bundle: true, write: false, logLevel: 'silent', plugins: [leftOut] });
    await assert.rejects(built, /ioredis\/built\/Redis\.js no longer needs ioredis\/built\/cluster\/index\.js/u);
  });
});

async function textOf(name: string, plugins: Plugin[]): Promise<string> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [name],
    bundle: true,
    platform: 'node',
    plugins,
    write: false,
    logLevel: 'silent',
  });
  return outputFiles[0]?.text ?? assert.fail('nothing was built');
}

function vectorOf(prefix: string, metrics: Readonly<Record<string, string>>): string {
  return (
    prefix +
    Object.entries(metrics)
      .map(([name, value]) => `${name}:${value}`)
      .join('/')
  );
}
