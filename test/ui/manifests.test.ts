import type { Page } from 'playwright-core';
import { actionsUntil } from './actionsUntil.ts';
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
    await actionsUntil(page, page.getByText('Change django to 3.2.5').first());
    await ui.picture('manifests-3-light-bulb');
    await page.keyboard.press('Enter');
    await page.locator('.view-line', { hasText: '"django==3.2.5",  # the shop' }).waitFor();
    await ui.picture('manifests-4-fixed');
  });
});

const shop = `[project]
name = "shop"
version = "1.0"
dependencies = [
    "flask>=1.0",
    "six==1.16.0",
]
`;

const fromIndex = 'source = { registry = "https://pypi.org/simple" }';
const shopLock = `version = 1
requires-python = ">=3.9"

[[package]]
name = "shop"
version = "1.0"
source = { virtual = "." }
dependencies = [{ name = "flask" }, { name = "six" }]

[[package]]
name = "flask"
version = "2.2.5"
${fromIndex}
dependencies = [{ name = "jinja2" }, { name = "werkzeug" }]

[[package]]
name = "jinja2"
version = "2.10"
${fromIndex}

[[package]]
name = "six"
version = "1.16.0"
${fromIndex}

[[package]]
name = "werkzeug"
version = "0.16.0"
${fromIndex}
`;

const installed = (name: string, release: string): Readonly<Record<string, string>> => ({
  [`.venv/lib/python3.12/site-packages/${name}-${release}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${release}\n`,
});

describe(`what comes with a requirement, in the ${version} VS Code`, function () {
  this.timeout(60_000);
  let ui: UiWindow;
  let page: Page;

  before(async () => {
    const venv = { '.venv/pyvenv.cfg': 'home = /usr/bin\n', ...installed('werkzeug', '0.16.0') };
    ui = await openUiWindow({
      workspace: { 'pyproject.toml': shop, 'uv.lock': shopLock, ...venv },
      file: 'pyproject.toml',
      service: {},
      settings: { 'terminal.integrated.gpuAcceleration': 'off' },
    });
    ({ page } = ui);
  });

  after(() => ui?.close());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await ui.picture('failed-comes-with');
  });

  it('is found, understood and on the way to be fixed in three clicks', async () => {
    await page.locator('.squiggly-error').first().waitFor();
    const pinned = page.locator('.view-line', { hasText: 'flask' }).getByText(/1\.0/u).first();
    await hoverUntil(page, pinned, page.locator('.monaco-hover', { hasText: '2 vulnerable packages come with flask' }));
    await ui.picture('comes-with-1-hover');
    await page.keyboard.press('Escape');
    await pinned.click(); // 1
    const command = 'uv lock --upgrade-package jinja2 --upgrade-package werkzeug';
    await actionsUntil(page, page.getByText(`Type in a terminal: ${command}`).first()); // 2, or the light bulb
    await ui.picture('comes-with-2-light-bulb');
    await page.keyboard.press('Enter'); // 3
    // It is typed, and waits for a person to run it: one more key.
    // The oldest one has no shell to run here: its terminal opens and stays empty.
    await page.locator('.xterm-rows', version === 'newest' ? { hasText: command } : {}).waitFor();
    await ui.picture('comes-with-3-terminal');
  });
});
