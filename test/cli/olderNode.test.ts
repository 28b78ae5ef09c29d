import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { olderNode } from '../support/olderNode.ts';

const root = path.resolve(import.meta.dirname, '../..');

describe('on a Node without SQLite', function () {
  this.timeout(20_000);
  const node = olderNode();
  const bundles = { cli: path.join(root, '.build', 'cli.cjs'), server: path.join(root, '.build', 'server.cjs') };
  let folder: string;

  before(async function () {
    if (node === undefined) {
      console.log('      skipped: every Node on this machine has SQLite');
      this.skip();
    }
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-older-node-'));
    await build({
      entryPoints: { cli: 'server/src/main/cliEntry.ts', server: 'server/src/main/serverMain.ts' },
      absWorkingDir: root,
      outdir: '.build',
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20.18',
      logLevel: 'warning',
    });
  });
  after(() => {
    if (node !== undefined) {
      rmSync(folder, { recursive: true });
    }
  });

  const start = (script: string, args: readonly string[], isGroup = false): ReturnType<typeof spawn> =>
    spawn(node ?? '', [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'], detached: isGroup });

  it('the command line uses the Node that a checkout brings along, and hands on what it says', async () => {
    const record = {
      id: 'PYSEC-2000-1',
      modified: '2026-01-02T03:04:05Z',
      affected: [{ package: { ecosystem: 'PyPI', name: 'demo' }, versions: ['1.0'] }],
    };
    const file = path.join(folder, 'records.jsonl');
    writeFileSync(file, `${JSON.stringify(record)}\n`);
    const imported = start(bundles.cli, ['db', 'import', file, '--database', folder]);
    assert.deepEqual(await once(imported, 'exit'), [0, null]);
    const match = start(bundles.cli, ['match', '--jsonl', '--database', folder]);
    match.stdin?.end('{"name":"demo","version":"1.0"}\n');
    let out = '';
    match.stdout?.on('data', (chunk) => (out += String(chunk)));
    assert.deepEqual(await once(match, 'close'), [0, null]);
    assert.deepEqual(JSON.parse(out), { name: 'demo', version: '1.0', ids: ['PYSEC-2000-1'] });
    const usage = start(bundles.cli, ['db', 'nonsense']);
    assert.deepEqual(await once(usage, 'exit'), [2, null]);
  });

  it('the server does too, and ends with its client', async () => {
    const server = start(bundles.server, ['--stdio']);
    let out = '';
    const answered = new Promise<void>((resolve) => {
      server.stdout?.on('data', (chunk) => {
        out += String(chunk);
        if (out.includes('"capabilities"')) {
          resolve();
        }
      });
    });
    const body = JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { processId: null, rootUri: null, capabilities: {}, initializationOptions: { storagePath: folder } },
    });
    server.stdin?.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    await answered;
    server.stdin?.end();
    await once(server, 'exit');
  });

  it('the command line reports what it has when a terminal interrupts all of its processes', async function () {
    if (process.platform === 'win32') {
      return this.skip(); // no groups of processes
    }
    const file = path.join(folder, 'requirements.txt');
    writeFileSync(file, 'demo==1.0\n');
    const silent = createServer();
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    try {
      const scan = start(
        bundles.cli,
        ['scan', '--format', 'json', '--index-url', 'none', '--osv-url', url, file],
        true,
      );
      let out = '';
      scan.stdout?.on('data', (chunk) => (out += String(chunk)));
      await once(silent, 'request');
      assert.ok(scan.pid !== undefined);
      process.kill(-scan.pid, 'SIGINT');
      assert.deepEqual(await once(scan, 'close'), [130, null]);
      assert.match(out, /interrupted/u);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });

  describe('in a checkout whose own Node does not start', () => {
    let script: string;

    beforeEach(() => {
      const checkout = mkdtempSync(path.join(folder, 'checkout-'));
      script = path.join(checkout, 'dist', 'cli');
      const bin = path.join(checkout, 'node_modules', 'node', 'bin');
      [path.dirname(script), bin].forEach((each) => mkdirSync(each, { recursive: true }));
      copyFileSync(bundles.cli, `${script}.js`);
      writeFileSync(path.join(bin, 'node'), '#!/of/another/system\n', { mode: 0o755 });
    });

    for (const ending of ['.js', '']) {
      it(`the command line makes do with the present one, called as cli${ending}`, async () => {
        assert.deepEqual(await once(start(script + ending, ['db', 'nonsense']), 'exit'), [2, null]);
      });
    }
  });
});

describe('on a Node that was told to have no SQLite', function () {
  this.timeout(20_000);

  it('the command line does not start itself again and again', async () => {
    const script = `
      process.execArgv.splice(0); // where it is started all the same, then only once
      const { runOnNewerNode } = await import('./server/src/main/start/runOnNewerNode.ts');
      process.exit(runOnNewerNode() === undefined ? 0 : 1);`;
    const own = path.join(root, 'node_modules', 'node', 'bin', 'node');
    const options = ['--no-experimental-sqlite', '--input-type=module', '-e', script];
    const asked = spawn(own, [...options, path.join(root, 'client', 'tsconfig.json')], { cwd: root, stdio: 'inherit' });
    assert.deepEqual(await once(asked, 'exit'), [0, null]);
  });
});
