import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { screenshot } from '../vscode/hostTests.ts';
import type { VSCodeVersion } from '../vscode/install.ts';
import { type OpenBrowser, openBrowser, type RunningVSCode, startVSCode } from '../vscode/launch.ts';
import { smallPng } from '../vscode/smallPng.ts';

const root = path.resolve(import.meta.dirname, '../..');
const version: VSCodeVersion = process.env['PINWATCH_VSCODE'] === 'oldest' ? 'oldest' : 'newest';

/** What `npm start` shows where OSV cannot be reached: the sample, with the advisories that the repository carries. */
describe(`the sample in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let service: OsvService;
  let code: RunningVSCode;
  let browser: OpenBrowser;

  before(async () => {
    service = await startOsvService();
    code = await startVSCode({
      version,
      workspace: path.join(root, 'sample'),
      vsix: path.join(root, 'dist/pinwatch.vsix'),
      settings: { 'pinwatch.osv.url': service.url, 'pinwatch.index.url': 'none', 'editor.hover.delay': 100 },
    });
    browser = await openBrowser({ width: 1080, height: 560 });
  });

  after(async () => {
    await browser?.browser.close();
    await code?.stop();
    await service?.close();
  });

  it('has seven vulnerable requirements, and says what is wrong with each', async () => {
    const { page } = browser;
    page.setDefaultTimeout(20_000);
    await page.goto(code.url([['openFile', code.remoteUri(path.join(code.workspace, 'requirements.txt'))]]));
    const status = page.locator('.statusbar-item[id="pinwatch.pinwatch.pinwatch.status"]');
    await status.getByText('7 · local advisories').waitFor();
    await page.locator('.squiggly-error').nth(5).waitFor();
    const pillow = page.locator('.editor-instance .view-line', { hasText: 'pillow' });
    await pillow
      .locator('span span')
      .first()
      .hover({ position: { x: 15, y: 8 } });
    await page.locator('.monaco-hover', { hasText: 'known vulnerabilities' }).first().waitFor();
    await screenshot(page, `ui-${version}-sample.png`);
    if (process.env['PINWATCH_SCREENSHOTS'] === '1' && version === 'newest') {
      mkdirSync(path.join(root, 'docs/images'), { recursive: true });
      writeFileSync(path.join(root, 'docs/images/editor.png'), smallPng(await page.screenshot()));
    }
  });
});
