import type { Delta } from '../../project/workspace/changes/change.ts';
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
  /** One for a folder: what began before the last one is out of date. */
  readonly #reading = new Map<FileId, Reading>();

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
    const folders = folder === undefined ? new Set([...this.#table.folders, ...this.#reading.keys()]) : [folder];
    this.#reader = this.#environment.createIgnoreReader();
    for (const one of folders) this.#reading.delete(one);
    await Promise.all([...folders].map((one) => this.#read(one)));
  }

  /** Resolves when nothing is being read any more. */
  async whenRead(): Promise<void> {
    while (this.#reading.size > 0) {
      await Promise.all([...this.#reading.values()].map(({ ended }) => ended));
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
    const known = this.#reading.get(folder);
    if (known !== undefined) return known.ended;
    const reading: Reading = { ended: Promise.resolve() };
    this.#reading.set(folder, reading);
    reading.ended = this.#readFolder(folder, reading);
    return reading.ended;
  }

  async #readFolder(folder: FileId, reading: Reading): Promise<void> {
    const inside = this.#project.workspace.folders.filter((one) => isAtOrInside(folder, one));
    // Without a workspace the file's own folder is all that it may be about.
    const found = await this.#reader
      .nearest(below(folder, 'requirements.txt'), inside.length > 0 ? inside : [folder])
      .catch(() => []); // an address that is no path here has no files above it
    if (this.#reading.get(folder) !== reading) {
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

interface Reading {
  ended: Promise<void>;
}
