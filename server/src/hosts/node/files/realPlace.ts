import { lstat, readlink, realpath } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './errorCode.ts';

export interface RealPlace {
  /** Absolute, with every link on the way followed. */
  readonly path: string;
  readonly exists: boolean;
}

// As many as Linux follows.
const mostLinks = 40;

/**
 * Where a path leads. Of one that leads nowhere, the place that it would have: whether something is there must not decide
 * whether a stranger's path counts as inside. Rejects where that cannot be found out.
 */
export async function realPlaceOf(file: string, linksLeft = mostLinks): Promise<RealPlace> {
  const absolute = path.resolve(file);
  try {
    return { path: await realpath(absolute), exists: true };
  } catch (error) {
    if (!isNowhere(error) || linksLeft === 0 || path.dirname(absolute) === absolute) {
      throw error;
    }
  }
  const folder = await realPlaceOf(path.dirname(absolute), linksLeft - 1);
  const place = path.join(folder.path, path.basename(absolute));
  const target = folder.exists && (await isLink(place)) ? await readlink(place) : undefined;
  return target === undefined
    ? { path: place, exists: false }
    : { ...(await realPlaceOf(path.resolve(folder.path, target), linksLeft - 1)), exists: false };
}

/** Whether a real path lies below one of these folders, given by their real paths, or is one of them. */
export function isBelow(real: string, folders: readonly string[]): boolean {
  return folders.some((folder) => {
    // Also compares the letter case as the system does.
    const relative = path.relative(folder, real);
    return relative !== '..' && !relative.startsWith(`..${path.sep}`) && !path.isAbsolute(relative);
  });
}

export function isNowhere(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(errorCode(error));
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch {
    return false;
  }
}
