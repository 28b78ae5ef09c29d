import { randomUUID } from 'node:crypto';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './errorCode.ts';

export type ChangeResult = { readonly kind: 'changed' } | { readonly error: string };

/**
 * Puts a text in place of another one, whole or not at all: it is written beside the file, which is then replaced. Byte order
 * mark and mode stay. Refused where the file does not hold exactly the old text in UTF-8: then it was changed meanwhile, or
 * is in another encoding.
 */
export async function changeFile(file: string, oldText: string, newText: string): Promise<ChangeResult> {
  let temporary: string | undefined;
  try {
    const target = await realpath(file); // of a link the file is replaced, not the link
    const [bytes, { mode }] = await Promise.all([readFile(target), stat(target)]);
    const mark = bytes.subarray(0, 3).equals(utf8Mark) ? utf8Mark : Buffer.alloc(0);
    if (!bytes.equals(Buffer.concat([mark, Buffer.from(oldText)]))) {
      return { error: `"${file}" was not changed: it was edited meanwhile, or is not in UTF-8.` };
    }
    temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.tmp`);
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(Buffer.concat([mark, Buffer.from(newText)]));
      await handle.chmod(mode & 0o7777); // the umask has no say in a file that is there already
      await handle.sync();
    } finally {
      await handle.close();
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
