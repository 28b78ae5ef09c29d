import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { screenshot } from '../vscode/hostTests.ts';
import type { VSCodeVersion } from '../vscode/install.ts';
import { type OpenBrowser, openBrowser, type RunningVSCode, startVSCode } from '../vscode/launch.ts';

const root = path.resolve(import.meta.dirname, '../..');
const version: VSCodeVersion = process.env['PINWATCH_VSCODE'] === 'oldest' ? 'oldest' : 'newest';

/** A folder that is not trusted, whose own settings would have it look clean. */
describe(`Restricted Mode in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let folder: string;
  let service: OsvService;
  let code: RunningVSCode;
  let browser: OpenBrowser;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-restricted-'));
    writeFileSync(path.join(folder, 'requirements.txt'), 'django==3.2.0\nsix==1.16.0\n');
    mkdirSync(path.join(folder, '.vscode'));
    const hiding = { 'pinwatch.enable': false, 'pinwatch.files.exclude': ['**'], 'pinwatch.ignore': [] };
    writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify(hiding));
    service = await startOsvService({ records: [demoRecords] });
    code = await startVSCode({
      version,
      workspace: folder,
      trust: false,
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

  it('checks all the same, and leaves aside what the folder says', async () => {
    const { page } = browser;
    page.setDefaultTimeout(25_000);
    await page.goto(code.url([['openFile', code.remoteUri(path.join(code.workspace, 'requirements.txt'))]]));
    await page.getByText('Restricted Mode').first().waitFor();
    try {
      await page.locator('.squiggly-error').first().waitFor();
      await page.locator('.statusbar-item[id="pinwatch.pinwatch.pinwatch.status"]').getByText('1').waitFor();
    } finally {
      await screenshot(page, `ui-${version}-restricted.png`);
    }
  });
});
