import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverCommands } from '../../protocol/ids.ts';
import type { Statistics } from '../../protocol/messages/figures/statistics.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { ServerProcess } from '../support/serverProcess.ts';

const uri = 'file:///w/requirements.txt';

// One vulnerable package, then more clean ones than a batch holds.
const clean = Array.from({ length: 1500 }, (_, number) => `clean-${number}==1.0`);
const text = ['django==3.2.0', ...clean, 'requests==2.19.0', ''].join('\n');

describe('language server that ends in the midst of a scan', function () {
  this.timeout(40_000);
  let service: OsvService;
  let root: string;
  let server: ServerProcess | undefined;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-resume-'))));
  afterEach(async () => {
    await server?.kill();
    server = undefined;
    service.reset();
    rmSync(root, { recursive: true, force: true });
  });

  const start = async (folders: readonly string[] = [], more: object = {}): Promise<ServerProcess> => {
    const settings = { osv: { url: service.url }, index: { url: 'none' }, network: { transport: 'direct' }, ...more };
    server = await ServerProcess.start({ settings, storagePath: path.join(root, 'storage'), folders });
    return server;
  };
  const asked = (): readonly (string | undefined)[] => service.traffic.batches.flat().map(({ name }) => name);
  /** They are written in slices; each look is a request. */
  const entriesOnDisk = async (one: ServerProcess, count: number): Promise<void> => {
    while ((await one.execute<Statistics>(serverCommands.statistics)).cache.disk.entries < count);
  };

  /** A scan whose second batch never is answered; resolves when the first is worked up. */
  async function beginScan(): Promise<ServerProcess> {
    service.faults.set('querybatch', { kind: 'stall' }, { skip: 1, times: 1 });
    const one = await start();
    await one.open(uri, text);
    await service.waitFor(({ requests }) => requests.querybatch === 2);
    await one.waitFor('the first finding', () => (one.diagnostics(uri) ?? []).length > 0);
    return one;
  }

  it('asks for nothing but what was missing when it is started again', async () => {
    const killed = await beginScan();
    await entriesOnDisk(killed, 1000); // of 999 answers at least, a package and its two records
    await killed.kill();
    const first = new Set(service.traffic.batches[0]?.map(({ name }) => name));
    assert.equal(first.size, 1000);
    service.reset();

    const resumed = await start();
    await resumed.open(uri, text);
    await resumed.waitFor('the end of the scan', ({ status }) => status?.state === 'idle' && status.vulnerable === 2);
    const missing = text.split('\n').flatMap((line) => (line === '' ? [] : [line.split('==')[0]]));
    assert.deepEqual(
      asked(),
      missing.filter((name) => !first.has(name)),
    );
    assert.equal(resumed.status?.failed, 0);
    assert.deepEqual(
      service.traffic.log.filter(({ route }) => route === 'query').map(({ queries }) => queries[0]?.name),
      ['requests'],
    );
    assert.equal(await resumed.stop(), 0);
  });

  it('goes on with a scan of the workspace, though nobody has opened its files, and nothing is asked that became private', async () => {
    const folder = pathToFileURL(path.join(root, 'project')).href;
    mkdirSync(path.join(root, 'project'));
    writeFileSync(path.join(root, 'project', 'requirements.txt'), `acme-core==1.0\n${text}`);
    service.faults.set('querybatch', { kind: 'stall' }, { skip: 1, times: 1 });
    const killed = await start([folder]);
    const scan = killed.execute(serverCommands.rescan);
    scan.catch(() => undefined);
    await service.waitFor(({ requests }) => requests.querybatch === 2);
    await entriesOnDisk(killed, 1000);
    await killed.kill();
    const first = new Set(service.traffic.batches[0]?.map(({ name }) => name));
    service.reset();

    const resumed = await start([folder], { privacy: { privatePackages: ['acme-*', 'clean-1499'] } });
    await resumed.open('file:///elsewhere/requirements.txt', 'flask==1.0\n');
    await service.waitFor(({ requests }) => requests.query === 1, 10_000);
    const names = [...clean.map((line) => line.split('==')[0]), 'requests'];
    const missing = names.filter((name) => !first.has(name) && name !== 'clean-1499');
    assert.deepEqual([...asked()].sort(), ['flask', ...missing].sort());
    assert.equal(await resumed.stop(), 0);
    service.reset();

    const last = await start([folder]);
    await last.open('file:///elsewhere/requirements.txt', 'flask==2.0\n');
    await last.waitFor('the end of the scan', ({ status }) => status?.state === 'idle');
    assert.equal(await last.stop(), 0);
    assert.deepEqual(asked(), ['flask'], 'nothing waits any more');
  });

  it('ends within seconds when told to shut down, with all that was answered on disk', async () => {
    const told = await beginScan();
    const startedAt = performance.now();
    assert.equal(await told.stop(), 0);
    assert.ok(performance.now() - startedAt < 5_000);
    service.reset();

    const next = await start();
    await next.open(uri, ['django==3.2.0', ...clean.slice(0, 998), ''].join('\n'));
    await next.waitFor('the end of the scan', ({ status }) => status?.state === 'idle' && status.vulnerable === 1);
    assert.deepEqual(service.traffic.log, []);
  });
});
