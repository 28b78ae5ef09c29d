import { randomUUID } from 'node:crypto';
import type { Stats } from 'node:fs';
import { access, constants, lstat, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../errorCode.ts';
import { loadFile } from '../loader.ts';
import { mostRequirementBytes } from '../readRequirementFile.ts';

export type ChangeResult = { readonly kind: 'changed' } | { readonly error: string };

/**
 * Puts a text in place of another one, whole or not at all: it is written beside the file, which is then replaced. Byte order
 * mark, mode and owner stay. Refused where the file does not hold exactly the old text in UTF-8: then it was changed meanwhile,
 * or is in another encoding. Refused, too, where the file, with links followed, is not a regular one below `within`, where it
 * may not be written, and where it has a second name (a hard link), which would keep the old text.
 */
export async function changeFile(
  file: string,
  oldText: string,
  newText: string,
  within: readonly string[],
): Promise<ChangeResult> {
  const refused = (why: string): ChangeResult => ({ error: `"${file}" was not changed: ${why}.` });
  let temporary: string | undefined;
  try {
    const loaded = await loadFile(file, { within, mostBytes: mostRequirementBytes });
    if ('error' in loaded) {
      const { code, message } = loaded.error;
      return code === undefined ? refused(message) : { error: `"${file}" could not be changed (${code}).` };
    }
    const { bytes, realPath: target, stats } = loaded; // of a link the file is replaced, not the link
    const mark = bytes.subarray(0, 3).equals(utf8Mark) ? utf8Mark : Buffer.alloc(0);
    if (bytes.equals(Buffer.concat([mark, Buffer.from(newText)]))) {
      return { kind: 'changed' }; // by another of its names
    }
    if (!bytes.equals(Buffer.concat([mark, Buffer.from(oldText)]))) {
      return refused('it was edited meanwhile, or is not in UTF-8');
    }
    if (stats.nlink > 1) {
      return refused('it is a hard link, and its other name would keep the old text');
    }
    if (!(await isWritable(target))) {
      return refused('it is read-only');
    }
    temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.tmp`);
    await writeNew(temporary, Buffer.concat([mark, Buffer.from(newText)]), stats);
    if ((await realpath(file)) !== target || !isSame(await lstat(target), stats)) {
      await rm(temporary, { force: true });
      return refused('it was edited meanwhile');
    }
    await rename(temporary, target);
    return { kind: 'changed' };
  } catch (error) {
    if (temporary !== undefined) {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
    const code = errorCode(error);
    return { error: `"${file}" could not be changed (${code === '' ? String(error) : code}).` };
  }
}

const utf8Mark = Buffer.from([0xef, 0xbb, 0xbf]);

/** As the system sees it: root may write any file, as in a container whose files came without write bits. */
async function isWritable(target: string): Promise<boolean> {
  try {
    await access(target, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function writeNew(file: string, bytes: Buffer, { mode, uid, gid }: Stats): Promise<void> {
  const handle = await open(file, 'wx', mode & 0o777);
  try {
    await handle.writeFile(bytes);
    await handle.chown(uid, gid).catch(() => undefined); // only root may give a file away
    await handle.chmod(mode & 0o7777); // the umask has no say in a file that is there already
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isSame(now: Stats, then: Stats): boolean {
  return now.ino === then.ino && now.dev === then.dev && now.mtimeMs === then.mtimeMs && now.size === then.size;
}
