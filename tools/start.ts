import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathOfTool } from '../test/vscode/pathOfTool.ts';
import { startVSCode } from '../test/vscode/launch.ts';
import { runCommand } from '../test/vscode/runCommand.ts';
import { onInterrupt } from './onInterrupt.ts';
import { chooseOsv } from './osvForStart.ts';

const root = path.resolve(import.meta.dirname, '..');
const log = console.log;

/** What was started, to be ended in the reverse order. */
const started: (() => void | Promise<void>)[] = [];

interface Opened {
  readonly folder: string;
  /** Shown in the editor at once. */
  readonly file: string | undefined;
}

type Settings = Readonly<Record<string, unknown>>;

/** Builds the extension and opens a folder with it: in desktop VS Code where there is one, else in the browser's. */
async function start(argument: string | undefined): Promise<number> {
  const opened = argument === undefined ? copyOfSample() : existing(argument);
  await build();
  const settings = await osvSettings();
  const desktop = process.platform === 'win32' ? 'code.cmd' : 'code';
  if (process.env['PINWATCH_NO_DESKTOP'] !== '1' && pathOfTool(desktop) !== undefined) {
    return inDesktop(desktop, opened, settings);
  }
  return inBrowser(opened, settings);
}

function existing(argument: string): Opened {
  // npm runs scripts in the package's folder and keeps the user's own here.
  const target = path.resolve(process.env['INIT_CWD'] ?? '.', argument);
  if (!existsSync(target)) throw new Error(`There is no ${target}. Name a folder or a requirements file.`);
  if (statSync(target).isFile()) return { folder: path.dirname(target), file: target };
  return { folder: target, file: requirementsIn(target) };
}

function copyOfSample(): Opened {
  const folder = path.join(temporaryFolder(), 'sample');
  cpSync(path.join(root, 'sample'), folder, { recursive: true });
  return { folder, file: requirementsIn(folder) };
}

function requirementsIn(folder: string): string | undefined {
  const file = path.join(folder, 'requirements.txt');
  return existsSync(file) ? file : undefined;
}

function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-start-'));
  started.push(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  return folder;
}

async function build(): Promise<void> {
  await runCommand(process.execPath, ['esbuild.mjs'], { cwd: root });
  log('The extension is built.');
}

async function osvSettings(): Promise<Settings> {
  const osv = await chooseOsv((stop) => started.push(stop));
  if (osv.kind === 'public') return {};
  const { url, records } = osv;
  log(`OSV.dev cannot be reached; using ${records} recorded advisories from ${url} instead.`);
  return { 'pinwatch.osv.url': url };
}

async function inDesktop(command: string, { folder, file }: Opened, settings: Settings): Promise<number> {
  const userData = temporaryFolder();
  mkdirSync(path.join(userData, 'User'));
  writeFileSync(path.join(userData, 'User', 'settings.json'), JSON.stringify(settings, null, 2));
  const windows = process.platform === 'win32';
  const child = spawn(
    command,
    [
      ...['--user-data-dir', userData, `--extensionDevelopmentPath=${root}`],
      ...['--new-window', '--wait', folder, ...(file === undefined ? [] : [file])],
    ],
    // A group of its own, so that everything it starts can be ended; .cmd files need a shell.
    { stdio: 'inherit', detached: !windows, shell: windows },
  );
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 0));
  });
  started.push(() => {
    if (windows || child.pid === undefined) child.kill();
    else if (child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
  });
  log('Opening desktop VS Code. Close its window or press Ctrl+C here to end.');
  return ended;
}

async function inBrowser({ folder, file }: Opened, settings: Settings): Promise<number> {
  const vsix = path.join(root, 'dist', 'pinwatch.vsix');
  await runCommand('npm', ['run', '--silent', 'package'], { cwd: root });
  log('The extension is packaged.');
  const code = await startVSCode({ version: 'newest', workspace: folder, copy: false, settings, vsix, log });
  started.push(() => code.stop());
  const shown = file === undefined ? [] : [['openFile', code.remoteUri(file)] as const];
  log(`VS Code is ready: ${code.url([...shown, ['skipWelcome', 'true']])}`);
  log('Open that address in a browser. Press Ctrl+C here to end.');
  await code.ended;
  return 1; // nobody but us should end it
}

/** One that cannot be ended does not keep the others running. */
async function endEverything(): Promise<void> {
  for (const end of started.splice(0).reverse()) {
    try {
      await end();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
    }
  }
}

let stopping = false;
onInterrupt(() => {
  stopping = true;
  // Ending it is what the user asked for: no failure.
  void endEverything().finally(() => process.exit(0));
});

try {
  const code = await start(process.argv[2]);
  if (!stopping) {
    await endEverything();
    process.exit(code);
  }
} catch (error) {
  if (!stopping) {
    console.error(error instanceof Error ? error.message : error);
    await endEverything();
    process.exit(1);
  }
}
