import { lstatSync, readFileSync, statSync, type Stats } from 'node:fs';
import path from 'node:path';

/** Why what is kept in a place may be somebody else's word. */
export interface Exposure {
  /**
   * `owner`: another user's, who alone can write there. `writable`: more users than its owner can. `readable`: others can
   * read it, so that it was not made by us. `link`: it is no file.
   */
  readonly kind: 'owner' | 'writable' | 'readable' | 'link';
  /** Half a sentence that names the path. */
  readonly why: string;
}

/**
 * Who but this user could have written a folder, or have put another one in its place; links followed already, as by
 * `realpath`. Root may own the folders above: it can write everywhere anyway. Where the system has no such users
 * (Windows) nothing is known, and `undefined` is the answer.
 */
export function folderExposure(realFolder: string): Exposure | undefined {
  const user = process.getuid?.();
  if (user === undefined) {
    return undefined;
  }
  const stats = statSync(realFolder);
  return (
    ownerExposure(realFolder, stats, [user]) ??
    writableExposure(realFolder, stats) ??
    foldersAbove(realFolder)
      .map((above) => parentExposure(above, user))
      .find((exposure) => exposure !== undefined)
  );
}

/**
 * The same for a file in such a folder; `undefined` where there is none. Never follows a link. A file that came with a
 * checkout of somebody else's work is this user's, too; but version control does not keep that others cannot read it.
 */
export function fileExposure(file: string): Exposure | undefined {
  const stats = lstatSync(file, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile()) {
    return { kind: 'link', why: `"${file}" is not a regular file` };
  }
  const user = process.getuid?.();
  return stats === undefined || user === undefined
    ? undefined
    : (ownerExposure(file, stats, [user]) ?? writableExposure(file, stats) ?? readableExposure(file, stats));
}

/** For data that root, or the user, may offer to many: they may be readable by all, and writable by the owner alone. */
export function sharedExposure(realFolder: string, files: readonly string[]): Exposure | undefined {
  const user = process.getuid?.();
  if (user === undefined) {
    return undefined;
  }
  const exposures = [
    ...[...files, realFolder].flatMap((at) => {
      const stats = statSync(at, { throwIfNoEntry: false });
      return stats === undefined ? [] : [sharedWritable(at, stats), ownerExposure(at, stats, [user, 0])];
    }),
    ...foldersAbove(realFolder).map((above) => parentExposure(above, user)),
  ].filter((exposure) => exposure !== undefined);
  return exposures.find(({ kind }) => kind === 'writable') ?? exposures[0];
}

function foldersAbove(folder: string): readonly string[] {
  const above = path.dirname(folder);
  return above === folder ? [] : [above, ...foldersAbove(above)];
}

/** In a folder with the sticky bit, such as `/tmp`, nobody can move what belongs to another. */
function parentExposure(folder: string, user: number): Exposure | undefined {
  const stats = statSync(folder);
  return (
    (mayBeRoot(stats) ? undefined : ownerExposure(folder, stats, [user, 0])) ??
    ((stats.mode & stickyBit) === 0 ? sharedWritable(folder, stats) : undefined)
  );
}

function ownerExposure(at: string, { uid }: Stats, trusted: readonly number[]): Exposure | undefined {
  return trusted.includes(uid) ? undefined : { kind: 'owner', why: `"${at}" belongs to another user (uid ${uid})` };
}

function writableExposure(at: string, { mode }: Stats): Exposure | undefined {
  return (mode & writableByOthers) === 0
    ? undefined
    : { kind: 'writable', why: `other users can write to "${at}" (mode ${octal(mode)})` };
}

/** Many systems give every user a group of their own, and let it write what its user makes. */
function sharedWritable(at: string, stats: Stats): Exposure | undefined {
  return (stats.mode & writableByOthers) === writableByGroup && isOwnGroup(stats.gid)
    ? undefined
    : writableExposure(at, stats);
}

function readableExposure(at: string, { mode }: Stats): Exposure | undefined {
  return (mode & readableByOthers) === 0
    ? undefined
    : { kind: 'readable', why: `other users can read "${at}" (mode ${octal(mode)}), so it was not made by Pinwatch` };
}

/** In a sandbox such as Flatpak's root is not known, and what belongs to it seems to be nobody's. */
function mayBeRoot({ uid }: Stats): boolean {
  try {
    if (uid !== Number(readFileSync('/proc/sys/kernel/overflowuid', 'utf8'))) {
      return false;
    }
    const map = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
    return map.every((line) => Number(line.trim().split(/\s+/u)[1]) !== 0);
  } catch {
    return false; // not Linux
  }
}

const readableByOthers = 0o044;
const writableByOthers = 0o022;
const writableByGroup = 0o020;
const stickyBit = 0o1000;

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0');
}

/** Whether nobody but this user is in the group, as far as the system's own lists say. */
function isOwnGroup(gid: number): boolean {
  if (gid !== process.getgid?.()) {
    return false;
  }
  try {
    const users = fieldsOf('/etc/passwd');
    const names = users.filter(([, , uid]) => Number(uid) === process.getuid?.()).map(([name]) => name);
    const strangers = users.filter(([name, , , group]) => Number(group) === gid && !names.includes(name));
    const [group] = fieldsOf('/etc/group').filter(([, , id]) => Number(id) === gid);
    const members = (group?.[3] ?? '').split(',').filter((name) => name !== '');
    return group !== undefined && strangers.length === 0 && members.every((name) => names.includes(name));
  } catch {
    return false; // a system without these lists
  }
}

function fieldsOf(file: string): readonly (readonly string[])[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
}
