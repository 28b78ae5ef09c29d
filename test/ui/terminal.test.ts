import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { runProgram } from '../support/runProgram.ts';
import { openBrowser } from '../vscode/launch.ts';
import { documentPicture } from './documentPicture.ts';
import { root, version } from './uiWindow.ts';

/** What a person sees who scans the sample in a terminal. */
describe('the report in a terminal', function () {
  this.timeout(60_000);
  let service: OsvService | undefined;
  let folder: string | undefined;

  before(async function () {
    // Of util-linux: runs a command on a terminal of its own.
    const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') === true;
    if (version !== 'newest' || !hasScript) this.skip();
    service = await startOsvService({ records: [demoRecords] });
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-terminal-'));
    cpSync(path.join(root, 'test/fixtures/workspace/requirements.txt'), path.join(folder, 'requirements.txt'));
  });

  after(async () => {
    await service?.close();
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  it('has the fix first, in colour', async () => {
    const command = `"${process.execPath}" "${path.join(root, 'dist/cli.js')}" scan --osv-url ${service?.url} --index-url none`;
    const { code, out } = await runProgram('script', ['-qec', command, '/dev/null'], {
      cwd: folder ?? '',
      env: { ...process.env, NO_COLOR: undefined, TERM: 'xterm' },
    });
    assert.equal(code, 1);
    const { browser, page } = await openBrowser({ width: 1080, height: 270 });
    try {
      await page.setContent(
        `${style}<pre>$ pinwatch scan\n${htmlOf(out.replace(/http:\/\/127[\d.:]+/u, 'https://api.osv.dev'))}</pre>`,
      );
      await page.getByText('Fix: django==3.2.5').waitFor();
      assert.ok((await page.locator('.c31, .c1').count()) > 0);
      await documentPicture(page, 'terminal.png');
    } finally {
      await browser.close();
    }
  });
});

const style = `<style>
  body { margin: 0; background: #1e1e1e; color: #d4d4d4 }
  pre { margin: 16px; font: 14px/20px "DejaVu Sans Mono", monospace; white-space: pre-wrap }
  .c1 { font-weight: bold } .c2 { opacity: 0.7 } .c31 { color: #f48771 } .c32 { color: #89d185 } .c33 { color: #e2c08d } .c36 { color: #75beff }
</style>`;

/** Colours of a terminal as elements; what ends one is `22` or `39`. */
function htmlOf(text: string): string {
  const escaped = text.replaceAll('\r', '').replace(/[&<>]/gu, (sign) => `&#${sign.charCodeAt(0)};`);
  return escaped.replace(/\u001b\[(\d+)m/gu, (_, digits: string) =>
    digits === '0' || digits === '22' || digits === '39' ? '</span>' : `<span class="c${digits}">`,
  );
}
