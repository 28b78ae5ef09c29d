import { realpath } from 'node:fs/promises';
import path from 'node:path';

/** Where a file lies, with every link on the way followed: below one of the folders or not. */
export async function whereIs(file: string, folders: readonly string[]): Promise<'inside' | 'outside' | 'missing'> {
  try {
    const real = await realpath(file);
    const reals = await Promise.all(folders.map((folder) => realpath(folder)));
    const isInside = reals.some((folder) => real.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep));
    return isInside ? 'inside' : 'outside';
  } catch {
    return 'missing';
  }
}
