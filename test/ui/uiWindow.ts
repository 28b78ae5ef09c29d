import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { type OsvService, type OsvServiceOptions, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { screenshot } from '../vscode/hostTests.ts';
import type { VSCodeVersion } from '../vscode/install.ts';
import { type LaunchOptions, openBrowser, startVSCode } from '../vscode/launch.ts';

export const root = path.resolve(import.meta.dirname, '../..');
export const version: VSCodeVersion = process.env['PINWATCH_VSCODE'] === 'oldest' ? 'oldest' : 'newest';

export interface UiOptions extends Pick<LaunchOptions, 'window' | 'trust'> {
  /** A folder of the repository, or the texts of the files of a new one, by path. */
  readonly workspace: string | Readonly<Record<string, string>>;
  /** On top of those that lead to the stand-in for OSV. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The demo records where absent. */
  readonly service?: OsvServiceOptions;
  readonly size?: { readonly width: number; readonly height: number };
  /** What to open in the editor: `requirements.txt` where absent, nothing where `null`. */
  readonly file?: string | null;
  /** Of the window, as a language pack sets it: extensions read it, VS Code's own words stay English without the pack. */
  readonly language?: string;
}

/** The packaged extension in a VS Code as a browser shows it, with `requirements.txt` open. */
export interface UiWindow {
  readonly page: Page;
  readonly service: OsvService;
  /** Of VS Code itself. */
  readonly home: string;
  /** Hosts other than this machine that the page wanted to reach. */
  readonly outside: ReadonlySet<string>;
  /** Of the whole page, among the artifacts. */
  picture(name: string): Promise<unknown>;
  close(): Promise<void>;
}

/** What was started is ended again where something fails on the way. */
export async function openUiWindow(options: UiOptions): Promise<UiWindow> {
  const { workspace, settings, service, size, file = 'requirements.txt', language, ...launch } = options;
  const ends: (() => unknown)[] = [];
  const close = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) {
      await end();
    }
  };
  try {
    const osv = await startOsvService(service ?? { records: [demoRecords] });
    ends.push(() => osv.close());
    const code = await startVSCode({
      ...launch,
      version,
      workspace: typeof workspace === 'string' ? workspace : newFolder(workspace, ends),
      vsix: path.join(root, 'dist/pinwatch.vsix'),
      settings: { 'pinwatch.osv.url': osv.url, 'pinwatch.index.url': 'none', ...settings },
    });
    ends.push(() => code.stop());
    const { browser, page, outside } = await openBrowser(size);
    ends.push(() => browser.close());
    page.setDefaultTimeout(stepTimeoutMs);
    if (language !== undefined) {
      await page.addInitScript((tag) => Object.assign(globalThis, { _VSCODE_NLS_LANGUAGE: tag }), language);
    }
    const opened = file === null ? [] : [['openFile', code.remoteUri(path.join(code.workspace, file))] as const];
    await page.goto(code.url(opened));
    const picture = (name: string): Promise<unknown> => screenshot(page, `ui-${version}-${name}.png`);
    return { page, service: osv, home: code.home, outside, picture, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const stepTimeoutMs = 25_000;

/** Opens the view of findings. Its badge lies over its icon, so the click is not waited for. */
export async function openFindings(page: Page): Promise<void> {
  const icon = page.locator('.activitybar .action-item a[aria-label^="Pinwatch"]').first();
  await icon.waitFor();
  await icon.click({ force: true });
}

/** Runs a command from the palette. */
export async function runCommand(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.type(title);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await page.keyboard.press('Enter');
}

function newFolder(files: Readonly<Record<string, string>>, ends: (() => unknown)[]): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-ui-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}
