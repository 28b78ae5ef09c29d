import { type FileId, fileId, isOnDisk } from '../../project/fileId.ts';
import type { Project } from '../../project/workspace/project.ts';
import type { LockStore } from './lockStore.ts';
import type { LookupRunner, Shell } from './lookupRunner.ts';
import type { WorkspaceReader } from './workspaceReader.ts';

/** Keeps up with what files say of each other: includes, constraints, and the locks that decide versions. */
export class IncludeLinker {
  readonly #project: Project;
  readonly #reader: WorkspaceReader;
  readonly #locks: LockStore;
  readonly #runner: LookupRunner;
  readonly #shell: Shell;

  constructor(project: Project, reader: WorkspaceReader, locks: LockStore, runner: LookupRunner, shell: Shell) {
    this.#project = project;
    this.#reader = reader;
    this.#locks = locks;
    this.#runner = runner;
    this.#shell = shell;
  }

  /** Asks what these files ask, once it is known what decides their ranges; pins alone need not wait for that. */
  async begin(files: readonly FileId[]): Promise<void> {
    const { workspace } = this.#project;
    if (!files.some((file) => workspace.tracked(file)?.awaitsDecision)) {
      this.#shell.own('Checking files', () => this.#runner.run(files));
      return this.follow();
    }
    const editions = new Map(files.map((file) => [file, workspace.editionOf(file)]));
    await this.follow();
    const left = files.filter((file) => workspace.editionOf(file) === editions.get(file) && this.#runner.isIdle(file));
    if (left.length > 0 && !this.#shell.closing.aborted) {
      await this.#runner.run(left);
    }
  }

  /** Reads what is included and not known yet, and what decides versions; asks about what is new or asks for more now. */
  async follow(also: readonly FileId[] = []): Promise<void> {
    const taken = await this.#reader.readIncluded();
    await this.#readLocks();
    if (this.#shell.closing.aborted) {
      return;
    }
    const { ask } = this.#project.apply({ kind: 'linked', taken, also });
    if (ask.length > 0) {
      await this.#runner.run(ask);
    }
  }

  /** These files, read where they are not open, with all that bears on them; or all of the workspace. */
  async find(uris: readonly string[] | undefined, signal: AbortSignal): Promise<readonly FileId[]> {
    const { workspace } = this.#project;
    if (uris === undefined) {
      await this.#reader.readAll(signal);
    } else {
      for (const id of uris.map((uri) => workspace.name(uri)).filter((one) => workspace.editionOf(one) === undefined)) {
        await this.#reader.read(id, 'named');
      }
    }
    this.#project.apply({ kind: 'mayBeReadable', places: undefined });
    const changed = await this.#reader.readAgain(workspace.ids);
    const taken = await this.#reader.readIncluded();
    this.#locks.lookAgain();
    await this.#readLocks();
    this.#project.apply({ kind: 'linked', taken: [], also: [] });
    const wanted = uris && new Set(uris.map(fileId));
    const isWanted = (id: FileId): boolean => wanted?.has(id) ?? true;
    const selected = workspace.selected.map(({ id }) => id);
    const read = new Set([...changed, ...taken]);
    const others = selected.filter((id) => read.has(id) && !isWanted(id));
    if (others.length > 0) {
      // Nobody else has them asked: they are known from here on.
      this.#shell.own('Checking other files', () => this.#runner.run(others));
    }
    return selected.filter(isWanted);
  }

  #readLocks(): Promise<void> {
    const { workspace } = this.#project;
    return this.#locks.read(workspace.ids, workspace.folders.filter(isOnDisk));
  }
}
