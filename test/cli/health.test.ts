import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Health } from '../../protocol/messages/figures/health.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');

describe('pinwatch health', function () {
  this.timeout(60_000);
  let service: OsvService;
  let root: string;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
    root = mkdtempSync(path.join(tmpdir(), 'pinwatch-health-'));
  });
  after(async () => {
    await service.close();
    rmSync(root, { recursive: true, force: true });
  });
  afterEach(() => service.reset());

  async function health(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
    const flags = ['--disable-warning=ExperimentalWarning', main, 'health', ...args];
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    const [[code], out, err] = await Promise.all([
      once(child, 'exit') as Promise<[number]>,
      text(child.stdout),
      text(child.stderr),
    ]);
    return { code, out, err };
  }

  const components = (out: string): Record<string, string> =>
    Object.fromEntries(
      Object.entries((JSON.parse(out) as Health).components).map(([name, { status }]) => [name, status]),
    );

  it('asks the service and ends with 0 where all works', async () => {
    const where = ['--osv-url', service.url, '--index-url', 'none', '--cache-dir', path.join(root, 'cache')];
    const { code, out, err } = await health(...where, '--format', 'json');
    assert.equal(code, 0, err);
    assert.ok(service.traffic.requests.querybatch > 0);
    assert.deepEqual(components(out), {
      osv: 'UP',
      index: 'OFF',
      cacheMemory: 'UP',
      cacheDisk: 'UP',
      cacheRedis: 'OFF',
      advisoryDatabase: 'OFF',
      queue: 'UP',
    });
  });

  it('says in words what does not work and what to do, and ends with 3', async () => {
    const { code, out } = await health('--osv-url', 'http://127.0.0.1:9', '--index-url', 'none');
    assert.equal(code, 3);
    assert.match(out, /^Health: DOWN\nosv +DOWN +127\.0\.0\.1:9 could not be reached.*Check the network/u);
  });

  it('is not UP where the package index or the local database does not answer', async () => {
    const index = await health('--osv-url', service.url, '--index-url', 'http://127.0.0.1:9', '--format', 'json');
    assert.deepEqual([index.code, components(index.out)['index']], [3, 'DEGRADED']);
    const offline = await health('--offline', '--database', path.join(root, 'none'), '--format', 'json');
    assert.deepEqual([offline.code, components(offline.out)['advisoryDatabase']], [3, 'DOWN']);
  });

  it('is not UP where the service says nothing before the time is up', async () => {
    service.faults.set('querybatch', { kind: 'stall' });
    const where = ['--osv-url', service.url, '--index-url', 'none', '--timeout', '1'];
    const { code, out } = await health(...where, '--format', 'json');
    const { status, components: parts } = JSON.parse(out) as Health;
    assert.deepEqual([code, status, parts.osv.status], [3, 'DOWN', 'DOWN']);
    assert.match(parts.osv.message ?? '', /did not answer within 1 s/u);
  });

  it('takes no path', async () => {
    assert.equal((await health('requirements.txt')).code, 2);
  });
});
