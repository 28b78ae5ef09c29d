import { type FileId, fileId, folderOf, nameOf } from '../../project/fileId.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { ConfigReading } from './configReading.ts';
import type { IgnoreReading } from './ignoreReading.ts';
import type { IncludeLinker } from './includeLinker.ts';
import { type LockStore, mayDecide } from './lockStore.ts';
import type { Shell } from './lookupRunner.ts';
import type { WorkspaceReader } from './workspaceReader.ts';

// An installation changes many folders, one after the other.
const settleMs = 500;

/** Keeps up with the disk: with what a client says of it, or, where none does, by looking again at all that decides what is shown. */
export class DiskFollower {
  readonly #project: Project;
  readonly #reader: WorkspaceReader;
  readonly #linker: IncludeLinker;
  readonly #ignores: IgnoreReading;
  readonly #locks: LockStore;
  readonly #configs: ConfigReading;
  readonly #shell: Shell;
  /** Whether the client reports changes on disk; no longer, once it has refused to. */
  watches: boolean;
  /** Looking at the disk again; what is saved meanwhile has it looked at once more. */
  #looking: Promise<void> | undefined;
  #isToLookAgain = false;
  #cancelLocks: (() => void) | undefined;
  #cancelSearch: (() => void) | undefined;
  #newPlaces: ReadonlySet<FileId> = new Set();

  // eslint-disable-next-line max-params -- the parts that it works with; a bag would hide them
  constructor(
    project: Project,
    reader: WorkspaceReader,
    linker: IncludeLinker,
    decisions: { readonly ignores: IgnoreReading; readonly locks: LockStore; readonly configs: ConfigReading },
    shell: Shell,
    watches: boolean,
  ) {
    this.#project = project;
    this.#reader = reader;
    this.#linker = linker;
    this.#ignores = decisions.ignores;
    this.#configs = decisions.configs;
    this.#locks = decisions.locks;
    this.#shell = shell;
    this.watches = watches;
  }

  /** Files or folders on disk are other ones than before, or gone. What is open in an editor is not touched. */
  async changed(uris: readonly string[]): Promise<void> {
    const { workspace } = this.#project;
    const places = [...new Set(uris.map(fileId))];
    await this.#configs.readAgain(places);
    if (uris.some((uri) => uri.endsWith('.toml')) || workspace.filesAt(places).length > 0) {
      await this.#ignores.readAgain();
    }
    const unread = await this.#reader.readUnread(places);
    const changed = await this.#reader.readAgain(workspace.filesAt(places));
    this.#project.apply({ kind: 'mayBeReadable', places });
    const named = places.filter((id) => workspace.isFindable(id));
    const added = named.length === 0 ? [] : await this.#reader.readNew(named, this.#shell.closing);
    this.#searchSoon(places.filter((id) => mayBeFolder(id) && workspace.editionOf(id) === undefined));
    this.#readLocksSoon(places);
    await this.#linker.follow([...unread, ...changed, ...added]);
  }

  /**
   * Looks at all of it: ignore files, locks, and every file that nobody has open. For a document that was saved, since events
   * about the disk may be missing or about other files than ours.
   */
  async lookAgain(): Promise<void> {
    this.#isToLookAgain = true;
    this.#looking ??= this.#lookWhileWanted().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  /** Looks at what decides about one file that is being edited: ignore files, locks, and what it includes. */
  async lookAround(file: FileId): Promise<void> {
    const { workspace } = this.#project;
    const reached = workspace.reachedFrom(file);
    await this.#ignores.readAgain(folderOf(file));
    this.#project.apply({ kind: 'mayBeReadable', places: reached });
    const changed = await this.#reader.readAgain(reached);
    reached.forEach((one) => this.#locks.lookAgain(one));
    await this.#linker.follow(changed);
  }

  /** An event about an included file may have been missed: it may lie where nobody watches. */
  async readIncludedAgain(file: FileId): Promise<void> {
    const reached = this.#project.workspace.reachedFrom(file);
    this.#project.apply({ kind: 'mayBeReadable', places: reached });
    const changed = await this.#reader.readAgain(reached);
    if (reached.length > 1) {
      await this.#linker.follow(changed);
    }
  }

  /** Requirements files that the settings choose now, where the whole workspace had been searched. */
  async searchAgain(): Promise<void> {
    await this.#linker.follow(await this.#reader.readNew(undefined, this.#shell.closing));
  }

  dispose(): void {
    this.#cancelLocks?.();
    this.#cancelSearch?.();
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isToLookAgain) {
      this.#isToLookAgain = false;
      await this.#look();
    }
  }

  async #look(): Promise<void> {
    await this.#configs.readAgain(undefined);
    await this.#ignores.readAgain();
    this.#project.apply({ kind: 'mayBeReadable', places: undefined });
    const unread = await this.#reader.readUnread(undefined);
    const changed = await this.#reader.readAgain(this.#project.workspace.ids);
    // Searching the folders is worth it only where nobody says what is new in them.
    const added = this.watches ? [] : await this.#reader.readNew(undefined, this.#shell.closing);
    this.#locks.lookAgain();
    await this.#linker.follow([...unread, ...changed, ...added]);
  }

  /** Where they may decide versions, once it is over. */
  #readLocksSoon(places: readonly FileId[]): void {
    const { ids } = this.#project.workspace;
    if (!places.some((id) => mayDecide(id, ids))) {
      return;
    }
    this.#cancelLocks?.();
    this.#cancelLocks = this.#shell.timers.after(settleMs, () => {
      this.#cancelLocks = undefined;
      this.#locks.lookAgain();
      this.#shell.own('Following locks', () => this.#linker.follow());
    });
  }

  /** Whether something is a folder nobody says; to find out is to search, so that many are looked at together. */
  #searchSoon(places: readonly FileId[]): void {
    if (places.length === 0 || !this.#project.workspace.wantsWholeWorkspace) {
      return;
    }
    this.#newPlaces = new Set([...this.#newPlaces, ...places]);
    this.#cancelSearch?.();
    this.#cancelSearch = this.#shell.timers.after(settleMs, () => {
      this.#cancelSearch = undefined;
      const found = [...this.#newPlaces];
      this.#newPlaces = new Set();
      this.#shell.own('Searching new folders', async () =>
        this.#linker.follow(await this.#reader.readNew(found, this.#shell.closing)),
      );
    });
  }
}

// Folders have no ending, but for a few; the next save of a client that does not watch, or a rescan, finds what is in those.
const ending = /[^.]\.[A-Za-z][A-Za-z0-9]{0,9}$/u;
const noProject = /\/(?:\.git|node_modules|__pycache__|site-packages)(?:\/|$)/u;

function mayBeFolder(file: FileId): boolean {
  return !ending.test(nameOf(file)) && !noProject.test(file);
}
