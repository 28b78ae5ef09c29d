import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { screenshot } from '../vscode/hostTests.ts';
import type { VSCodeVersion } from '../vscode/install.ts';
import { type OpenBrowser, openBrowser, type RunningVSCode, startVSCode } from '../vscode/launch.ts';

const root = path.resolve(import.meta.dirname, '../..');
const version: VSCodeVersion = process.env['PINWATCH_VSCODE'] === 'oldest' ? 'oldest' : 'newest';

/** One file, opened by itself: what the commands and lists that are about a workspace say then. */
describe(`a window without a folder in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let folder: string;
  let service: OsvService;
  let code: RunningVSCode;
  let browser: OpenBrowser;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-loose-'));
    writeFileSync(path.join(folder, 'requirements.txt'), 'django==3.2.0\nsix==1.16.0\n');
    service = await startOsvService({ records: [demoRecords] });
    code = await startVSCode({
      version,
      workspace: folder,
      window: 'nothing',
      vsix: path.join(root, 'dist/pinwatch.vsix'),
      settings: { 'pinwatch.osv.url': service.url, 'pinwatch.index.url': 'none' },
    });
    browser = await openBrowser();
  });

  after(async () => {
    await browser?.browser.close();
    await code?.stop();
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('says what was looked at, and never that the workspace is well', async () => {
    const { page } = browser;
    page.setDefaultTimeout(20_000);
    await page.goto(code.url([['openFile', code.remoteUri(path.join(code.workspace, 'requirements.txt'))]]));
    try {
      await page.locator('.squiggly-error').first().waitFor();
      await page.locator('.editor-instance .view-line', { hasText: 'django' }).click();
      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget input').waitFor();
      await page.keyboard.type('Pinwatch: Rescan Workspace');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Rescan Workspace' }).first().waitFor();
      await page.keyboard.press('Enter');
      await page
        .getByText('no folder is open; of the open files: 2 requirements in 1 file: 1 vulnerable.')
        .first()
        .waitFor();
      await page.keyboard.press('End');
      await page.keyboard.press('Backspace');
      await page.keyboard.type('5');
      await page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
      const pane = page.locator('.pane-header', { hasText: 'Pinwatch' });
      if (!(await pane.isVisible())) await page.keyboard.press('Control+Shift+E');
      await pane.click();
      await page.getByText('No folder is open, so no other file has been checked.').first().waitFor();
    } finally {
      await screenshot(page, `ui-${version}-no-folder.png`);
    }
  });
});
