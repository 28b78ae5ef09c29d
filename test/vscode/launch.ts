import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium } from './chromium.ts';
import { installVSCode, type ProgressLog, type VSCodeVersion } from './install.ts';
import { runCommand } from './runCommand.ts';

export interface LaunchOptions {
  readonly version: VSCodeVersion;
  /** The folder to open. */
  readonly workspace: string;
  /** Open a copy that goes with the temporary home (the default), or the folder itself. */
  readonly copy?: boolean;
  /** What the copy is called; the name of the folder unless said otherwise. */
  readonly copyName?: string;
  /** What the window opens of it: the folder (the default), nothing at all, or the `.code-workspace` file of this name. */
  readonly window?: WindowContents;
  /** User settings, on top of the quiet ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Packaged extensions to install before the start. */
  readonly vsix?: string | readonly string[];
  /** False starts in Restricted Mode. */
  readonly trust?: boolean;
  /** Lets a release build run extension tests. It also keeps notifications from showing: off in UI tests. */
  readonly testDriver?: boolean;
  /** Reaches the extension host and the language server. */
  readonly env?: NodeJS.ProcessEnv;
  readonly log?: ProgressLog;
}

export type WindowContents = 'folder' | 'nothing' | `${string}.code-workspace`;

export type Payload = readonly (readonly [key: string, value: string])[];

export interface RunningVSCode {
  readonly release: string;
  /** Temporary: settings, extensions, logs, the copied workspace. Removed by stop. */
  readonly home: string;
  readonly workspace: string;
  readonly serverLog: string;
  /** Settles when the server ends, whoever ended it. */
  readonly ended: Promise<void>;
  remoteUri(file: string): string;
  url(payload?: Payload): string;
  /** Ends the server with everything it started and removes the home. */
  stop(): Promise<void>;
}

export async function startVSCode(options: LaunchOptions): Promise<RunningVSCode> {
  const log = options.log ?? (() => {});
  const { node, server, release } = await installVSCode(options.version, log);
  const home = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-vscode-'));
  const removeHome = () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  try {
    const workspace =
      options.copy === false ? path.resolve(options.workspace) : copyInto(home, options.workspace, options.copyName);
    const folders = prepareHome(home, options.settings);
    for (const vsix of [options.vsix ?? []].flat()) {
      await runCommand(node, [server, ...folders, '--install-extension', path.resolve(vsix), '--force']);
    }
    const serverLog = path.join(home, 'server.log');
    const child = spawn(node, [server, ...folders, ...serverArguments(options)], {
      detached: true, // a group of its own, so that stop reaches the extension host and the language server
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...withoutMarketplace, PINWATCH_TEST_HOME: home, ...options.env },
    });
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const killAtExit = () => {
      signalGroup(child, 'SIGKILL');
      removeHome();
    };
    process.once('exit', killAtExit);
    process.on('SIGTERM', exitIfNobodyElseListens);
    const end = async () => {
      await endGroup(child);
      process.off('exit', killAtExit);
      process.off('SIGTERM', exitIfNobodyElseListens);
    };
    const port = await listeningPort(child, serverLog).catch(async (error: unknown) => {
      await end();
      throw error;
    });
    return runningVSCode({
      release,
      home,
      workspace,
      opened: openedBy(workspace, options.window),
      serverLog,
      ended,
      authority: `127.0.0.1:${port}`,
      end,
      removeHome,
    });
  } catch (error) {
    removeHome();
    throw error;
  }
}

function copyInto(home: string, folder: string, name = path.basename(path.resolve(folder))): string {
  const workspace = path.join(home, name);
  cpSync(folder, workspace, { recursive: true });
  return workspace;
}

/** The part of the address that says what the window opens. */
function openedBy(workspace: string, window: WindowContents = 'folder'): Readonly<Record<string, string>> {
  switch (window) {
    case 'folder':
      return { folder: workspace };
    case 'nothing':
      return { ew: 'true' };
    default:
      return { workspace: path.join(workspace, window) };
  }
}

function prepareHome(home: string, settings: LaunchOptions['settings']): readonly string[] {
  const data = path.join(home, 'data');
  mkdirSync(path.join(data, 'User'), { recursive: true });
  const userSettings = JSON.stringify({ ...quietSettings, ...settings }, null, 2);
  writeFileSync(path.join(data, 'User', 'settings.json'), userSettings);
  // The workbench takes this server for a remote machine: a setting of scope "machine" counts only from here, though one
  // among the user's settings may get through when it is read before the extension's manifest.
  mkdirSync(path.join(data, 'Machine'));
  writeFileSync(path.join(data, 'Machine', 'settings.json'), JSON.stringify(settings ?? {}, null, 2));
  return [
    ...['--server-data-dir', path.join(home, 'server')],
    ...['--user-data-dir', data],
    ...['--extensions-dir', path.join(home, 'extensions')],
    '--accept-server-license-terms',
  ];
}

/** Nothing that opens by itself, takes the focus, moves or calls out. */
const quietSettings = {
  'chat.agentHost.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
};

/** Without this the workbench asks open-vsx.org about extensions. */
const withoutMarketplace = { EXTENSIONS_GALLERY: '{"serviceUrl":""}' };

function serverArguments({ trust = true, testDriver = false }: LaunchOptions): readonly string[] {
  return [
    ...['--host', '127.0.0.1', '--port', '0', '--without-connection-token'],
    ...['--telemetry-level', 'off', '--disable-getting-started-override'],
    ...(trust ? ['--disable-workspace-trust'] : []),
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
  ];
}

function listeningPort(child: ChildProcess, serverLog: string): Promise<number> {
  const file = createWriteStream(serverLog);
  file.on('error', () => {}); // the home may be removed while the last lines arrive
  return new Promise((resolve, reject) => {
    let written = '';
    const fail = (what: string) => reject(new Error(`VS Code ${what}:\n${written.slice(-4000)}`));
    const timer = setTimeout(() => fail('did not start within 30 s'), 30_000);
    const settled = (act: () => void) => () => {
      clearTimeout(timer);
      act();
    };
    const read = (chunk: string) => {
      file.write(chunk);
      written = (written + chunk).slice(-20_000);
      const port = /Extension host agent listening on (\d+)/u.exec(written)?.[1];
      if (port !== undefined) settled(() => resolve(Number(port)))();
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('error', (error) => settled(() => fail(`could not be started (${error.message})`))());
    child.once(
      'exit',
      settled(() => fail('ended while starting')),
    );
  });
}

function runningVSCode(parts: {
  readonly release: string;
  readonly home: string;
  readonly workspace: string;
  readonly opened: Readonly<Record<string, string>>;
  readonly serverLog: string;
  readonly ended: Promise<void>;
  readonly authority: string;
  readonly end: () => Promise<void>;
  readonly removeHome: () => void;
}): RunningVSCode {
  const { release, home, workspace, opened, serverLog, ended, authority, end, removeHome } = parts;
  return {
    release,
    home,
    workspace,
    serverLog,
    ended,
    remoteUri: (file) => `vscode-remote://${authority}${path.resolve(file)}`,
    url: (payload = []) => {
      const query = new URLSearchParams(opened);
      if (payload.length > 0) query.set('payload', JSON.stringify(payload));
      return `http://${authority}/?${query.toString()}`;
    },
    stop: async () => {
      await end();
      removeHome();
    },
  };
}

/** TERM first; the server takes over 5 s to obey, so KILL follows soon. */
async function endGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    signalGroup(child, 'SIGTERM');
    const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), 1500);
    await gone;
    clearTimeout(timer);
  }
  signalGroup(child, 'SIGKILL'); // children may outlive the server
}

/** Dying of the signal itself would pass over the exit listeners, and leave VS Code running. */
function exitIfNobodyElseListens(): void {
  const isOurs = (listener: unknown) => listener === exitIfNobodyElseListens;
  if (process.listeners('SIGTERM').every(isOurs)) process.exit(143);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended already.
  }
}

export interface BrowserOptions {
  readonly width?: number;
  readonly height?: number;
  readonly log?: ProgressLog;
}

export interface OpenBrowser {
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Addresses off this machine the pages asked for. They were refused. */
  readonly outside: ReadonlySet<string>;
}

export async function openBrowser(options: BrowserOptions = {}): Promise<OpenBrowser> {
  const browser = await chromium.launch({
    executablePath: await findChromium(options.log ?? (() => {})),
    headless: true,
    args: [
      '--no-sandbox', // it cannot be had as root or in most containers; only our own page is loaded
      ...['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
  const viewport = { width: options.width ?? 1280, height: options.height ?? 800 };
  const context = await browser.newContext({ viewport });
  const outside = new Set<string>();
  const isOutside = (url: URL) => /^https?:$/u.test(url.protocol) && url.hostname !== '127.0.0.1';
  await context.route(isOutside, async (route) => {
    outside.add(route.request().url());
    await route.abort();
  });
  return { browser, context, page: await context.newPage(), outside };
}
