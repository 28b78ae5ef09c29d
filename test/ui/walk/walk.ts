import type { Locator, Page } from 'playwright-core';
import { openFindings, openUiWindow, type UiWindow } from '../uiWindow.ts';
import { corpusProjects, recordsFile, type WalkedProject } from './corpusProjects.ts';

/**
 * Walks through five tasks in real projects, in the real VS Code, and prints what each of them took: clicks (of the mouse, or Enter
 * in a list or a field; typed text is none) and seconds. `node test/ui/walk/walk.ts [PROJECT]`; pictures lie among the artifacts.
 */
async function walkAll(only: string | undefined): Promise<void> {
  for (const project of corpusProjects().filter(({ name }) => only === undefined || name === only)) {
    const ui = await openUiWindow({ workspace: project.files, file: null, service: { records: [recordsFile] } });
    try {
      console.log(`\n${project.name}, ${Object.keys(project.files).length} files`);
      await new Walk(ui, project).all();
    } finally {
      await ui.close();
    }
  }
}

class Walk {
  readonly #ui: UiWindow;
  readonly #page: Page;
  readonly #name: string;
  #clicks = 0;

  constructor(ui: UiWindow, { name }: WalkedProject) {
    this.#ui = ui;
    this.#page = ui.page;
    this.#name = name.replaceAll(' ', '-');
  }

  async all(): Promise<void> {
    await this.#page.locator('.activitybar .action-item a[aria-label^="Pinwatch"]').first().waitFor();
    await this.#task('find the worst', () => this.#findTheWorst());
    await this.#task('explain to a colleague', () => this.#explain());
    await this.#task('ignore with a reason', () => this.#ignore());
    await this.#task('fix it', () => this.#fixIt());
    await this.#task('fix all', () => this.#fixAll());
  }

  async #task(what: string, work: () => Promise<string>): Promise<void> {
    this.#clicks = 0;
    const startedMs = performance.now();
    let came: string;
    try {
      came = await work();
    } catch (error) {
      came = `FAILED: ${String(error).split('\n')[0] ?? ''}`;
    }
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
    console.log(`| ${what} | ${this.#clicks} | ${seconds} | ${came} |`);
    await this.#ui.picture(`walk-${this.#name}-${what.replaceAll(' ', '-')}`);
    await this.#page.keyboard.press('Escape');
  }

  async #findTheWorst(): Promise<string> {
    this.#clicks++;
    await openFindings(this.#page);
    await this.#click(this.#row('Scan Workspace'));
    const worst = this.#firstFinding();
    await worst.waitFor({ timeout: 120_000 });
    await this.#settled();
    return (await this.#firstFinding().getAttribute('aria-label')) ?? '';
  }

  async #explain(): Promise<string> {
    await this.#click(this.#page.locator('.action-item a[aria-label^="Show Report"]').first());
    const report = this.#page.frameLocator('iframe.webview.ready').frameLocator('iframe#active-frame');
    await report.locator('h1').first().waitFor({ timeout: 60_000 });
    return (await report.locator('p').first().innerText()).trim();
  }

  async #ignore(): Promise<string> {
    const row = this.#secondFinding();
    await row.hover();
    await this.#click(row.locator('a[aria-label^="Ignore"]'));
    const input = this.#page.locator('.quick-input-widget');
    await input.waitFor();
    // Of several advisories one is chosen first.
    if (
      await this.#page
        .locator('.quick-input-list .monaco-list-row')
        .first()
        .isVisible()
        .catch(() => false)
    ) {
      await this.#ui.picture(`walk-${this.#name}-ignore-which`);
      await this.#enter();
    }
    await this.#page
      .getByText(/saved in/u)
      .first()
      .waitFor();
    await this.#page.keyboard.type('not reached');
    await this.#enter();
    await this.#page.locator('.quick-input-list .monaco-list-row').first().waitFor();
    await this.#enter();
    const toast = this.#page.locator('.notifications-toasts .notification-list-item', { hasText: 'ignored' }).first();
    await toast.waitFor();
    return (await toast.innerText()).replaceAll('\n', ' ');
  }

  async #fixIt(): Promise<string> {
    const row = this.#page.getByRole('treeitem', { name: / → / }).first();
    const before = (await row.getAttribute('aria-label')) ?? '';
    await row.hover();
    await this.#click(row.locator('a[aria-label^="Fix"]').first());
    // Fixed, or why not.
    const toast = this.#page.locator('.notifications-toasts .notification-list-item', {
      hasText: /Fixed|need|no fix|not /,
    });
    const gone = expectNone(this.#page.getByRole('treeitem', { name: before, exact: true }));
    const said = toast
      .last()
      .waitFor()
      .then(() => toast.last().innerText());
    const result = await Promise.race([gone.then(() => ''), said]);
    return `${before} ${result.replaceAll('\n', ' ')}`;
  }

  async #fixAll(): Promise<string> {
    await this.#click(this.#page.locator('.action-item a[aria-label^="Fix All in Workspace"]').first());
    const apply = this.#page.getByRole('button', { name: 'Apply' }).first();
    const toast = this.#page.locator('.notifications-toasts .notification-list-item', {
      hasText: /selected updates|Nothing/u,
    });
    await apply.or(toast.first()).first().waitFor({ timeout: 90_000 });
    if (await apply.isVisible()) {
      await this.#ui.picture(`walk-${this.#name}-fix-all-preview`);
      await this.#click(apply);
    }
    await toast.first().waitFor({ timeout: 60_000 });
    return (await toast.first().innerText()).replaceAll('\n', ' ');
  }

  #row(name: string | RegExp): Locator {
    return this.#page.getByRole('treeitem', { name }).first();
  }

  #firstFinding(): Locator {
    return this.#page.getByRole('treeitem', { name: /: \d+ advisor(?:y|ies), |Could not be checked/u }).first();
  }

  #secondFinding(): Locator {
    return this.#page.getByRole('treeitem', { name: /: \d+ advisor(?:y|ies), /u }).nth(1);
  }

  /** The view counts what is still being checked. */
  async #settled(): Promise<void> {
    const toasts = this.#page.locator('.notifications-toasts');
    await expectNone(toasts.getByText('Pinwatch: scanning all requirements files'));
    await expectNone(this.#page.locator('.part.sidebar').getByText(/ being checked\./u));
  }

  async #click(target: Locator): Promise<void> {
    this.#clicks++;
    await target.click();
  }

  async #enter(): Promise<void> {
    this.#clicks++;
    await this.#page.keyboard.press('Enter');
  }
}

/** Waits until there is nothing of the kind. */
async function expectNone(found: Locator): Promise<void> {
  for (let tries = 0; (await found.count()) > 0; tries++) {
    if (tries > 600) throw new Error('It is still there.');
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

await walkAll(process.argv[2]);
