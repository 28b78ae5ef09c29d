import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { open, readFile, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from '../errorCode.ts';
import { isBelow, realPlaceOf } from '../realPlace.ts';
import { writePieces } from './writePieces.ts';
import { writePipe } from './writePipe.ts';

/**
 * Writes a file that others read, whole or not at all: it is written beside the file, which is then replaced. A device or a
 * pipe that the user names is written directly, and so is a file in a folder that takes no new ones.
 *
 * A project may hold a link where the report goes. In one of the `projects` (folders) no link may lead out of the innermost
 * that holds the path; elsewhere the file itself may not be a link that leads out of its folder. Rejects where one does, or
 * where one leads to a file that was `scanned`.
 */
export async function writeReport(
  file: string,
  text: string | Iterable<string>,
  projects: readonly string[],
  scanned: readonly string[] = [],
): Promise<void> {
  const target = await targetOf(path.resolve(file), projects).catch(asMissingFolder);
  if (target.path !== path.resolve(file) && (await leadsToOne(target.path, scanned))) {
    throw new Error('it is a link to a file of this scan');
  }
  if (target.kind === 'pipe') {
    await writePipe(target.path, text);
  } else if (target.kind === 'special') {
    await overwrite(target.path, text, 0).catch((error: unknown) => {
      if (errorCode(error) !== 'EPIPE') {
        throw error; // who reads a pipe and leaves early has what was wanted
      }
    });
  } else {
    await replace(target.path, text, target.mode).catch(asMissingFolder);
  }
}

async function leadsToOne(target: string, scanned: readonly string[]): Promise<boolean> {
  for (const one of scanned) {
    if ((await realpath(one).catch(() => undefined)) === target) return true;
  }
  return false;
}

function asMissingFolder(error: unknown): never {
  throw errorCode(error) === 'ENOENT' ? new Error('there is no such folder', { cause: error }) : error;
}

type Target =
  | { readonly kind: 'special'; readonly path: string }
  /** With a name, so that its reader may still be to come. */
  | { readonly kind: 'pipe'; readonly path: string }
  /** With links followed. `mode` of the file that is there. */
  | { readonly kind: 'regular'; readonly path: string; readonly mode: number | undefined };

async function targetOf(file: string, projects: readonly string[]): Promise<Target> {
  if (isBelow(file, systemFolders)) {
    // Links there are the system's.
    return { kind: 'special', path: file };
  }
  const place = await realPlaceOf(file);
  const bound = innermost(file, projects) ?? path.dirname(file);
  if (!isBelow(place.path, [await realpath(bound)])) {
    throw new Error(`it is a link that leads out of "${bound}". Name the file that it leads to`);
  }
  if (!place.exists) {
    return { kind: 'regular', path: place.path, mode: undefined };
  }
  const stats = await stat(place.path);
  if (stats.isFIFO()) {
    return { kind: 'pipe', path: place.path };
  }
  return stats.isFile()
    ? { kind: 'regular', path: place.path, mode: stats.mode & 0o7777 }
    : { kind: 'special', path: place.path };
}

const systemFolders = process.platform === 'win32' ? [] : ['/dev', '/proc'];

/** The smallest of these folders that the path, as it is spelled, lies below. */
function innermost(file: string, folders: readonly string[]): string | undefined {
  const holding = folders.map((folder) => path.resolve(folder)).filter((folder) => isBelow(file, [folder]));
  return holding.reduce<string | undefined>(
    (best, folder) => (best === undefined || folder.length > best.length ? folder : best),
    undefined,
  );
}

async function replace(target: string, text: string | Iterable<string>, mode: number | undefined): Promise<void> {
  const temporary = path.join(path.dirname(target), `.${path.basename(target)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx', mode ?? 0o666);
    try {
      await writePieces(handle, typeof text === 'string' ? [text] : text);
      if (mode !== undefined) {
        await handle.chmod(mode); // the umask has no say in a file that is there already
      }
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (mode !== undefined && takesNoNewFile(error)) {
      await overwrite(target, text, constants.O_TRUNC);
      return;
    }
    throw error;
  }
  await rename(temporary, target).catch(async (error: unknown) => {
    try {
      // Others' files in a folder such as /tmp cannot be replaced, and may take the text. `text` may be read only once.
      if (mode === undefined || !takesNoNewFile(error)) {
        throw error;
      }
      await overwrite(target, await readFile(temporary), constants.O_TRUNC);
    } finally {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  });
}

function takesNoNewFile(error: unknown): boolean {
  return ['EACCES', 'EPERM', 'EROFS'].includes(errorCode(error));
}

/** `text` goes into what is there. */
async function overwrite(target: string, text: string | Iterable<string> | Buffer, flags: number): Promise<void> {
  const handle = await open(target, constants.O_WRONLY | flags);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}
