import type { Page } from 'playwright-core';
import { hoverUntil } from './hoverUntil.ts';
import { openUiWindow, type UiWindow, version } from './uiWindow.ts';

const pyproject = `[project]
name = "shop"
version = "1.0"
dependencies = [
    "django==3.2.0",  # the shop
    "requests>=2.19",
]
`;

const lock = `version = 1
requires-python = ">=3.9"

[[package]]
name = "shop"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "django" }, { name = "requests" }]

[[package]]
name = "django"
version = "3.2.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "requests"
version = "2.19.1"
source = { registry = "https://pypi.org/simple" }
`;

describe(`a pyproject.toml with a lock in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;
  let page: Page;

  before(async () => {
    ui = await openUiWindow({ workspace: { 'pyproject.toml': pyproject, 'uv.lock': lock }, file: 'pyproject.toml' });
    ({ page } = ui);
  });

  after(() => ui?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await ui.picture(`failed-manifests-${this.currentTest.title.replaceAll(/\W+/gu, '-')}`);
    }
  });

  it('shows what is vulnerable at its line, and which version the lock has', async () => {
    await page.locator('.squiggly-error').first().waitFor();
    const django = page
      .locator('.view-line', { hasText: 'django' })
      .getByText(/django/u)
      .first();
    await hoverUntil(page, django, page.locator('.monaco-hover', { hasText: 'django 3.2.0' }));
    await ui.picture('manifests-1-hover');
    await page.keyboard.press('Control+Shift+M');
    await page
      .getByText(/requests 2\.19\.1/u)
      .first()
      .waitFor();
    await ui.picture('manifests-2-problems');
  });

  it('changes the version in place, and keeps the comment', async () => {
    await page.locator('.view-line', { hasText: 'django' }).click();
    await page.keyboard.press('Control+.');
    await page.getByText('Change django to 3.2.5').first().waitFor();
    await ui.picture('manifests-3-light-bulb');
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: '"django==3.2.5",  # the shop' }).waitFor();
    await ui.picture('manifests-4-fixed');
  });
});
