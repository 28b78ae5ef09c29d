import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createAdvisoryDatabases } from '../../server/src/hosts/node/database/advisoryDatabases.ts';
import { systemClock } from '../../server/src/hosts/node/process/systemClock.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { jsonLines } from '../support/databaseFixture.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { checkedMetrics, hasPrometheus, Prometheus } from '../support/prometheus.ts';
import { runProgram } from '../support/runProgram.ts';
import { ServerProcess } from '../support/serverProcess.ts';
import { findRedisServer, freePort, RedisServer } from '../unit/hosts/node/cache/redis/redisFixture.ts';

/** How long the server is under load: a minute where one wants to be sure. */
const loadSeconds = Number(process.env['PINWATCH_SCRAPE_SECONDS'] ?? '3');
const cli = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');
const uri = 'file:///project/requirements.txt';
const text = 'django==3.2.0\nrequests==2.19.0\nsix==1.16.0\n';

// Real time and real processes: what is waited for is waited for up to a minute.
describe('Pinwatch in the eyes of a real Prometheus', function () {
  this.timeout(240_000 + loadSeconds * 1000);
  const redisProgram = findRedisServer();
  let folder: string;
  let ports: { readonly server: number; readonly offline: number; readonly scan: number; readonly redis: number };
  let service: OsvService;
  let prometheus: Prometheus;
  /** What is to be ended, the last one first. */
  const ends: (() => Promise<unknown>)[] = [];

  before(async function () {
    if (!hasPrometheus()) {
      console.log('      skipped: there is no prometheus on this machine');
      this.skip();
    }
    folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-prometheus-'));
    ends.push(() => Promise.resolve(rmSync(folder, { recursive: true, force: true })));
    ports = { server: await freePort(), offline: await freePort(), scan: await freePort(), redis: await freePort() };
    service = await startOsvService({ records: [demoRecords] });
    ends.push(() => service.close());
    const targets = [ports.server, ports.offline, ports.scan].map((port) => `127.0.0.1:${port}`);
    prometheus = await Prometheus.start(folder, await freePort(), targets);
    ends.push(() => prometheus.stop());
  });

  after(async () => {
    for (const end of ends.reverse()) {
      await end();
    }
  });

  const startServer = async (storage: string): Promise<ServerProcess> => {
    const server = await ServerProcess.start({
      settings: {
        osv: { url: service.url },
        index: { url: 'none' },
        cache: { redisUrl: `redis://127.0.0.1:${ports.redis}` },
        metrics: { port: ports.server },
      },
      storagePath: path.join(folder, storage),
      env: { PINWATCH_CACHE_KEY: 'a secret of this test' },
    });
    ends.push(() => server.kill());
    await server.open(uri, text);
    return server;
  };
  const rescan = (server: ServerProcess): Promise<unknown> => server.execute('pinwatch.server.rescan');

  const firing = (alerts: readonly string[], work?: () => Promise<unknown>): Promise<unknown> =>
    prometheus.until(
      `${alerts.join(', ')} to fire`,
      async () => {
        const now = await prometheus.firing();
        return alerts.every((alert) => now.includes(alert)) ? now : undefined;
      },
      work,
    );
  const cleared = (alerts: readonly string[], work?: () => Promise<unknown>): Promise<unknown> =>
    prometheus.until(
      `${alerts.join(', ')} to clear`,
      async () => {
        const now = await prometheus.firing();
        return alerts.some((alert) => now.includes(alert)) ? undefined : now;
      },
      work,
    );

  it('raises an alert for each trouble while it lasts: a service that is down or asks for fewer requests, a dead Redis, a disk that keeps nothing', async () => {
    // A file where the folder of the cache should be.
    mkdirSync(path.join(folder, 'bad'));
    writeFileSync(path.join(folder, 'bad', 'cache'), '');
    service.faults.set('all', { kind: 'status', status: 503 });
    const server = await startServer('bad');
    const down = ['PinwatchDown', 'PinwatchErrorBudgetBurns'];
    await firing([...down, 'PinwatchTeamCacheFails', 'PinwatchDiskCacheFails'], () => rescan(server));

    service.faults.clear();
    service.faults.set('all', { kind: 'status', status: 429 });
    await firing(['PinwatchRateLimited'], () => rescan(server));

    service.faults.clear();
    await cleared([...down, 'PinwatchRateLimited'], () => rescan(server));

    if (redisProgram === undefined) {
      console.log('      a dead Redis that comes back: skipped, there is none on this machine');
    } else {
      const redis = await RedisServer.start(redisProgram, [], ports.redis);
      ends.push(() => redis.dispose());
      await cleared(['PinwatchTeamCacheFails'], () => rescan(server));
    }
    await server.stop();
    const other = await startServer('good');
    await other.waitFor('the answers', ({ status }) => status?.assessed === 3);
    await cleared(['PinwatchDiskCacheFails'], () => rescan(other));
    await other.stop();
  });

  it('raises one for old data, and for a scan that could not check everything', async () => {
    const databaseFolder = path.join(folder, 'advisories');
    const databases = createAdvisoryDatabases({ defaultFolder: databaseFolder, clock: systemClock, version: '1.2.3' });
    const importAsOf = async (modified: string): Promise<void> => {
      const file = path.join(folder, 'records.jsonl');
      writeFileSync(file, jsonLines(demoRecords.map((record) => ({ ...record, modified }))));
      await databases.importFile(databaseFolder, file, {
        onProgress: () => undefined,
        signal: new AbortController().signal,
      });
    };
    await importAsOf('2020-01-01T00:00:00Z');
    const server = await ServerProcess.start({
      settings: {
        offline: { mode: 'offline', databasePath: databaseFolder },
        metrics: { port: ports.offline },
      },
      storagePath: path.join(folder, 'offline'),
    });
    ends.push(() => server.kill());
    await server.open(uri, text);

    const metricsFile = path.join(folder, 'scan.prom');
    const manifest = path.join(folder, 'requirements.txt');
    writeFileSync(manifest, 'six==1.16.0\n');
    const scan = (url: string) =>
      runProgram(
        process.execPath,
        [cli, 'scan', manifest, '--osv-url', url, '--index-url', 'none', '--metrics-out', metricsFile],
        { cwd: folder, env: { ...process.env, GITHUB_REPOSITORY: 'acme/shop' } },
      );
    const failed = await scan(`http://127.0.0.1:${await freePort()}`);
    assert.equal(failed.code, 3, failed.err);
    const page = createServer((_request, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(readFileSync(metricsFile));
    }).listen(ports.scan, '127.0.0.1');
    ends.push(() => Promise.resolve(page.close()));
    assert.equal(checkedMetrics(readFileSync(metricsFile, 'utf8')), '');
    await firing(['PinwatchDataOld', 'PinwatchScanIncomplete']);

    const { code, err } = await scan(service.url);
    assert.equal(code, 0, err);
    await importAsOf(new Date().toISOString());
    await cleared(['PinwatchDataOld', 'PinwatchScanIncomplete'], () => rescan(server));
    await server.stop();
  });

  it(`is scraped without a gap for ${loadSeconds} s of typing and scanning, and no counter falls`, async () => {
    const server = await startServer('load');
    await prometheus.until('the first scrape', async () =>
      (await prometheus.query(`pinwatch_build_info{instance="127.0.0.1:${ports.server}"}`)).length > 0
        ? true
        : undefined,
    );
    const end = performance.now() + loadSeconds * 1000;
    let version = 1;
    while (performance.now() < end) {
      await server.replace(uri, ++version, `${text}idna==${2 + (version % 2)}.0\n`);
      await (version % 5 === 0 ? rescan(server) : server.execute('pinwatch.server.statistics'));
    }
    const window = `{instance="127.0.0.1:${ports.server}"}[${Math.max(2, loadSeconds)}s]`;
    assert.deepEqual(await prometheus.query(`min_over_time(up${window})`), [1]);
    const [samples = 0] = await prometheus.query(`count_over_time(pinwatch_build_info${window})`);
    assert.ok(samples >= Math.max(2, loadSeconds), `${samples} samples`);
    for (const counter of ['pinwatch_operations_total', 'pinwatch_requests_total', 'pinwatch_cache_hits_total']) {
      const resets = await prometheus.query(`resets(${counter}${window})`);
      assert.ok(resets.length > 0, counter);
      assert.ok(
        resets.every((count) => count === 0),
        `${counter} fell: ${resets.join(', ')}`,
      );
    }
    for (const query of dashboardQueries()) {
      assert.ok((await prometheus.query(query)).length >= 0, query);
    }
    const answer = await fetch(`http://127.0.0.1:${ports.server}/metrics`);
    assert.equal(checkedMetrics(await answer.text()), '');
    await server.stop();
  });
});

/** Each of the dashboard, which Prometheus has to understand. */
function dashboardQueries(): readonly string[] {
  const file = path.resolve(import.meta.dirname, '../../docs/operations/grafana-dashboard.json');
  const { panels } = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
}
