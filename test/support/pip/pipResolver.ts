import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { zipOf } from '../zip.ts';

export interface IndexedRelease {
  readonly version: string;
  readonly requiresPython?: string | undefined;
  readonly yanked?: boolean;
}

/** "3.8", and "linux" or "win32". */
export interface PipMachine {
  readonly python: string;
  readonly platform: string;
}

/** The resolver of the machine's pip over an index of empty packages in a folder. Nothing is installed, and nobody is asked. */
export interface PipResolver {
  /** "3.11" */
  readonly python: string;
  setIndex(packages: Readonly<Record<string, readonly IndexedRelease[]>>): void;
  /** Whether pip finds something to install for one of these files, on a Python and platform of one's own or on another one. */
  canInstall(files: Readonly<Record<string, string>>, file: string, on?: PipMachine): Promise<boolean>;
  close(): Promise<void>;
}

/** `undefined` where there is no pip that can do this. */
export function startPipResolver(): PipResolver | undefined {
  const asked = spawnSync(
    'python3',
    ['-c', 'import pip, sys; print("%d.%d %s" % (*sys.version_info[:2], pip.__version__))'],
    {
      encoding: 'utf8',
    },
  );
  const [, python, major = '0'] = /^(3\.\d+) (\d+)\./u.exec(asked.stdout) ?? [];
  if (asked.status !== 0 || python === undefined || Number(major) < 23) {
    return undefined;
  }
  const root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-pip-'));
  const child = spawn('python3', [path.join(import.meta.dirname, 'resolve.py')], {
    cwd: root,
    env: { ...process.env, PIP_CONFIG_FILE: os.devNull, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_CACHE_DIR: '1' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting: ((line: string) => void)[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.(line));
  let projects = 0;
  let indexes = 0;
  let index = '';
  return {
    python,
    setIndex: (packages) => {
      if (index !== '') rmSync(index, { recursive: true, force: true });
      index = path.join(root, `index${++indexes}`);
      for (const [name, releases] of Object.entries(packages)) {
        writePackage(path.join(index, name), name, releases);
      }
    },
    canInstall: async (files, file, on) => {
      const folder = path.join(root, `project${++projects}`);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      const how = ['--dry-run', '--ignore-installed', '--no-input', '--quiet', '--index-url', `file://${index}`];
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      const elsewhere = on === undefined ? [] : ['--python-version', on.python, '--only-binary=:all:'];
      const installed = ['install', ...how, ...elsewhere, '-r', path.join(folder, file)];
      child.stdin.write(`${JSON.stringify({ arguments: installed, markers: markersOf(on) })}\n`);
      const code = await answer;
      rmSync(folder, { recursive: true, force: true });
      return code === '0';
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.stdin.end();
      await ended;
      rmSync(root, { recursive: true, force: true });
    },
  };
}

function markersOf(on: PipMachine | undefined): Readonly<Record<string, string>> {
  if (on === undefined) return {};
  const isWindows = on.platform === 'win32';
  return {
    python_version: on.python,
    python_full_version: `${on.python}.5`,
    sys_platform: on.platform,
    platform_system: isWindows ? 'Windows' : 'Linux',
    os_name: isWindows ? 'nt' : 'posix',
  };
}

function writePackage(folder: string, name: string, releases: readonly IndexedRelease[]): void {
  mkdirSync(folder, { recursive: true });
  const links = releases.map(({ version, requiresPython, yanked = false }) => {
    const file = `${name}-${version}-py3-none-any.whl`;
    const info = `${name}-${version}.dist-info`;
    const python = requiresPython === undefined ? '' : `Requires-Python: ${requiresPython}\n`;
    const metadata = `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${python}`;
    const wheel = 'Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n';
    writeFileSync(
      path.join(folder, file),
      zipOf({ [`${info}/METADATA`]: metadata, [`${info}/WHEEL`]: wheel, [`${info}/RECORD`]: '' }),
    );
    const shown =
      python === ''
        ? ''
        : ` data-requires-python="${(requiresPython ?? '').replaceAll('>', '&gt;').replaceAll('<', '&lt;')}"`;
    return `<a href="${file}"${shown}${yanked ? ' data-yanked=""' : ''}>${file}</a>`;
  });
  writeFileSync(path.join(folder, 'index.html'), `<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`);
}
