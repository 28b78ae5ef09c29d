import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { parse as parseToml } from 'smol-toml';
import type { LockedVersions } from '../core/assessment/decidedVersions.ts';
import { versionsOfCompiled, versionsOfEnvironment, versionsOfLock } from '../core/assessment/lockedVersions.ts';
import { parseFile } from '../core/requirements/parseFile.ts';

const lockNames = ['uv.lock', 'poetry.lock', 'pdm.lock', 'pylock.toml', 'Pipfile.lock'] as const;
const environmentNames = ['.venv', 'venv', 'env'] as const;
const mostBytes = 16 * 1024 * 1024;
const mostFolders = 32;

/**
 * What decides versions for a requirements file: what was compiled from it, then the nearest lock, then the nearest virtual
 * environment, in its folder or above, up to the nearest of `roots` that holds it. Reads files and names of folders, runs
 * nothing. What cannot be read or makes no sense decides nothing.
 */
export async function readLockedVersions(file: string, roots: readonly string[]): Promise<readonly LockedVersions[]> {
  const folders = foldersAbove(path.resolve(file), roots);
  const compiled = await compiledFrom(path.resolve(file));
  const lock = await firstOf(folders, locksIn);
  const environment = await firstOf(folders, environmentsIn);
  return [...compiled, ...lock, ...environment];
}

/** The file's own folder first. */
function foldersAbove(file: string, roots: readonly string[]): readonly string[] {
  const own = path.dirname(file);
  const above = roots.map((root) => path.resolve(root)).filter((root) => isWithin(own, root));
  const root = above.sort((a, b) => b.length - a.length)[0] ?? own;
  const folders: string[] = [];
  for (let folder = own; folders.length < mostFolders; folder = path.dirname(folder)) {
    folders.push(folder);
    if (folder === root || folder === path.dirname(folder)) {
      break;
    }
  }
  return folders;
}

function isWithin(folder: string, root: string): boolean {
  const relative = path.relative(root, folder);
  return relative === '' || (!relative.startsWith('..') && !path.isAbsolute(relative));
}

async function firstOf(
  folders: readonly string[],
  read: (folder: string) => Promise<readonly LockedVersions[]>,
): Promise<readonly LockedVersions[]> {
  for (const folder of folders) {
    const found = await read(folder);
    if (found.length > 0) {
      return found;
    }
  }
  return [];
}

/** `requirements.in` may have been compiled into `requirements.txt`. */
async function compiledFrom(file: string): Promise<readonly LockedVersions[]> {
  if (!file.endsWith('.in')) {
    return [];
  }
  const target = `${file.slice(0, -'.in'.length)}.txt`;
  const text = await textOf(target);
  const versions = text === undefined ? undefined : versionsOfCompiled(parseFile(text), path.basename(file));
  return versions === undefined ? [] : [{ kind: 'lock', source: path.basename(target), versions }];
}

async function locksIn(folder: string): Promise<readonly LockedVersions[]> {
  for (const name of lockNames) {
    const text = await textOf(path.join(folder, name));
    const versions = text === undefined ? [] : versionsOfLock(decode(name, text));
    if (versions.length > 0) {
      return [{ kind: 'lock', source: name, versions }];
    }
  }
  return [];
}

/** A lock that is being written, or broken, decides nothing. */
function decode(name: string, text: string): unknown {
  try {
    return name === 'Pipfile.lock' ? (JSON.parse(text) as unknown) : parseToml(text);
  } catch {
    return undefined;
  }
}

async function environmentsIn(folder: string): Promise<readonly LockedVersions[]> {
  for (const name of environmentNames) {
    const environment = path.join(folder, name);
    const isEnvironment = (await textOf(path.join(environment, 'pyvenv.cfg'))) !== undefined;
    const names = isEnvironment ? await installedIn(environment) : [];
    if (names.length > 0) {
      return [{ kind: 'environment', source: name, versions: versionsOfEnvironment(names) }];
    }
  }
  return [];
}

async function installedIn(environment: string): Promise<readonly string[]> {
  const pythons = (await namesIn(path.join(environment, 'lib'))).filter((name) => /^(python|pypy)\d/u.test(name));
  const sites = [
    ...pythons.map((python) => path.join(environment, 'lib', python, 'site-packages')),
    path.join(environment, 'Lib', 'site-packages'),
  ];
  const names = await Promise.all(sites.map(namesIn));
  return [...new Set(names.flat().filter((name) => name.endsWith('.dist-info')))];
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    const { size } = await stat(file);
    return size <= mostBytes ? await readFile(file, 'utf8') : undefined;
  } catch {
    return undefined;
  }
}
