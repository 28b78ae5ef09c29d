import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { type HostRun, hostVerdict, type HostVerdict } from './hostVerdict.ts';
import type { ProgressLog, VSCodeVersion } from './install.ts';
import { openBrowser, startVSCode, type WindowContents } from './launch.ts';

export interface HostTestOptions {
  readonly version: VSCodeVersion;
  readonly workspace: string;
  /** What the folder that is opened is called. */
  readonly folderName?: string;
  readonly window?: WindowContents;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly trust?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMs?: number;
  readonly log?: ProgressLog;
}

export interface HostTestRun extends HostVerdict {
  /** Console of the extension host, for when something failed. */
  readonly console: readonly string[];
  /** Addresses off this machine the workbench asked for. */
  readonly outside: readonly string[];
}

const root = path.resolve(import.meta.dirname, '..', '..');

/** Where tests of the extension host lie: those of a window with one folder, or those of another kind of window. */
export type HostTestFolder = 'test/host' | `test/host/${string}`;

/** Runs such tests in the extension host of a real VS Code, with the extension in dist loaded from the checkout. */
export async function runHostTests(
  options: HostTestOptions,
  folder: HostTestFolder = 'test/host',
): Promise<HostTestRun> {
  const tests = await bundleHostTests(folder);
  return runInExtensionHost({ ...options, extension: root, tests });
}

/** Bundles the tests of one folder for the extension host and gives the path of their entry. */
export async function bundleHostTests(folder: HostTestFolder = 'test/host'): Promise<string> {
  const source = path.join(root, folder);
  const outdir = path.join(root, '.build', 'host-tests', path.basename(folder));
  rmSync(outdir, { recursive: true, force: true }); // or a test that was deleted would still run
  const tests = readdirSync(source).filter((file) => file.endsWith('.test.ts'));
  await build({
    entryPoints: [
      { in: path.join(root, 'test', 'host', 'index.ts'), out: 'index' },
      ...tests.map((file) => ({ in: path.join(source, file), out: path.basename(file, '.ts') })),
    ],
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.18',
    external: ['vscode', 'mocha'],
    // A CommonJS bundle has no `import.meta`; the local OSV service asks it where its records are.
    define: { 'import.meta.url': 'bundleUrl', 'import.meta.dirname': '__dirname' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.js');
}

export interface ExtensionHostOptions extends HostTestOptions {
  readonly extension: string;
  /** A CommonJS module exporting `run(): Promise<void>` that writes HOST_TEST_RESULTS. */
  readonly tests: string;
}

export async function runInExtensionHost(options: ExtensionHostOptions): Promise<HostTestRun> {
  const { version, workspace, folderName, window, settings, trust, env, log, timeoutMs = 120_000 } = options;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-host-tests-'));
  const results = path.join(folder, 'results.json');
  try {
    const code = await startVSCode({
      version,
      workspace,
      testDriver: true,
      ...(folderName !== undefined && { copyName: folderName }),
      ...(window && { window }),
      env: { ...env, HOST_TEST_RESULTS: results },
      ...(settings && { settings }),
      ...(trust !== undefined && { trust }),
      ...(log && { log }),
    });
    try {
      const { browser, page, outside } = await openBrowser(log && { log });
      try {
        const lines: string[] = [];
        const ended = await exposeAutomation(page, (line) => lines.push(line));
        await page.goto(
          code.url([
            ['extensionDevelopmentPath', code.remoteUri(options.extension)],
            ['extensionTestsPath', code.remoteUri(options.tests)],
            ['skipWelcome', 'true'],
          ]),
        );
        const exit = await endOf(ended, timeoutMs);
        const verdict = hostVerdict({ exit, results: readIfThere(results) });
        if (!verdict.ok) await screenshot(page, `host-tests-${version}.png`);
        return { ...verdict, console: lines, outside: [...outside] };
      } finally {
        await browser.close();
      }
    } finally {
      await code.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The two functions a workbench under test calls in its page. The promise gives the exit code it reports. */
async function exposeAutomation(
  page: Page,
  onLine: (line: string) => void,
): Promise<{ readonly code: Promise<number> }> {
  let report: (code: number) => void = () => {};
  const code = new Promise<number>((resolve) => (report = resolve));
  await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) =>
    onLine(`[${type}] ${format(...args)}`),
  );
  await page.exposeFunction('codeAutomationExit', (value: number) => report(value));
  return { code }; // wrapped: a bare promise would be awaited by the caller's await
}

async function endOf(ended: { readonly code: Promise<number> }, timeoutMs: number): Promise<HostRun['exit']> {
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<HostRun['exit']>((resolve) => {
    timer = setTimeout(() => resolve({ kind: 'timedOut', afterMs: timeoutMs }), timeoutMs);
  });
  const exited = ended.code.then((code) => ({ kind: 'exited', code }) as const);
  return Promise.race([exited, timedOut]).finally(() => clearTimeout(timer));
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // judged by hostVerdict
  }
}

/** Saves what the page shows in artifacts/, for a failed test. */
export async function screenshot(page: Page, name: string): Promise<string> {
  const folder = path.join(root, 'artifacts');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, name);
  await page.screenshot({ path: file });
  return file;
}
