import type { Display } from './display.ts';
import { editText, type TextChange } from './editText.ts';
import type { FileStore } from './fileStore.ts';
import type { Own } from './guard.ts';
import type { IgnoreBook } from './ignoreBook.ts';
import { isSelected } from './isSelected.ts';
import type { Relations } from './relations.ts';
import type { Rest } from './rest.ts';
import type { Scans } from './scans.ts';
import type { Setup } from './setup.ts';
import type { TrackedFile } from './trackedFile.ts';

export interface OpenedDocument {
  readonly uri: string;
  readonly languageId: string;
  readonly version: number;
  readonly text: string;
}

export interface DocumentSources {
  readonly setup: Setup;
  readonly files: FileStore;
  readonly ignores: IgnoreBook;
  readonly display: Display;
  readonly scans: Scans;
  readonly rest: Rest;
  readonly relations: Relations;
  readonly own: Own;
}

/** What happens to files, in the editor and on disk, and what that sets going. */
export class Documents {
  readonly #setup: Setup;
  readonly #files: FileStore;
  readonly #ignores: IgnoreBook;
  readonly #display: Display;
  readonly #scans: Scans;
  readonly #rest: Rest;
  readonly #relations: Relations;
  readonly #own: Own;

  constructor({ setup, files, ignores, display, scans, rest, relations, own }: DocumentSources) {
    this.#own = own;
    this.#setup = setup;
    this.#files = files;
    this.#ignores = ignores;
    this.#display = display;
    this.#scans = scans;
    this.#rest = rest;
    this.#relations = relations;
  }

  open(document: OpenedDocument): void {
    const file = this.#files.open(document, document.text, this.#setup.settings);
    if (this.#setup.isReady && this.#isSelected(file)) {
      this.#setup.engine.preconnect();
      this.#display.show(file);
      this.#own('Checking a document', () => this.#relations.begin([file]));
    }
  }

  /** Without a version it is the one after the last. */
  change(uri: string, version: number | undefined, changes: readonly TextChange[]): void {
    const file = this.#files.get(uri);
    if (file?.version === undefined) {
      return; // it is not open: what is on disk holds
    }
    this.#rest.stir();
    const edited = editText(file.file, changes);
    file.update(edited.file, version ?? file.version + 1, edited.lines, edited.isWhole);
    if (!this.#setup.isReady || !this.#isSelected(file)) {
      return;
    }
    this.#display.show(file);
    const asks = file.asksForMore;
    if (asks) {
      this.#scans.stop(file); // what the run before this edit asked is no longer all that the file says
    }
    if (asks || file.hasUnsaidProblems || file.isLinked) {
      this.#scans.whenTypingPauses(file, () => this.#typingPaused(file));
    }
    this.#display.report();
  }

  /** The editor's text of a document is not known any more: until it is opened again, or comes whole, each line says so. */
  lose(uri: string): void {
    const file = this.#files.get(uri);
    if (file?.version === undefined) {
      return;
    }
    this.#scans.stop(file);
    file.lose();
    if (this.#setup.isReady && this.#isSelected(file)) {
      this.#display.show(file);
      this.#display.landed();
      this.#display.report();
    }
  }

  async close(uri: string): Promise<void> {
    const file = this.#files.get(uri);
    if (file === undefined) {
      return;
    }
    this.#scans.stop(file);
    this.#files.forget(uri);
    // A file that a workspace scan found stays in the Problems panel, as it is on disk.
    const onDisk = file.inWorkspace ? await this.#files.readFromDisk(uri, this.#setup.settings) : undefined;
    if (onDisk === undefined) {
      this.#display.showNothing(file);
    } else {
      onDisk.inWorkspace = true;
      this.#display.show(onDisk);
    }
    await this.#relations.follow();
    this.#display.report();
  }

  /** Files on disk are other ones than before, or gone. What is open in an editor is not touched. */
  async changedOnDisk(uris: readonly string[]): Promise<void> {
    if (uris.some((uri) => uri.endsWith('.toml'))) {
      await this.#ignores.readAgain();
    }
    const files = uris.flatMap((uri) => this.#files.get(uri) ?? []).filter((file) => file.version === undefined);
    for (const file of files) {
      this.#scans.stop(file);
      if ((await this.#files.readFromDisk(file.uri, this.#setup.settings)) === undefined) {
        this.#files.forget(file.uri);
        this.#display.showNothing(file);
      }
    }
    this.#files.lookAgain(uris);
    const added = await this.#relations.findNew(uris);
    this.#relations.changedOnDisk(uris);
    await this.#relations.follow([...files.map(({ uri }) => uri), ...added]);
  }

  #isSelected(file: TrackedFile): boolean {
    return isSelected(file, this.#setup.settingsFor(file.uri));
  }

  #typingPaused(file: TrackedFile): void {
    file.typingPaused();
    this.#display.show(file);
    this.#scans.askAfterTyping(file);
    if (file.isLinked) {
      this.#own('Following includes', () => this.#relations.follow());
    }
  }
}
