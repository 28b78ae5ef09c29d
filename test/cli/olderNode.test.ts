import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');

/** A Node of this machine that has no SQLite; `undefined` where there is none. */
function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'));
  const script = "process.exit(process.getBuiltinModule?.('node:sqlite') === undefined ? 0 : 1)";
  return candidates.filter(existsSync).find((node) => {
    try {
      execFileSync(node, ['-e', script]);
      return true;
    } catch {
      return false;
    }
  });
}

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
      entryPoints: { cli: 'server/src/main/cliMain.ts', server: 'server/src/main/serverMain.ts' },
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

  const start = (script: string, args: readonly string[]): ReturnType<typeof spawn> =>
    spawn(node ?? '', [script, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });

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
});
