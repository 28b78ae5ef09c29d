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

/** The resolver of the machine's pip over an index of empty packages in a folder. Nothing is installed, and nobody is asked. */
export interface PipResolver {
  /** "3.11" */
  readonly python: string;
  setIndex(packages: Readonly<Record<string, readonly IndexedRelease[]>>): void;
  /** Whether pip finds something to install for one of these files. */
  canInstall(files: Readonly<Record<string, string>>, file: string): Promise<boolean>;
  close(): void;
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
      index = path.join(root, `index${++indexes}`);
      for (const [name, releases] of Object.entries(packages)) {
        writePackage(path.join(index, name), name, releases);
      }
    },
    canInstall: async (files, file) => {
      const folder = path.join(root, `project${++projects}`);
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
        writeFileSync(path.join(folder, name), text);
      }
      const how = ['--dry-run', '--ignore-installed', '--no-input', '--quiet', '--index-url', `file://${index}`];
      const answer = new Promise<string>((resolve) => waiting.push(resolve));
      child.stdin.write(`${JSON.stringify(['install', ...how, '-r', path.join(folder, file)])}\n`);
      return (await answer) === '0';
    },
    close: () => {
      child.stdin.end();
      rmSync(root, { recursive: true, force: true });
    },
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
