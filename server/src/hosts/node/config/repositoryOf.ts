import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { foldersUpwards } from './ignoreFiles.ts';

/** The root of the repository that a file or folder lies in; `undefined` where it lies in none. */
export async function repositoryOf(file: string, presentFolder: string): Promise<string | undefined> {
  for (const folder of foldersUpwards(path.resolve(presentFolder, file)).slice(0, mostFolders)) {
    if (await isRepositoryRoot(folder)) {
      return folder;
    }
  }
  return undefined;
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
