import type { Delta } from '../../project/workspace/change.ts';
import { below, type FileId, folderOf, isAtOrInside } from '../../project/fileId.ts';
import type { DeltaTaker, Project } from '../../project/workspace/project.ts';
import type { Environment, IgnoreReader } from '../environment.ts';
import type { IgnoreTable } from './ignoreTable.ts';
import type { Shell } from './lookupRunner.ts';

const mostUnused = 100;

/** Reads ignore files: those above a file when it is first shown, and all that have been read when files change. */
export class IgnoreReading implements DeltaTaker {
  readonly #table: IgnoreTable;
  readonly #project: Project;
  readonly #environment: Pick<Environment, 'createIgnoreReader'>;
  readonly #shell: Shell;
  #reader: IgnoreReader;
  readonly #reading = new Map<FileId, Promise<void>>();
  /** Raised when files change: what was read before then is out of date. */
  #edition = 0;

  constructor(
    table: IgnoreTable,
    project: Project,
    environment: Pick<Environment, 'createIgnoreReader'>,
    shell: Shell,
  ) {
    this.#table = table;
    this.#project = project;
    this.#environment = environment;
    this.#shell = shell;
    this.#reader = environment.createIgnoreReader();
  }

  take({ show, stop }: Delta): void {
    if (stop.length > 0) {
      this.#forgetUnused();
    }
    if (!this.#table.isTrusted) {
      return;
    }
    for (const folder of new Set(show.map(folderOf))) {
      if (!this.#table.hasRead(folder)) {
        this.#shell.own('Reading ignore files', () => this.#read(folder));
      }
    }
  }

  /** Whether what the workspace's files say is ignored holds. */
  setTrusted(isTrusted: boolean): void {
    if (this.#table.setTrusted(isTrusted)) {
      this.#changed();
    }
  }

  /** Reads every ignore file once more, or those for this folder. Until then what was known stays. */
  async readAgain(folder?: FileId): Promise<void> {
    const read = folder === undefined ? this.#table.folders : [folder];
    const folders = new Set([...read, ...this.#reading.keys()]);
    this.#edition++;
    this.#reader = this.#environment.createIgnoreReader();
    this.#reading.clear();
    await Promise.all([...folders].map((folder) => this.#read(folder)));
  }

  /** Resolves when nothing is being read any more. */
  async whenRead(): Promise<void> {
    while (this.#reading.size > 0) {
      await Promise.all(this.#reading.values());
    }
  }

  /** The folders of files that were closed pile up: once they are many, those that no file needs are forgotten. */
  #forgetUnused(): void {
    const { ids } = this.#project.workspace;
    if (this.#table.folderCount > mostUnused + 2 * ids.length) {
      this.#table.keepOnly(new Set(ids.map(folderOf)));
      this.#reader = this.#environment.createIgnoreReader(); // it remembers what it has read
    }
  }

  #read(folder: FileId): Promise<void> {
    const reading = this.#reading.get(folder) ?? this.#readFolder(folder);
    this.#reading.set(folder, reading);
    return reading;
  }

  async #readFolder(folder: FileId): Promise<void> {
    const edition = this.#edition;
    const inside = this.#project.workspace.folders.filter((one) => isAtOrInside(folder, one));
    // Without a workspace the file's own folder is all that it may be about.
    const found = await this.#reader
      .nearest(below(folder, 'requirements.txt'), inside.length > 0 ? inside : [folder])
      .catch(() => []); // an address that is no path here has no files above it
    if (edition !== this.#edition) {
      return;
    }
    this.#reading.delete(folder);
    if (this.#table.set(folder, found)) {
      this.#changed({ folder });
    }
  }

  #changed(where: { readonly folder?: FileId } = {}): void {
    if (!this.#shell.closing.aborted) {
      this.#project.apply({ kind: 'marksChanged', ...where });
    }
  }
}
