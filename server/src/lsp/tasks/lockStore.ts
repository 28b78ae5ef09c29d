import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { type FileId, folderOf, nameOf } from '../../project/fileId.ts';
import type { LockReader, ProjectPython, UsedEnvironment } from '../../engine/lockReader.ts';

/** What decides versions for each file, as it was when it was last read. */
export class LockStore {
  readonly #reader: LockReader;
  readonly #locks = new Map<FileId, readonly LockedVersions[]>();
  readonly #pythons = new Map<FileId, ProjectPython | undefined>();
  readonly #ownIndex = new Map<FileId, ReadonlySet<PackageName>>();
  #selected = '[]';
  #outdated: ReadonlySet<FileId> | 'all' = new Set();
  /** One after the other: a read that began before a change must not end after the one that saw it. */
  #reading: Promise<void> = Promise.resolve();

  constructor(reader: LockReader) {
    this.#reader = reader;
  }

  /** By file; absent for those for which it has not been read. */
  get known(): ReadonlyMap<FileId, readonly LockedVersions[]> {
    return this.#locks;
  }

  /** The Pythons that the project of a file is for, as it was when its locks were last read. */
  knownPython(file: FileId): ProjectPython | undefined {
    return this.#pythons.get(file);
  }

  /** The packages that files of its project give an index of their own, as it was then. */
  ownIndexOf(file: FileId): ReadonlySet<PackageName> | undefined {
    return this.#ownIndex.get(file);
  }

  /** The Pythons of a project; read each time, as fixes are made now and then. */
  python(file: FileId, roots: readonly FileId[], signal?: AbortSignal): Promise<ProjectPython | undefined> {
    return this.#reader.python(file, roots, signal);
  }

  /** The environments that the user has selected, by URI of the folder that each is for. Whether it is news. */
  select(environments: readonly UsedEnvironment[]): boolean {
    const text = JSON.stringify(environments);
    if (text === this.#selected) return false;
    this.#selected = text;
    this.#reader.select?.(environments);
    this.lookAgain();
    return true;
  }

  /** It may be something else now; what was read holds until then. For all files where `file` is absent. */
  lookAgain(file?: FileId): void {
    if (this.#outdated !== 'all') {
      this.#outdated = file === undefined ? 'all' : new Set([...this.#outdated, file]);
    }
  }

  /** Reads for these files what was not read yet or may have changed, and forgets all others. */
  read(files: readonly FileId[], roots: readonly FileId[]): Promise<void> {
    const reading = this.#reading.then(async () => {
      const wanted = new Set(files);
      [...this.#locks.keys()].filter((file) => !wanted.has(file)).forEach((file) => this.#locks.delete(file));
      [...this.#pythons.keys()].filter((file) => !wanted.has(file)).forEach((file) => this.#pythons.delete(file));
      [...this.#ownIndex.keys()].filter((file) => !wanted.has(file)).forEach((file) => this.#ownIndex.delete(file));
      const outdated = this.#outdated;
      this.#outdated = new Set(); // what changes from here on is read again by the next
      const asked = files.filter((file) => !this.#locks.has(file) || outdated === 'all' || outdated.has(file));
      if (asked.length > 0) {
        const found = await this.#reader.read(asked, roots);
        const byFolder = new Map<FileId, ReadonlySet<PackageName> | undefined>(); // files of a folder have the same
        for (const file of asked) {
          this.#pythons.set(file, await this.#reader.python(file, roots));
          const folder = folderOf(file);
          if (!byFolder.has(folder)) byFolder.set(folder, await this.#reader.ownIndex?.(file, roots));
          const own = byFolder.get(folder);
          if (own === undefined) this.#ownIndex.delete(file);
          else this.#ownIndex.set(file, own);
        }
        asked.forEach((file) => this.#locks.set(file, found.get(file) ?? []));
      }
    });
    // The one who asked hears of a failure; those who come later read all of it again.
    this.#reading = reading.catch(() => this.lookAgain());
    return reading;
  }
}

const names =
  /^(?:\.?venv|env|uv\.lock|poetry\.lock|pdm\.lock|pylock\.toml|Pipfile\.lock|.+\.py\.lock|pyvenv\.cfg|pyproject\.toml|Pipfile|.+\.in|setup\.cfg|\.python-version|.+\.dist-info)$/u;

/** Whether a change of this file or folder may change what decides versions; `tracked` are the files there are. */
export function mayDecide(file: FileId, tracked: readonly FileId[]): boolean {
  const name = nameOf(file);
  const isBesideSource = (): boolean => {
    const folder = folderOf(file);
    return tracked.some((one) => one.endsWith('.in') && folderOf(one) === folder);
  };
  return names.test(name) || (/\.(?:txt|pip)$/u.test(name) && isBesideSource());
}
