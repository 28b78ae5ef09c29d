import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { type Ended, runProgram } from '../support/runProgram.ts';

const main = path.resolve(import.meta.dirname, '../../server/src/main/cliMain.ts');
const escape = '\u001b';

describe('pinwatch at a terminal', function () {
  this.timeout(60_000);
  let service: OsvService;
  let folder: string;

  before(async function () {
    // Of util-linux: runs a command on a terminal of its own.
    if (spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') !== true) {
      console.log('      skipped: there is no script of util-linux on this machine');
      this.skip();
    }
    service = await startOsvService({ records: [demoRecords] });
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-terminal-'));
    writeFileSync(path.join(folder, 'requirements.txt'), 'django==3.2.0\n');
  });

  after(async () => {
    await (service as OsvService | undefined)?.close();
    if (folder !== undefined) {
      rmSync(folder, { recursive: true });
    }
  });

  afterEach(() => service.reset());

  /** The exit code is that of the command. */
  async function onTerminal(rest: string, env: NodeJS.ProcessEnv = {}): Promise<Ended> {
    const command = `"${process.execPath}" "${main}" scan . --osv-url ${service.url} --index-url none ${rest}`;
    return runProgram('script', ['-qec', command, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: undefined, TERM: 'xterm', ...env },
    });
  }

  it('has colours', async () => {
    const { code, out } = await onTerminal('');
    assert.equal(code, 1);
    assert.ok(out.includes(`${escape}[31m`), out);
    assert.match(out.replaceAll(/\u001b\[\d+m/gu, ''), /requirements\.txt:1:9: django 3\.2\.0 has \d+ known/u);
  });

  for (const [name, rest, env] of [
    ['where NO_COLOR is set', '', { NO_COLOR: '1' }],
    ['on one that has none', '', { TERM: 'dumb' }],
    ['in what goes to a pipe', '| cat', {}],
    ['in what goes to a file', '--output text=report.txt; cat report.txt', {}],
    ['in a format for programs', '--format json', {}],
  ] as const) {
    it(`has no colours ${name}`, async () => {
      const { out } = await onTerminal(rest, env);
      assert.match(out, /django/u);
      assert.ok(!out.includes(escape), out);
    });
  }

  it('shows what is going on, and takes it away', async () => {
    service.faults.set('querybatch', { kind: 'latency', ms: 1_500 });
    const { out } = await onTerminal('');
    assert.match(out, /\rChecking 1 file… .*\d s\)/u);
    assert.match(out, /\r +\r[^\r]*requirements\.txt:1:9/u);
    const piped = await onTerminal('2>/dev/null');
    assert.doesNotMatch(piped.out, /Checking 1 file/u);
    const logged = await onTerminal('--log json');
    assert.doesNotMatch(logged.out, /Checking 1 file/u);
  });
});
