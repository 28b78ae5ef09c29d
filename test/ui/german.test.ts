import type { Page } from 'playwright-core';
import { actionsUntil } from './actionsUntil.ts';
import { hoverUntil } from './hoverUntil.ts';
import { openFindings, openUiWindow, type UiWindow, version } from './uiWindow.ts';

/** The words of the manifest, of the client and of the server, each in its place. */
describe(`German in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;
  let page: Page;

  before(async () => {
    ui = await openUiWindow({
      workspace: { 'requirements.txt': 'django==3.2.0\nrequests==2.19.1\nflask=1.0\n./local\n' },
      language: 'de',
    });
    ({ page } = ui);
  });

  after(() => ui?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await ui.picture(`failed-german-${this.currentTest.title.replaceAll(/\W+/gu, '-')}`);
    }
  });

  it('is in the lens, the problems and the hover', async () => {
    await page.getByText('2 verwundbar, 2 behebbar · 1 nicht geprüft · 1 von 4 nicht bewertet').waitFor();
    await page.keyboard.press('Control+Shift+M');
    await page
      .getByText(/django 3\.2\.0 hat 1 bekannte Schwachstelle \(kritisch 9\.8/u)
      .first()
      .waitFor();
    await page
      .getByText(/"=" ist kein Operator; verwenden Sie "=="/u)
      .first()
      .waitFor();
    const name = page.locator('.view-line', { hasText: 'requests' }).getByText('requests');
    const summary = 'hat 2 bekannte Schwachstellen: 1 hoch, 1 mittel';
    await hoverUntil(page, name, page.locator('.monaco-hover', { hasText: summary }));
    await ui.picture('german-1-hover');
  });

  it('is at the light bulb', async () => {
    await page.locator('.view-line', { hasText: 'django' }).click();
    const fix = page.getByText('django auf 3.2.5 ändern (nächste sichere, Patch, nicht überprüft)').first();
    await actionsUntil(page, fix);
    await ui.picture('german-2-light-bulb');
    await page.keyboard.press('Escape');
  });

  it('is in the view and the report', async () => {
    await openFindings(page);
    await page
      .getByRole('treeitem', { name: /1 Sicherheitshinweis, 1 kritisch/u })
      .first()
      .waitFor();
    await ui.picture('german-3-view');
    await page.locator('.action-item a[aria-label^="Bericht anzeigen"]').first().click();
    const report = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await report.locator('h2', { hasText: 'Zu beheben' }).waitFor();
    await ui.picture('german-4-report');
  });
});
