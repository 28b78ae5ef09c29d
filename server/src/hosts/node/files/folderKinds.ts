import type { Dirent } from 'node:fs';

/** Why a folder is not searched; whether that is to be said even where no requirements file lies in it. */
export interface NotSearched {
  readonly reason: string;
  readonly isNamed: boolean;
}

/** Folders that tools fill, by names that nobody gives to anything else. */
export function nameNotSearched(name: string): NotSearched | undefined {
  return byName.get(name);
}

/** Folders that tools fill, by what lies in them: a name alone, as `env` or `build`, proves nothing. */
export function contentsNotSearched(entries: readonly Dirent[]): string | undefined {
  if (entries.some((entry) => entry.name === 'pyvenv.cfg' && entry.isFile())) {
    return 'a virtual environment';
  }
  if (entries.some((entry) => entry.name === 'conda-meta' && entry.isDirectory())) {
    return 'a conda environment';
  }
  return entries.some((entry) => entry.name === 'CACHEDIR.TAG' && entry.isFile()) ? 'a cache' : undefined;
}

/** What people call the link to an environment or to the output of a build that they keep elsewhere. */
export function isEnvironmentName(name: string): boolean {
  return /^(?:\.?v?env|virtualenv|bazel-.+)$/u.test(name);
}

const cache: NotSearched = { reason: 'a cache', isNamed: false };
const versionControl: NotSearched = { reason: 'version control', isNamed: false };
const packages: NotSearched = { reason: 'installed packages', isNamed: true };

const byName: ReadonlyMap<string, NotSearched> = new Map([
  ...['.git', '.hg', '.svn'].map((name) => [name, versionControl] as const),
  ...['node_modules', 'site-packages'].map((name) => [name, packages] as const),
  ...['__pycache__', '.tox', '.nox', '.mypy_cache', '.ruff_cache', '.pytest_cache', '.eggs'].map(
    (name) => [name, cache] as const,
  ),
]);
