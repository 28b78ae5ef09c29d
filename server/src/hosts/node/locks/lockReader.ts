import path from 'node:path';
import type { LockedVersions } from '../../../core/assessment/decided/decidedVersions.ts';
import type { PackageName } from '../../../core/packages/packageName.ts';
import type { LockReader, ProjectPython, UsedEnvironment } from '../../../engine/lockReader.ts';
import type { Log } from '../../../engine/ports.ts';
import type { ListedFolders } from '../files/listedFolders.ts';
import { type CompiledFile, compiledFor, readCompiledFiles } from './compiledFiles.ts';
import { readEnvironment, readSelected } from './environments.ts';
import { LockDisk } from './lockDisk.ts';
import { decidesFor, type LockFile, readLock, readScriptLock } from './lockFiles.ts';
import { readOwnIndexNames } from './ownIndexNames.ts';
import { PipfileNeeds } from './pipfileNeeds.ts';
import { readProjectPython } from './projectPython.ts';

export interface LockReaderOptions {
  /** Relative paths are those of this folder. */
  readonly presentFolder?: string;
  readonly log: Pick<Log, 'debug'>;
  /** What a search has seen: nobody looks for what is not there. For one run. */
  readonly listed?: ListedFolders;
  /** For these files it is read from the metadata of installed packages, too, which of them asks for which; where absent, for what does not record it. */
  readonly wantsNeeds?: (file: string) => boolean;
}

// An end for a path that somebody made deep on purpose.
const mostFolders = 32;

/** Reads files and the names of folders, and runs nothing. Keeps what it read of files that stay as they are. */
export function createLockReader({
  presentFolder = '',
  log,
  listed,
  wantsNeeds = (file) => /^Pipfile(?:\.lock)?$/u.test(path.basename(file)),
}: LockReaderOptions): LockReader {
  const lacks = (file: string): boolean => listed?.lacks(file) === true;
  const disks: Disks = {
    locks: new LockDisk(log, lacks),
    environments: new LockDisk(log, lacks),
    compiled: new LockDisk(log, lacks),
    needs: new PipfileNeeds(),
  };
  const pythons = new LockDisk<ProjectPython>(log, lacks);
  const declared = new LockDisk<ReadonlySet<PackageName>>(log, lacks);
  let selected: readonly UsedEnvironment[] = [];
  const unread = new Set<string>();
  return {
    unreadLocks: () => [...unread],
    select: (environments) => void (selected = environments),
    read: async (files, roots, signal) => {
      const tops = roots.map((root) => path.resolve(presentFolder, root));
      const round = new Round(disks, tops, { wantsNeeds, selected, failed: (file) => unread.add(file), signal });
      const all = new Map<string, readonly LockedVersions[]>();
      for (const file of files) {
        all.set(file, await round.locksFor(path.resolve(presentFolder, file)));
      }
      return all;
    },
    python: async (file, roots, signal) => {
      const tops = roots.map((root) => path.resolve(presentFolder, root));
      const folders = foldersUpTo(path.dirname(path.resolve(presentFolder, file)), tops);
      for (const folder of folders) {
        const found = await readProjectPython(folder, pythons.within([...tops, folders[0] ?? folder], signal));
        if (found !== undefined) {
          return found;
        }
      }
      return undefined;
    },
    ownIndex: async (file, roots, signal) => {
      const tops = roots.map((root) => path.resolve(presentFolder, root));
      const folders = foldersUpTo(path.dirname(path.resolve(presentFolder, file)), tops);
      const disk = declared.within([...tops, folders[0] ?? ''], signal);
      const all = new Set<PackageName>();
      for (const folder of folders) {
        (await readOwnIndexNames(folder, disk)).forEach((name) => all.add(name));
      }
      return all;
    },
  };
}

interface Disks {
  readonly locks: LockDisk<LockFile>;
  readonly environments: LockDisk<LockedVersions>;
  readonly compiled: LockDisk<CompiledFile>;
  readonly needs: PipfileNeeds;
}

interface Wanted {
  readonly wantsNeeds: (file: string) => boolean;
  readonly selected: readonly UsedEnvironment[];
  readonly failed: (file: string) => void;
  readonly signal: AbortSignal | undefined;
}

/** Looks at each folder once. */
class Round {
  readonly #disks: Disks;
  readonly #locks = new Map<string, Promise<LockFile | undefined>>();
  readonly #environments = new Map<string, Promise<LockedVersions | undefined>>();
  readonly #compiled = new Map<string, Promise<readonly CompiledFile[]>>();

  readonly #roots: readonly string[];
  readonly #wantsNeeds: (file: string) => boolean;
  readonly #selected: readonly UsedEnvironment[];
  readonly #failed: (file: string) => void;
  readonly #signal: AbortSignal | undefined;

  constructor(disks: Disks, roots: readonly string[], { wantsNeeds, selected, failed, signal }: Wanted) {
    this.#failed = failed;
    this.#disks = disks;
    this.#roots = roots;
    this.#wantsNeeds = wantsNeeds;
    this.#selected = selected;
    this.#signal = signal;
  }

  async locksFor(file: string): Promise<readonly LockedVersions[]> {
    if (file.endsWith('.py')) {
      const lock = await readScriptLock(file, this.#disk(this.#disks.locks, path.dirname(file)), this.#failed);
      return lock === undefined ? [] : [lock.versions];
    }
    const folders = foldersUpTo(path.dirname(file), this.#roots);
    const withNeeds = this.#wantsNeeds(file);
    const found = [
      file.endsWith('.in') ? compiledFor(file, await this.#compiledIn(path.dirname(file))) : undefined,
      await nearest(folders, async (folder) => {
        const lock = await once(this.#locks, folder, () =>
          readLock(folder, this.#disk(this.#disks.locks, folder), this.#failed),
        );
        return lock !== undefined && decidesFor(lock, folder, path.dirname(file)) ? lock.versions : undefined;
      }),
      await this.#environmentFor(folders, withNeeds),
    ].filter((one) => one !== undefined);
    const environment = found.find(({ kind }) => kind === 'environment');
    return found.map((one) => (one.source === 'Pipfile.lock' ? this.#disks.needs.joined(one, environment) : one));
  }

  /** One that the user has selected for a folder counts there and above; what lies deeper belongs to a part of it. */
  async #environmentFor(folders: readonly string[], withNeeds: boolean): Promise<LockedVersions | undefined> {
    const options = { withNeeds, signal: this.#signal };
    const selected = (at: string): Promise<LockedVersions | undefined> =>
      once(this.#environments, `selected ${withNeeds} ${at}`, () =>
        readSelected(at, this.#disks.environments.within([at], this.#signal), options),
      );
    const beside = await nearest(folders, async (folder) => {
      const own = this.#selected.find((one) => one.folder === folder);
      return (
        (own && (await selected(own.path))) ??
        (await once(this.#environments, withNeeds ? `${folder}/` : folder, () =>
          readEnvironment(folder, this.#disk(this.#disks.environments, folder), options),
        ))
      );
    });
    const [any] = this.#selected.filter(({ folder }) => folder === undefined);
    return beside ?? (any && (await selected(any.path)));
  }

  #compiledIn(folder: string): Promise<readonly CompiledFile[]> {
    return once(this.#compiled, folder, () => readCompiledFiles(folder, this.#disk(this.#disks.compiled, folder)));
  }

  /** Below the roots; for a file outside of them, below its folder. */
  #disk<Value>(disk: LockDisk<Value>, folder: string): LockDisk<Value> {
    const isBelow = this.#roots.some((root) => isWithin(folder, root));
    return disk.within(isBelow ? this.#roots : [...this.#roots, folder], this.#signal);
  }
}

async function nearest(
  folders: readonly string[],
  read: (folder: string) => Promise<LockedVersions | undefined>,
): Promise<LockedVersions | undefined> {
  for (const folder of folders) {
    const found = await read(folder);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function once<Value>(known: Map<string, Promise<Value>>, key: string, make: () => Promise<Value>): Promise<Value> {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** The folder and those above it, the nearest first, up to the highest root that holds it; itself where none does. */
function foldersUpTo(folder: string, roots: readonly string[]): readonly string[] {
  const folders: string[] = [];
  let at = folder;
  while (folders.length < mostFolders && (at === folder || roots.some((root) => isWithin(at, root)))) {
    folders.push(at);
    const above = path.dirname(at);
    if (above === at) {
      break;
    }
    at = above;
  }
  return folders;
}

function isWithin(folder: string, root: string): boolean {
  return folder === root || folder.startsWith(root.endsWith(path.sep) ? root : root + path.sep);
}
