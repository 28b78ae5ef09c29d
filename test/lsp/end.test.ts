import assert from 'node:assert/strict';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { ServerProcess, serverScript } from '../support/serverProcess.ts';

const uri = 'file:///w/requirements.txt';
const pins = Array.from({ length: 1500 }, (_, number) => `clean-${number}==1.0`);
const text = ['django==3.2.0', ...pins, ''].join('\n');

describe('language server that is ended right after a scan', function () {
  this.timeout(40_000);
  let service: OsvService;
  let root: string;
  let server: ServerProcess | undefined;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-end-'))));
  afterEach(async () => {
    await server?.kill();
    server = undefined;
    service.reset();
    rmSync(root, { recursive: true, force: true });
  });

  async function scanned(clientProcess = process.pid): Promise<ServerProcess> {
    const settings = { osv: { url: service.url }, index: { url: 'none' }, network: { transport: 'direct' } };
    server = await ServerProcess.start({ settings, storagePath: path.join(root, 'storage'), clientProcess });
    await server.open(uri, text);
    await server.waitFor('the end of the scan', ({ status }) => status?.state === 'idle' && status.vulnerable === 1);
    return server;
  }

  async function nothingIsAskedAgain(): Promise<void> {
    service.reset();
    const next = await scanned();
    const asked = service.traffic.batches.flat().length + service.traffic.requests.query;
    assert.ok(asked <= 0.05 * pins.length, `${asked} were asked again`);
    assert.equal(next.status?.failed, 0);
  }

  for (const [how, expected] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
    ['end of input', 1], // no "shutdown" came before it (LSP, "exit")
  ] as const) {
    it(`has written what it knows: ${how}`, async function () {
      if (process.platform === 'win32' && how !== 'end of input') {
        return this.skip(); // there are no signals
      }
      const { code, ms } = await (await scanned()).endBy(how);
      assert.equal(code, expected);
      assert.ok(ms < 5_000, `${ms} ms`);
      await nothingIsAskedAgain();
    });
  }

  it('has written what it knows: shutdown and exit', async () => {
    assert.equal(await (await scanned()).stop(), 0);
    await nothingIsAskedAgain();
  });

  it('has written what it knows: its client is gone, though the pipe is open', async () => {
    const client = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    assert.ok(client.pid !== undefined);
    const one = await scanned(client.pid);
    const ended = once(one.child, 'exit');
    client.kill('SIGKILL');
    assert.deepEqual(await ended, [1, null]);
    await nothingIsAskedAgain();
  });

  it('ends when the channel of --node-ipc is closed', async () => {
    const child = fork(serverScript, ['--node-ipc'], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { ...process.env, PINWATCH_CACHE_KEY: 'a secret of the team' },
    });
    const params = { processId: process.pid, rootUri: null, capabilities: {} };
    child.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
    await once(child, 'message');
    const ended = once(child, 'exit');
    child.disconnect();
    assert.deepEqual(await ended, [1, null]);
  });

  it('stays where it cannot see the process of its client, as in another container', async () => {
    const one = await scanned(2 ** 22 + 12_345); // beyond what systems give
    assert.equal(await one.stop(), 0);
  });
});
