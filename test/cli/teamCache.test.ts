import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { silentLog } from '../../server/src/engine/ports.ts';
import { createEngine } from '../../server/src/main/createEngine.ts';
import { defaultSettings } from '../../protocol/settings.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { type Ended, runProgram } from '../support/runProgram.ts';
import { RedisCluster } from '../unit/hosts/node/cache/redis/redisCluster.ts';
import { findRedisServer } from '../unit/hosts/node/cache/redis/redisFixture.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');
const secret = 'a secret of the team';
const user = ['team', 'reset', 'on', '>p@ss', '~pinwatch:*', '+get', '+set', '+cluster|slots'];

interface Report {
  readonly files: unknown;
  readonly summary: unknown;
  readonly statistics: { readonly cache: { readonly hits: number; readonly misses: number; readonly hitRate: number } };
}

describe('a team cache in a cluster, with TLS and a user of its own', function () {
  this.timeout(180_000);
  let service: OsvService;
  let cluster: RedisCluster | undefined;
  let root: string;
  let environment: NodeJS.ProcessEnv;

  before(async function () {
    const program = findRedisServer();
    if (program === undefined) {
      console.log('      skipped: there is no redis-server on this machine');
      return this.skip();
    }
    service = await startOsvService({ records: [demoRecords] });
    cluster = await RedisCluster.start(program, { usesTls: true, user });
    root = mkdtempSync(path.join(tmpdir(), 'pinwatch-team-'));
    const identity: Readonly<Record<string, string>> = { ...cluster.identity };
    const files = Object.entries(identity).map(([name, pem]) => {
      const file = path.join(root, `${name}.pem`);
      writeFileSync(file, pem);
      return [`PINWATCH_REDIS_${name.toUpperCase()}`, file] as const;
    });
    environment = { ...process.env, ...Object.fromEntries(files), PINWATCH_CACHE_KEY: secret };
    for (let repository = 0; repository < 40; repository++) {
      const folder = path.join(root, 'tree', String(repository));
      const pins = Array.from({ length: 25 }, (_, index) => `package-${repository}-${index}==1.${index}\n`);
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        path.join(folder, 'requirements.txt'),
        `django==3.2.${repository % 20}\nrequests==2.19.1\n${pins.join('')}`,
      );
    }
  });
  after(async () => {
    await Promise.all([service?.close(), cluster?.dispose()]);
    if (root !== undefined) {
      rmSync(root, { recursive: true, force: true });
    }
  });

  function scan(more: readonly string[]): Promise<Ended> {
    const where = ['--osv-url', service.url, '--index-url', 'none', '--format', 'json'];
    const args = ['--disable-warning=ExperimentalWarning', main, 'scan', 'tree', ...where, ...more];
    return runProgram(process.execPath, args, { cwd: root, env: environment });
  }

  async function scanned(
    more: readonly string[],
  ): Promise<readonly [code: number | null, report: Report, err: string]> {
    const { code, out, err } = await scan(more);
    return [code, JSON.parse(out) as Report, err];
  }

  function urlOf(): string {
    return cluster?.url(cluster.ports.slice(0, 2), 'team:p%40ss@') ?? '';
  }

  function cached(folder: string): readonly string[] {
    return ['--cache-dir', path.join(root, folder), '--redis-url', urlOf()];
  }

  it('gives each run the same report, also where a server dies in the middle of one', async () => {
    const [code, alone] = await scanned(['--no-cache']);
    assert.equal(code, 1);
    service.reset();

    service.faults.set('querybatch', { kind: 'thinkTime', ms: 1_000 }, { times: 1 });
    const first = scanned(cached('first'));
    await service.waitFor(({ requests }) => requests.querybatch === 1, 30_000);
    await cluster?.failOver();
    const [firstCode, cold, err] = await first;
    assert.deepEqual([firstCode, cold.files, cold.summary], [code, alone.files, alone.summary], err);
    assert.doesNotMatch(err, /p@ss|p%40ss|a secret/u);

    service.reset();
    const [warmCode, warm, said] = await scanned(cached('second'));
    assert.deepEqual([warmCode, warm.files, warm.summary], [code, alone.files, alone.summary]);
    assert.ok(warm.statistics.cache.hitRate >= 0.99, `${JSON.stringify(warm.statistics.cache)} ${said}`);
    assert.equal(service.traffic.log.length, 0, 'nobody asks the service');
  });

  it('answers eight at once', async () => {
    const lookups = Array.from({ length: 1_000 }, (_, index) => ({
      name: normalizeName(`package-${index % 40}-${Math.floor(index / 40)}`),
      version: `1.${Math.floor(index / 40)}`,
    }));
    const asked = async (): Promise<number> => {
      const engine = createEngine({
        settings: { ...defaultSettings, osvUrl: service.url, indexUrl: 'none', networkTransport: 'direct' },
        version: '0.0.0',
        log: silentLog,
        redisUrl: urlOf(),
        environment,
        cacheSecret: secret,
      });
      await engine.scanner.scan(lookups, { signal: new AbortController().signal });
      const { hits, misses } = engine.scanner.figures;
      await engine.close();
      return hits / (hits + misses);
    };
    const rates = await Promise.all(Array.from({ length: 8 }, asked));
    assert.ok(
      rates.every((rate) => rate >= 0.99),
      rates.join(),
    );
  });
});
