import path from 'node:path';
import { documentPicture } from './documentPicture.ts';
import { hoverUntil } from './hoverUntil.ts';
import { openUiWindow, root, type UiWindow, version } from './uiWindow.ts';

/** What `npm start` shows where OSV cannot be reached: the sample, with the advisories that the repository carries. */
describe(`the sample in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;

  before(async () => {
    ui = await openUiWindow({
      workspace: path.join(root, 'sample'),
      service: {},
      settings: { 'editor.hover.delay': 100 },
      size: { width: 1080, height: 560 },
    });
  });

  after(() => ui?.close());

  it('has seven vulnerable requirements, and says what is wrong with each', async () => {
    const { page } = ui;
    const status = page.locator('.statusbar-item[id="pinwatch.pinwatch.pinwatch.status"]');
    await status.getByText(/7 · \d+ of \d+ not assessed · local advisories/u).waitFor();
    await page.locator('.squiggly-error').nth(5).waitFor();
    const pillow = page.locator('.editor-instance .view-line', { hasText: 'pillow' });
    const hover = page.locator('.monaco-hover', { hasText: 'known vulnerabilities' }).first();
    await hoverUntil(page, pillow.locator('span span').first(), hover, { x: 15, y: 8 });
    await ui.picture('sample');
    await documentPicture(page, 'editor.png');
  });
});
