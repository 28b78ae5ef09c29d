import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';
import { documentPicture } from './documentPicture.ts';
import { openFindings, openUiWindow, runCommand, type UiWindow, version } from './uiWindow.ts';

/** A project without a requirements file in its root, from the first look to the report. */
describe(`the view of findings in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;
  let page: Page;

  before(async () => {
    ui = await openUiWindow({
      workspace: {
        'README.md': '# shop\n',
        'requirements/base.txt': 'django==3.2.0\nrequests==2.19.1\nacme @ file:///home/me/acme\n',
        'requirements/dev.txt': `requests==2.19.1 \\\n    --hash=sha256:${'a'.repeat(64)}\nsix==1.16.0\n`,
      },
      file: null,
    });
    ({ page } = ui);
  });

  after(() => ui?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await ui.picture(`failed-${this.currentTest.title.replaceAll(/\W+/gu, '-')}`);
    }
  });

  const row = (name: string | RegExp): Locator => page.getByRole('treeitem', { name }).first();
  const toast = (text: string): Locator =>
    page.locator('.notifications-toasts .notification-list-item', { hasText: text });

  /** A button of a row is there while the mouse is; a row may move when the list is drawn again. */
  async function clickIn(item: Locator, action: string): Promise<void> {
    const button = item.locator(`a[aria-label^="${action}"]`);
    for (let tries = 0; tries < 10; tries++) {
      await item.hover();
      const isClicked = await button.click({ timeout: 1_000 }).then(
        () => true,
        () => false,
      );
      if (isClicked) return;
      await page.mouse.move(600, 600); // the row has moved from under it
    }
    await button.click();
  }

  it('is there before a file is open, counts the files and offers to scan them', async () => {
    await openFindings(page);
    // The oldest VS Code may lack the program that it searches with: then the usual names alone are counted.
    await page
      .getByText(/(?:2 requirements files, none|1 requirements file, not) checked yet\./u)
      .first()
      .waitFor();
    await ui.picture('view-1-not-checked');
    await row('Scan Workspace').click();
    await page.getByText('5 requirements in 2 files, 1 of 5 not assessed.').first().waitFor();
    await row(/^requirements\/base\.txt:1, django 3\.2\.0 → 3\.2\.5: 1 advisory, 1 critical/u).waitFor();
    await row(/^requests 2\.19\.1 → 2\.31\.0: 2 advisories, 1 high, 1 medium, 2 places/u).waitFor();
    await ui.picture('view-2-scanned');
  });

  it('has places and advisories below a package', async () => {
    await row(/^requests 2\.19\.1/u).click();
    await page.keyboard.press('ArrowRight');
    await row(/^requirements\/dev\.txt:1, requests/u).click();
    await page.keyboard.press('ArrowRight');
    await row(/^CVE-2018-18074: high /u).waitFor();
    await ui.picture('view-3-advisories');
    await documentPicture(page, 'view.png');
  });

  it('keeps out what the filter does, and says so', async () => {
    await page.locator('.action-item a[aria-label^="Filter by Severity"]').first().click();
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'critical and above' }).click();
    await page.getByText('Filter: critical and above. 2 requirements hidden.').first().waitFor();
    assert.equal(await row(/^requests 2\.19\.1/u).count(), 0);
    await ui.picture('view-4-filtered');
    await row('Clear Filter').click();
    await row(/^requests 2\.19\.1/u).waitFor();
  });

  it('ignores with a reason; the file is named before it is written, and the ignore can be taken back', async () => {
    await clickIn(row(/django 3\.2\.0/u), 'Ignore');
    await page.getByText('Your reason is saved in requirements/osv-scanner.toml (new file).').first().waitFor();
    await ui.picture('view-5-ignore');
    await page.keyboard.type('a test');
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'No end date' }).click();
    const message = toast('CVE-2021-35042 (django 3.2.0) ignored in requirements/osv-scanner.toml.');
    await message.waitFor();
    await row('Ignored: 1 advisory').waitFor();
    await ui.picture('view-6-ignored');
    await message.getByRole('button', { name: 'Undo' }).click();
    await row(/django 3\.2\.0/u).waitFor();
  });

  it('fixes what is listed, in the file that it opens', async () => {
    await clickIn(row(/django 3\.2\.0/u), 'Fix');
    await page.locator('.editor-instance .view-line', { hasText: 'django==3.2.5' }).waitFor();
    await row(/django 3\.2\.0/u).waitFor({ state: 'detached' });
    await ui.picture('view-7-fixed');
  });

  it('fixes a whole file, and says what is left', async () => {
    await page.locator('.editor-instance .view-line', { hasText: 'django' }).click();
    await runCommand(page, 'Pinwatch: Fix All in File');
    await toast('Fixed 1 requirement. 1 requirement not assessed.').waitFor();
    await ui.picture('view-8-fixed-all');
  });

  it('opens from the status bar, which has the rest, too', async () => {
    await page.locator('.statusbar-item[id="pinwatch.pinwatch.pinwatch.status"]').click();
    const entry = page.locator('.quick-input-list .monaco-list-row');
    await entry.first().waitFor();
    const shown = await entry.allInnerTexts();
    assert.deepEqual(
      shown.slice(0, 7).map((text) => text.trim()),
      ['Show Findings', 'Next Problem', 'Fix All in File', 'Scan File', 'Scan Workspace', 'Show Report', 'Settings'],
    );
    await ui.picture('view-9-menu');
    await entry.filter({ hasText: 'Show Report' }).click();
  });

  it('has a report whose places are links', async () => {
    const report = page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    const link = report.locator('a', { hasText: 'requirements/dev.txt:1' }).first();
    await link.waitFor();
    await ui.picture('view-10-report');
    await link.click();
    await page.locator('.editor-instance .view-line', { hasText: '--hash' }).waitFor();
  });

  it('shows hashes in grey', async () => {
    const hash = page.locator('.editor-instance .view-line span span', { hasText: 'sha256' }).first();
    const colour = await hash.evaluate((element) => getComputedStyle(element).color);
    const [, red, green, blue] = /rgb\((\d+), (\d+), (\d+)\)/u.exec(colour) ?? [];
    assert.ok(red !== undefined && red === green && green === blue && Number(red) < 170, colour);
    await ui.picture('view-11-hashes');
  });
});

/** What runs in the page knows the DOM; the tests are compiled without its types. */
declare function getComputedStyle(element: unknown): { readonly color: string };
