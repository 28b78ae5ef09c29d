import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { reportMethod } from '../../protocol/messages/report.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { ServerProcess } from '../support/serverProcess.ts';

describe('special files in a workspace', function () {
  this.timeout(30_000);
  let service: OsvService;
  let root: string;
  let server: ServerProcess;
  const at = (...parts: string[]): string => path.join(root, 'repo', ...parts);
  const uri = (...parts: string[]): string => pathToFileURL(at(...parts)).href;

  before(async function () {
    if (process.platform === 'win32') {
      this.skip(); // no pipes in folders
    }
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(async () => {
    root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-special-'));
    mkdirSync(at());
    mkdirSync(path.join(root, 'outside'));
    writeFileSync(path.join(root, 'outside', 'secret.txt'), 'mytoken==sekret123\n');
    server = await ServerProcess.start({
      settings: { osv: { url: service.url }, index: { url: 'none' } },
      storagePath: path.join(root, 'storage'),
      folders: [pathToFileURL(at()).href],
    });
  });
  afterEach(async () => {
    await server.kill();
    rmSync(root, { recursive: true });
  });

  it('are not opened: the line says so, everything else works, and a rescan answers', async () => {
    execFileSync(
      'mkfifo',
      ['pipe.txt', 'osv-scanner.toml', 'uv.lock', 'dev-requirements.txt'].map((name) => at(name)),
    );
    symlinkSync('/dev/zero', at('zero.txt'));
    symlinkSync('../outside', at('folder'));
    mkdirSync(at('.venv'));
    writeFileSync(at('.venv', 'pyvenv.cfg'), '');
    const lines = 'django==3.2.0\nrequests>=2\n-r pipe.txt\n-c pipe.txt\n-r zero.txt\n-r folder/secret.txt\n';
    writeFileSync(at('requirements.txt'), lines);
    await server.open(uri('requirements.txt'), lines);
    const shown = (): readonly string[] =>
      (server.diagnostics(uri('requirements.txt')) ?? []).map(
        ({ range, message }) => `${range.start.line} ${JSON.stringify(message)}`,
      );
    await server.waitFor('findings and remarks', () => shown().length >= 5 && server.status?.state !== 'scanning');
    assert.match(shown().join('\n'), /^0 .*django/mu);
    for (const line of [2, 3]) {
      assert.match(
        shown().join('\n'),
        new RegExp(`^${line} .*pipe\\.txt was not read: it is not a regular file`, 'mu'),
      );
    }
    for (const line of [4, 5]) {
      assert.match(shown().join('\n'), new RegExp(`^${line} .*not read: it is outside of what is scanned`, 'mu'));
    }
    await server.execute('pinwatch.server.rescan');
    assert.match(shown().join('\n'), /^0 .*django/mu);
    assert.ok(
      server.logged.some((line) => /dev-requirements\.txt" was not read: it is not a regular file/u.test(line)),
    );
    const report = await server.request<{ readonly text: string }>(reportMethod, { format: 'json' });
    const { skippedPaths } = JSON.parse(report.text) as { readonly skippedPaths: object };
    assert.deepEqual(skippedPaths, [{ path: '.venv', reason: 'a virtual environment' }]);
    assert.doesNotMatch(JSON.stringify([shown(), server.logged, service.traffic.batches]), /token|sekret/u);
  });
});
