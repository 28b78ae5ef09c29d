import type { Display } from './display.ts';
import { editText, type TextChange } from './editText.ts';
import type { FileStore } from './fileStore.ts';
import type { Own } from './guard.ts';
import { countLineBreaks, hasTooManyLines, mostLines } from '../core/text/lineLimit.ts';
import type { IgnoreBook } from './ignoreBook.ts';
import { fileId } from '../project/fileId.ts';
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
  /** Whether the client reports what changes on disk. */
  readonly isWatching: () => boolean;
}

const tooLongText = `This file has more than ${mostLines} lines, so it is not checked.`;

/** No less than what is to be read: what the changes take away is not counted. */
function isTooLongAfter({ file }: TrackedFile, changes: readonly TextChange[]): boolean {
  const lastWhole = changes.findLastIndex(({ range }) => range === undefined);
  const before = lastWhole < 0 ? file.lineStarts.length : 0;
  const added = changes
    .slice(Math.max(0, lastWhole))
    .reduce((sum, { text }) => sum + countLineBreaks(text, mostLines), 0);
  return added > 0 && before + added > mostLines;
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
  readonly #isWatching: () => boolean;
  /** Looking at the disk again; what is saved meanwhile has it looked at once more. */
  #looking: Promise<void> | undefined;
  #isToLookAgain = false;

  constructor({ setup, files, ignores, display, scans, rest, relations, own, isWatching }: DocumentSources) {
    this.#own = own;
    this.#isWatching = isWatching;
    this.#setup = setup;
    this.#files = files;
    this.#ignores = ignores;
    this.#display = display;
    this.#scans = scans;
    this.#rest = rest;
    this.#relations = relations;
  }

  open(document: OpenedDocument): void {
    const isTooLong = hasTooManyLines(document.text);
    const file = this.#files.open(document, isTooLong ? '' : document.text, this.#setup.settings);
    if (isTooLong) {
      file.lose(tooLongText);
    }
    if (this.#setup.isReady && this.#isSelected(file)) {
      this.#setup.engine.preconnect();
      this.#display.show(file);
      this.#own('Checking a document', async () => {
        await this.#relations.begin([file]);
        await (this.#isWatching() ? this.#readIncludedAgain(file) : this.#lookAgainSoon());
      });
    }
  }

  /** Without a version it is the one after the last. */
  change(uri: string, version: number | undefined, changes: readonly TextChange[]): void {
    const file = this.#files.get(fileId(uri));
    if (file?.version === undefined) {
      return; // it is not open: what is on disk holds
    }
    if (isTooLongAfter(file, changes)) {
      file.version = version ?? file.version + 1;
      this.lose(uri, tooLongText);
      return;
    }
    this.#rest.stir();
    const wasLinked = file.isLinked;
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
    if (asks || file.hasUnsaidProblems || file.isLinked || !this.#isWatching()) {
      this.#scans.whenTypingPauses(file, () => this.#typingPaused(file));
    }
    if (wasLinked && !file.isLinked) {
      this.#own('Following includes', () => this.#relations.follow()); // after the pause nothing would say that it had any
    }
    this.#display.report();
  }

  /** The editor's text of a document is not known any more: until it is opened again, or comes whole, each line says so. */
  lose(uri: string, why?: string): void {
    const file = this.#files.get(fileId(uri));
    if (file?.version === undefined) {
      return;
    }
    this.#scans.stop(file);
    file.lose(why);
    if (this.#setup.isReady && this.#isSelected(file)) {
      this.#display.show(file);
      this.#display.landed();
      this.#display.report();
    }
  }

  async close(uri: string): Promise<void> {
    const file = this.#files.get(fileId(uri));
    if (!this.#files.closes(uri) || file === undefined) {
      return;
    }
    this.#scans.stop(file);
    this.#files.forget(file.id);
    // A file that a workspace scan found, or would find now, stays in the Problems panel, as it is on disk.
    const stays = file.inWorkspace || this.#files.wouldBeFound(file.id, this.#setup.settings);
    const onDisk = stays ? await this.#files.readFromDisk(file.id, this.#setup.settings) : undefined;
    if (onDisk === undefined) {
      this.#display.showNothing(file);
    } else {
      onDisk.inWorkspace = true;
      this.#display.show(onDisk);
    }
    await this.#relations.follow(onDisk === undefined ? [] : [onDisk.id]);
    this.#display.report();
  }

  /** Files or folders on disk are other ones than before, or gone. What is open in an editor is not touched. */
  async changedOnDisk(uris: readonly string[]): Promise<void> {
    const places = [...new Set(uris.map(fileId))];
    if (uris.some((uri) => uri.endsWith('.toml')) || this.#files.filesAt(places).length > 0) {
      await this.#ignores.readAgain();
    }
    const changed = await this.#relations.readAgain(this.#files.filesAt(places).map(({ id }) => id));
    this.#files.lookAgain(places);
    const named = places.filter((id) => this.#files.isFindable(id, this.#setup.settings));
    const added = named.length === 0 ? [] : await this.#relations.findNew(named);
    this.#relations.changedOnDisk(places);
    await this.#relations.follow([...changed, ...added]);
  }

  /**
   * A document was saved. Events about the disk may be missing or about other files than ours, so that all that decides what
   * is shown is looked at again: ignore files, locks, and every file that nobody has open.
   */
  saved(): Promise<void> {
    return this.#lookAgainSoon();
  }

  /** An event about an included file may have been missed: it may lie where nobody watches. */
  async #readIncludedAgain({ id }: TrackedFile): Promise<void> {
    const reached = this.#files.reachedFrom(id);
    this.#files.lookAgain(reached);
    const changed = await this.#relations.readAgain(reached);
    if (reached.length > 1) {
      await this.#relations.follow(changed);
    }
  }

  async #lookAgainSoon(): Promise<void> {
    this.#isToLookAgain = true;
    this.#looking ??= this.#lookWhileWanted().finally(() => (this.#looking = undefined));
    await this.#looking;
  }

  async #lookWhileWanted(): Promise<void> {
    while (this.#isToLookAgain) {
      this.#isToLookAgain = false;
      await this.#lookAgain();
    }
  }

  async #lookAgain(): Promise<void> {
    await this.#setup.whenReady;
    await this.#ignores.readAgain();
    this.#files.lookAgain();
    const changed = await this.#relations.readAgain(this.#files.all.map(({ id }) => id));
    // Searching the folders is worth it only where nobody says what is new in them.
    const added = this.#isWatching() ? [] : await this.#relations.findNew(undefined);
    this.#relations.lookForLocksAgain();
    await this.#relations.follow([...changed, ...added]);
    this.#display.report();
  }

  #isSelected(file: TrackedFile): boolean {
    return isSelected(file, this.#setup.settingsFor(file.id));
  }

  #typingPaused(file: TrackedFile): void {
    file.typingPaused();
    this.#display.show(file);
    this.#scans.askAfterTyping(file);
    if (!this.#isWatching()) {
      this.#own('Looking at the disk again', () => this.#lookAgainSoon());
    } else if (file.isLinked) {
      this.#own('Following includes', () => this.#relations.follow());
    }
  }
}
