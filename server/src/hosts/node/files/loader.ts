import { constants, fstatSync, readlinkSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { errorCode } from './errorCode.ts';
import { isBelow, isNowhere, type RealPlace, realPlaceOf } from './realPlace.ts';
import { readBytes } from './readBytes.ts';
import { unless } from './unless.ts';

export interface LoadOptions {
  /** The file must lie below one of these folders, with the links of both followed. */
  readonly within: readonly string[];
  readonly mostBytes: number;
  /** Finds out where the folders lead; remembers it, where many files are read. */
  readonly realFoldersOf?: typeof realFolders | undefined;
  /** Ends the reading. */
  readonly signal?: AbortSignal | undefined;
}

export interface LoadedFile {
  readonly bytes: Buffer;
  /** With every link on the way followed. */
  readonly realPath: string;
  /** Of the file that was read. */
  readonly stats: Stats;
}

export interface LoadError {
  readonly kind: 'missing' | 'outside' | 'notRegular' | 'tooLarge' | 'unreadable' | 'timeout';
  /** Why, for people; stands behind "was not read:". */
  readonly message: string;
  /** The system's, where it refused. */
  readonly code?: string;
}

export type Loaded = LoadedFile | { readonly error: LoadError };

/**
 * The one way to a file that a stranger may have put there. Reads regular files below the given folders and nothing else,
 * as far as the limit. What was checked is what is read: the checks are made once more on the open file. Never throws.
 */
export async function loadFile(
  file: string,
  { within, mostBytes, realFoldersOf = realFolders, signal }: LoadOptions,
): Promise<Loaded> {
  let opening: Promise<Opened> | undefined;
  try {
    const opened = await unless(signal, () => (opening = openInside(file, within, realFoldersOf(within))));
    if ('error' in opened) {
      return opened;
    }
    const { handle, realPath, stats } = opened;
    const isTooLarge = stats.size > mostBytes;
    const bytes = isTooLarge ? undefined : await readBytes(handle, { expected: stats.size, mostBytes, signal });
    return bytes === undefined ? failed('tooLarge', tooLarge(mostBytes)) : { bytes, realPath, stats };
  } catch (error) {
    return loadErrorOf(error, signal);
  } finally {
    const closing = opening?.then(close).catch(() => undefined);
    // When the time is up, nobody waits for a disk that does not answer.
    await (signal?.aborted === true ? undefined : closing);
  }
}

async function close(opened: Opened): Promise<void> {
  if ('handle' in opened) {
    await opened.handle.close();
  }
}

/** The real paths of folders; those that are not there are left out, so that nothing is below them. */
export async function realFolders(folders: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)));
  return found.filter((folder) => folder !== undefined);
}

/** What an exception of the disk, or of the signal, comes to. */
export function loadErrorOf(error: unknown, signal: AbortSignal | undefined): { readonly error: LoadError } {
  if (signal?.aborted === true) {
    return failed('timeout', 'the time was up');
  }
  const code = errorCode(error);
  return isNowhere(error)
    ? failed('missing', 'there is no such file', code)
    : failed('unreadable', code === '' ? String(error) : code, code);
}

export function tooLarge(mostBytes: number): string {
  return `it is larger than ${mostBytes / 1024 / 1024} MB`;
}

export function failed(kind: LoadError['kind'], message: string, code = ''): { readonly error: LoadError } {
  return { error: { kind, message, ...(code === '' ? {} : { code }) } };
}

type Opened =
  { readonly handle: FileHandle; readonly realPath: string; readonly stats: Stats } | { readonly error: LoadError };

async function openInside(
  file: string,
  within: readonly string[],
  realFolders: Promise<readonly string[]>,
): Promise<Opened> {
  const [place, folders] = await Promise.all([realPlaceOf(file), realFolders]);
  if (!isBelow(place.path, folders) && !(await isBelowMissing(place, within))) {
    return outside;
  }
  if (!place.exists) {
    return failed('missing', 'there is no such file', 'ENOENT');
  }
  // To open some devices is to set them off, so nothing but a regular file is opened.
  const before = await lstat(place.path);
  if (!before.isFile()) {
    return notRegular;
  }
  const handle = await open(place.path, readFlags);
  try {
    const stats = fstatSync(handle.fd);
    if (!stats.isFile()) {
      await handle.close();
      return notRegular;
    }
    const openedPath = pathOf(handle) ?? (await realpath(file));
    if (!isBelow(openedPath, folders) || stats.ino !== before.ino || stats.dev !== before.dev) {
      await handle.close();
      return failed('unreadable', 'it changed while it was opened');
    }
    return { handle, realPath: place.path, stats };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** One of the folders is not there itself, and the file would be below it: it is missing like the folder. */
async function isBelowMissing({ path: real, exists }: RealPlace, within: readonly string[]): Promise<boolean> {
  if (exists) return false;
  const folders = await Promise.all(within.map((folder) => realPlaceOf(folder)));
  const missing = folders.filter((folder) => !folder.exists).map((folder) => folder.path);
  return isBelow(real, missing);
}

const outside = failed('outside', 'it is outside of what is scanned');
const notRegular = failed('notRegular', 'it is not a regular file');

// Windows has neither; there is nothing there that they would keep from blocking.
const optionalFlags: Partial<typeof constants> = constants;
const readFlags = constants.O_RDONLY | (optionalFlags.O_NONBLOCK ?? 0) | (optionalFlags.O_NOFOLLOW ?? 0);

/** Where an open file lies, where the system says so. A folder on the way may have been replaced by a link meanwhile. */
function pathOf({ fd }: FileHandle): string | undefined {
  if (process.platform !== 'linux') {
    return undefined;
  }
  try {
    const found = readlinkSync(`/proc/self/fd/${fd}`);
    return path.isAbsolute(found) ? found : undefined;
  } catch {
    return undefined; // no /proc
  }
}
