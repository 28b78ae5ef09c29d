import type { Settings } from '../../../../protocol/settings.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import { type FileId, folderOf, isAtOrInsideAny } from '../fileId.ts';
import type { FileSnapshot, TrackedDocument } from './fileSnapshot.ts';
import type { Opening } from './changes/opening.ts';
import type { SettingsSnapshot } from './settingsSnapshot.ts';
import { type Change, type Delta, noDelta, type SkippedFolder } from './changes/change.ts';
import {
  closeDocument,
  editDocument,
  endTyping,
  loseDocument,
  openDocument,
  workOutEdits,
} from './changes/documentChanges.ts';
import { takeFolders, takeRead, takeReadAgain, takeSearch } from './changes/diskChanges.ts';
import { beginAsking, forgetAnswers, linkFiles, takeAnswers, takeSettings } from './changes/answerChanges.ts';
import { type Knowledge, WorkspaceState } from './workspaceState.ts';

/**
 * The requirements files of one client: what they say, how they relate, what is known and what is being asked of each line.
 * The one owner of all that state. Changes go in as data, and what is to be done about them comes out as data; nothing here
 * waits, reads or sends.
 */
export class Workspace {
  readonly #state: WorkspaceState;
  /** Since the last change. */
  #selected: readonly FileSnapshot[] | undefined;

  /** Until it `isReady`, or settings are applied, nothing is shown or asked: they say what must never be sent. */
  constructor(knowledge: Knowledge, settings: SettingsSnapshot, isReady: boolean) {
    this.#state = new WorkspaceState(knowledge, settings, isReady);
  }

  /** A file as it stands; `undefined` where it is not tracked or the settings leave it out. */
  snapshot(file: FileId): FileSnapshot | undefined {
    const tracked = this.#state.files.get(file);
    return tracked !== undefined && this.#state.files.isSelected(tracked) ? this.#state.snapshotOf(tracked) : undefined;
  }

  /** The same for any tracked file. */
  tracked(file: FileId): FileSnapshot | undefined {
    const tracked = this.#state.files.get(file);
    return tracked && this.#state.snapshotOf(tracked);
  }

  /** All files that the settings do not leave out. */
  get selected(): readonly FileSnapshot[] {
    return (this.#selected ??= this.#state.files.selected.map((file) => this.#state.snapshotOf(file)));
  }

  get ids(): readonly FileId[] {
    return this.#state.files.all.map(({ id }) => id);
  }

  get isReady(): boolean {
    return this.#state.isReady;
  }

  get settings(): SettingsSnapshot {
    return this.#state.files.settings;
  }

  settingsOf(file: FileId): Settings {
    return this.#state.files.settingsOf(file);
  }

  get folders(): readonly FileId[] {
    return this.#state.folders;
  }

  /** Every requirements file of the workspace folders is among the files. */
  get hasWholeWorkspace(): boolean {
    return this.#state.hasWholeWorkspace;
  }

  /** The same, or they are being searched for: what is new is to be looked for. */
  get wantsWholeWorkspace(): boolean {
    return this.#state.wantsWholeWorkspace;
  }

  /** What of the folders could not be searched or read, and why: nothing is known of what it asks for. */
  get unread(): readonly string[] {
    return this.#state.unread;
  }

  /** The files among these, or below these folders, or all, that could not be read. */
  unreadAt(places: readonly FileId[] | undefined): readonly FileId[] {
    const among = places && new Set(places);
    return [...this.#state.unreadFiles.keys()].filter((id) => among === undefined || isAtOrInsideAny(id, among));
  }

  /** The edition of the file that was opened or read last. */
  get lastEdition(): number {
    return this.#state.lastEdition;
  }

  /** What the last search of the folders left out on purpose. */
  get skipped(): readonly SkippedFolder[] {
    return this.#state.skipped;
  }

  /** What a file is called in everything that is sent. */
  uriOf(file: FileId): string {
    return this.#state.files.uriOf(file);
  }

  /** The client has named a file. */
  name(uri: string): FileId {
    return this.#state.files.name(uri);
  }

  /** All that a file asks for, known or not. */
  lookupsOf(file: FileId): readonly Lookup[] {
    return this.#state.files.get(file)?.lookups() ?? [];
  }

  /** The files at these places: themselves, and all below them where they are folders. */
  filesAt(places: readonly FileId[]): readonly FileId[] {
    return this.#state.files.at(places).map(({ id }) => id);
  }

  /** What a file includes, directly or not, as far as it is tracked; itself among them. */
  reachedFrom(file: FileId): readonly FileId[] {
    return [...this.#state.includes.reachedFrom([file])];
  }

  /** In the order of a report: as a search finds them, each followed by what it includes. */
  inReportOrder(files: readonly FileSnapshot[]): readonly FileSnapshot[] {
    const others = files.map(({ id }) => id).sort();
    const order = new Map(
      this.#state.includes.order([...this.#state.found, ...others]).map((id, at) => [id, at] as const),
    );
    return files.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  }

  /** Included files that are still to be read. */
  get missing(): readonly FileId[] {
    return this.#state.includes.missing;
  }

  /** How many files are tracked for nothing but that others include them. */
  get includedOnly(): number {
    return this.#state.files.all.filter(({ version, inWorkspace }) => version === undefined && !inWorkspace).length;
  }

  /** The tracked files that include a file, or are limited by it. */
  includersOf(file: FileId): readonly FileId[] {
    return this.#state.includes.includersOf(file);
  }

  foldersOfIncluders(file: FileId): readonly FileId[] {
    return this.#state.includes.foldersOfIncluders(file);
  }

  /** Which text of a file this is: another one for each time that it is opened or read. */
  editionOf(file: FileId): number | undefined {
    const tracked = this.#state.files.get(file);
    return tracked && this.#state.editions.get(tracked);
  }

  /** Whether a search of its folder would find this file, by its name. */
  isFindable(file: FileId): boolean {
    return this.#state.isFindable(file);
  }

  /** Reads a large document of the editor piece by piece; `opened` takes it. `now`: the time of day. */
  opening(document: TrackedDocument, text: string, now: () => number): Opening {
    return this.#state.opening(document, text, now);
  }

  /** `at`: milliseconds since the epoch. */
  apply(change: Change, at: number): Delta {
    this.#selected = undefined;
    const state = this.#state;
    if (change.kind !== 'edited' && change.kind !== 'workedOut') {
      state.somethingHappens();
    }
    switch (change.kind) {
      case 'opened':
        return openDocument(state, change, at);
      case 'edited':
        return editDocument(state, change, at);
      case 'workedOut':
        return workOutEdits(state, change.file, at);
      case 'lost':
        return loseDocument(state, change.file, at);
      case 'typingPaused':
        return endTyping(state, change.file, at);
      case 'closed':
        return closeDocument(state, change.uri);
      case 'read':
        return takeRead(state, change, at);
      case 'readAgain':
        return takeReadAgain(state, change);
      case 'notRead':
        state.includes.setUnreadable(change.file, change.unread);
        return noDelta;
      case 'mayBeReadable':
        state.includes.lookAgain(change.places);
        return noDelta;
      case 'searching':
        state.searches++;
        return noDelta;
      case 'searched':
        return takeSearch(state, change);
      case 'folders':
        return takeFolders(state, change.folders);
      case 'settings':
        return takeSettings(state, change, at);
      case 'marksChanged':
        return state.showAgain(
          state.files.selected.filter(
            ({ isShown, id }) => isShown && (change.folder === undefined || folderOf(id) === change.folder),
          ),
          at,
        );
      case 'forgotten':
        return forgetAnswers(state, at);
      case 'linked':
        return linkFiles(state, change, at);
      case 'asking':
        return beginAsking(state, change, at);
      case 'progressed':
        return state.showAgain(state.tracked(change.files), at);
      case 'answered':
        return takeAnswers(state, change, at);
    }
  }
}
