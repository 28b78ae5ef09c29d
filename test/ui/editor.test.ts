import assert from 'node:assert/strict';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { actionsUntil } from './actionsUntil.ts';
import { hoverUntil } from './hoverUntil.ts';
import { openFindings, openUiWindow, root, runCommand, type UiWindow, version } from './uiWindow.ts';

/** The packaged extension as a user meets it, in the workbench of a real VS Code. */
describe(`the packaged extension in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;
  let page: Page;

  before(async () => {
    ui = await openUiWindow({
      workspace: path.join(root, 'test/fixtures/workspace'),
      settings: { 'editor.hover.delay': 100 },
    });
    ({ page } = ui);
    await line('django').waitFor();
  });

  after(() => ui?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await ui.picture(`failed-${this.currentTest.title.replaceAll(/\W+/gu, '-')}`);
    }
  });

  const line = (text: string): Locator => page.locator('.editor-instance .view-line', { hasText: text });
  const status = (): Locator => page.locator('.statusbar-item[id="pinwatch.pinwatch.pinwatch.status"]');
  const squiggles = (level: 'error' | 'warning' | 'info'): Locator => page.locator(`.squiggly-${level}`);

  it('underlines the vulnerable versions', async () => {
    await squiggles('error').first().waitFor();
    await squiggles('warning').or(squiggles('error')).nth(1).waitFor();
    await ui.picture('1-editor');
  });

  it('counts them in the status bar and says whose advisories they are', async () => {
    await status().getByText('2').waitFor();
    assert.match(await status().innerText(), /2 · local advisories/u);
    const tooltip = page.locator('.monaco-hover', { hasText: 'Hit rate' });
    await hoverUntil(page, status(), tooltip);
    const text = await tooltip.innerText();
    for (const expected of [/2 vulnerable/u, /Entries/u, /Hits/u, /Misses/u, /127\.0\.0\.1/u]) {
      assert.match(text, expected);
    }
    await ui.picture('2-status');
    await page.mouse.move(400, 500);
  });

  it('shows the details on hover', async () => {
    const hover = page.locator('.monaco-hover', { hasText: '1 known vulnerability' }).first();
    await hoverUntil(page, line('django').locator('span span').first(), hover, { x: 15, y: 8 });
    const text = await hover.innerText();
    for (const expected of [
      /CVE-2021-35042/u,
      /critical 9\.8/u,
      /critical 9\.8\t3\.2\.5\torder_by/u,
      /Checked just now|Checked \d+ min ago/u,
    ]) {
      assert.match(text, expected);
    }
    await ui.picture('3-hover');
    await page.keyboard.press('Escape');
    await page.mouse.move(400, 500);
  });

  it('lists each finding in the Problems panel with a link to its advisory', async () => {
    await line('six').click();
    await page.keyboard.press('Control+Shift+M');
    const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'CVE-2021-35042' }).first();
    await row.waitFor();
    assert.match(await row.innerText(), /django 3\.2\.0 has 1 known vulnerability \(critical 9\.8, CVE-2021-35042\)/u);
    await row.locator('a', { hasText: 'CVE-2021-35042' }).waitFor();
    await ui.picture('4-problems');
    await page.keyboard.press('Control+Shift+M');
  });

  it('lists the packages in its view, in words too, and goes to the line', async () => {
    await openFindings(page);
    const place = (name: string, text: string): Locator =>
      page.getByRole('treeitem', { name: new RegExp(`^requirements\\.txt:\\d+, ${name} .*: ${text}`, 'u') });
    await place('django', '1 advisory, 1 critical').waitFor();
    const requests = place('requests', '2 advisories, 1 high, 1 medium');
    await requests.waitFor();
    await page.getByText('4 requirements in 1 file').first().waitFor();
    await ui.picture('4b-view');
    await requests.click();
    await page.locator('.statusbar-item', { hasText: 'Ln 3, Col 13' }).waitFor();
  });

  it('says in the language status who answers and how old the oldest answer is', async () => {
    await line('six').click();
    const item = page.locator('.statusbar-item[id="status.languageStatus"]');
    const details = page.locator('.hover-language-status', { hasText: 'Oldest answer' }).first();
    await hoverUntil(page, item, details);
    assert.match(await details.innerText(), /2 vulnerable[^A]*Advisories from 127\.0\.0\.1:\d+\./u);
    await ui.picture('4c-language');
    await page.mouse.move(400, 500);
  });

  it('asks again when told so in the palette', async () => {
    await line('six').click();
    const before = ui.service.traffic.requests.querybatch;
    await runCommand(page, 'Pinwatch: Scan File');
    await ui.service.waitFor((traffic) => traffic.requests.querybatch === before + 1);
    await page.locator('.statusbar-item', { hasText: 'Pinwatch: 4 requirements in 1 file: 2 vulnerable.' }).waitFor();
  });

  it('changes the version to the nearest safe one at the light bulb, and nothing else', async () => {
    await line('requests').locator('span span', { hasText: '2.19.1' }).last().click();
    const action = page.locator('.action-widget', { hasText: 'requests to 2.31.0' });
    await actionsUntil(page, action);
    await ui.picture('4d-actions');
    await page.keyboard.press('Enter');
    await line('2.31.0').waitFor();
    await status().getByText('1').waitFor();
    await page.keyboard.press('Control+Z');
    await status().getByText('2').waitFor();
  });

  it('clears the underline when the version is edited to a fixed one', async () => {
    await line('django').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('5');
    await status().getByText('1').waitFor();
    await ui.picture('5-edited');
  });

  it('stays honest while the service is down', async () => {
    const down = ui.service.faults.set('all', { kind: 'reset' });
    await line('six').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Backspace');
    await page.keyboard.type('1');
    await squiggles('info').first().waitFor();
    await status().getByText('offline').waitFor();
    await page.locator('.codelens-decoration', { hasText: '1 could not be checked' }).waitFor();
    assert.ok((await squiggles('error').count()) > 0, 'what was found before stays');
    await ui.picture('6-offline');
    down();
    await runCommand(page, 'Pinwatch: Scan File');
    await squiggles('info').first().waitFor({ state: 'detached' });
  });

  it('asks for nothing outside this machine', () => {
    assert.deepEqual([...ui.outside], []);
  });
});
