import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { foldersUpwards } from './ignoreFiles.ts';

/** The root of the repository that a file or folder lies in; `undefined` where it lies in none. */
export type RepositoryOf = (file: string) => Promise<string | undefined>;

/** Looks at each folder once: for one run. */
export function createRepositoryOf(
  presentFolder: string,
  isRoot: (folder: string) => Promise<boolean> = isRepositoryRoot,
): RepositoryOf {
  const known = new Map<string, Promise<boolean>>();
  return async (file) => {
    for (const folder of foldersUpwards(path.resolve(presentFolder, file)).slice(0, mostFolders)) {
      const isFound = known.get(folder) ?? isRoot(folder);
      known.set(folder, isFound);
      if (await isFound) {
        return folder;
      }
    }
    return undefined;
  };
}

/** A working tree has a file of that name. */
export async function isRepositoryRoot(folder: string): Promise<boolean> {
  try {
    await lstat(path.join(folder, '.git'));
    return true;
  } catch {
    return false;
  }
}

const mostFolders = 60;
