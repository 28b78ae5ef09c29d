import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { KeptText } from '../../../../engine/ports.ts';
import { makeFolder } from './makeFolder.ts';

/** A small text of our own in a file for this user alone. What cannot be read is not there; writing rejects with the reason. */
export function keptText(file: string): KeptText {
  return {
    read: async () => {
      try {
        const { size } = await stat(file);
        return size > mostBytes ? undefined : await readFile(file, 'utf8');
      } catch {
        return undefined;
      }
    },
    write: async (text) => {
      makeFolder(path.dirname(file));
      const beside = `${file}.${randomUUID()}`;
      try {
        const handle = await open(beside, 'wx', 0o600);
        await writeFile(handle, text).finally(() => handle.close());
        await rename(beside, file);
      } catch (error) {
        await rm(beside, { force: true });
        throw error;
      }
    },
  };
}

const mostBytes = 4 * 1024 * 1024;
