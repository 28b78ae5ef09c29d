import { randomUUID } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './errorCode.ts';

/**
 * Writes a file that others read, whole or not at all: it is written beside the file, which is then replaced. What is no
 * regular file (a device, a pipe) is written directly, and so is a file in a folder that takes no new ones.
 */
export async function writeReport(file: string, text: string): Promise<void> {
  const target = await targetOf(file);
  if (target.kind === 'special' || !(await replaced(target.path, text, target.mode))) {
    await writeFile(file, text);
  }
}

type Target =
  | { readonly kind: 'special' }
  /** `mode` of the file that is there. */
  | { readonly kind: 'regular'; readonly path: string; readonly mode: number | undefined };

async function targetOf(file: string): Promise<Target> {
  try {
    const target = await realpath(file); // of a link the file is replaced, not the link
    const stats = await stat(target);
    return stats.isFile() ? { kind: 'regular', path: target, mode: stats.mode & 0o7777 } : { kind: 'special' };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return { kind: 'regular', path: file, mode: undefined };
    }
    return { kind: 'special' }; // as of a pipe, whose path leads nowhere
  }
}

/** False where the folder takes no new file, but the file that is there may take the text. */
async function replaced(target: string, text: string, mode: number | undefined): Promise<boolean> {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode ?? 0o666);
    try {
      await handle.writeFile(text);
      if (mode !== undefined) {
        await handle.chmod(mode); // the umask has no say in a file that is there already
      }
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
    return true;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (mode !== undefined && ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error))) {
      return false;
    }
    throw error;
  }
}
