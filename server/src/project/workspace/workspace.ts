import type { Settings } from '../../../../protocol/settings.ts';
import type { ConstraintPins } from '../../core/assessment/constraints.ts';
import { type LockedVersions, nothingDecided } from '../../core/assessment/decidedVersions.ts';
import type { Lookup } from '../../core/assessment/lookup.ts';
import type { Ignore } from '../../core/ignores/ignore.ts';
import { hasTooManyLines } from '../../core/text/lineLimit.ts';
import { kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import { type Change, type Delta, noDelta, type SkippedFolder } from './change.ts';
import { editText } from './editText.ts';
import { type FileId, fileId, isDiskAddress, isInside, nameOf, shownBelow } from '../fileId.ts';
import type { FileSnapshot, TrackedDocument } from './fileSnapshot.ts';
import { FileTable } from './fileTable.ts';
import { IncludeTable } from './includeTable.ts';
import { isSelectedByName } from './isSelected.ts';
import { settingsFor, type SettingsSnapshot } from './settingsSnapshot.ts';
import { isTooLongAfter, tooLongText } from './tooLong.ts';
import { TrackedFile } from './trackedFile.ts';
import { unreadInclude } from '../unreadInclude.ts';

/** What lines are told from. Everything here answers at once, from memory. */
export interface Knowledge {
  /** What is known of packages this instant. */
  readonly scanner: Scanner;
  /** The ignores that hold for a file with these settings, as far as they have been read. */
  ignoresOf(file: FileId, settings: Settings): readonly Ignore[];
  /** What decides versions for each file for which that has been read. */
  readonly locks: ReadonlyMap<FileId, readonly LockedVersions[]>;
}

/**
 * The requirements files of one client: what they say, how they relate, what is known and what is being asked of each line.
 * The one owner of all that state. Changes go in as data, and what is to be done about them comes out as data; nothing here
 * waits, reads or sends.
 */
export class Workspace {
  readonly #knowledge: Knowledge;
  readonly #files: FileTable;
  readonly #includes: IncludeTable;
  /** Files whose links were brought up to date: only then it is known what decides their versions. */
  #linked: ReadonlyMap<FileId, ConstraintPins> = new Map();
  /** What was read of files that nobody has open. */
  readonly #texts = new WeakMap<TrackedFile, string>();
  readonly #editions = new WeakMap<TrackedFile, number>();
  #lastEdition = 0;
  /** Since the last change. */
  #selected: readonly FileSnapshot[] | undefined;
  #isReady: boolean;
  #folders: readonly FileId[] = [];
  #hasWholeWorkspace = false;
  /** What the last search found, in its order. */
  #found: readonly FileId[] = [];
  #unread: readonly string[] = [];
  #skipped: readonly SkippedFolder[] = [];

  /** Until it `isReady`, or settings are applied, nothing is shown or asked: they say what must never be sent. */
  constructor(knowledge: Knowledge, settings: SettingsSnapshot, isReady: boolean) {
    this.#knowledge = knowledge;
    this.#isReady = isReady;
    this.#files = new FileTable(settings);
    this.#includes = new IncludeTable(this.#files);
  }

  /** A file as it stands; `undefined` where it is not tracked or the settings leave it out. */
  snapshot(file: FileId): FileSnapshot | undefined {
    const tracked = this.#files.get(file);
    return tracked !== undefined && this.#files.isSelected(tracked) ? this.#snapshotOf(tracked) : undefined;
  }

  /** The same for any tracked file. */
  tracked(file: FileId): FileSnapshot | undefined {
    const tracked = this.#files.get(file);
    return tracked && this.#snapshotOf(tracked);
  }

  /** All files that the settings do not leave out. */
  get selected(): readonly FileSnapshot[] {
    return (this.#selected ??= this.#files.selected.map((file) => this.#snapshotOf(file)));
  }

  get ids(): readonly FileId[] {
    return this.#files.all.map(({ id }) => id);
  }

  get isReady(): boolean {
    return this.#isReady;
  }

  get settings(): SettingsSnapshot {
    return this.#files.settings;
  }

  settingsOf(file: FileId): Settings {
    return this.#files.settingsOf(file);
  }

  get folders(): readonly FileId[] {
    return this.#folders;
  }

  /** Every requirements file of the workspace folders is among the files. */
  get hasWholeWorkspace(): boolean {
    return this.#hasWholeWorkspace;
  }

  /** What the last search of the folders could not read, and why: nothing is known of what it asks for. */
  get unread(): readonly string[] {
    return this.#unread;
  }

  /** What the last search of the folders left out on purpose. */
  get skipped(): readonly SkippedFolder[] {
    return this.#skipped;
  }

  /** What a file is called in everything that is sent. */
  uriOf(file: FileId): string {
    return this.#files.uriOf(file);
  }

  /** The client has named a file. */
  name(uri: string): FileId {
    return this.#files.name(uri);
  }

  /** All that a file asks for, known or not. */
  lookupsOf(file: FileId): readonly Lookup[] {
    return this.#files.get(file)?.lookups() ?? [];
  }

  /** The constraints files that hold for a file, as far as they are tracked. */
  constraintsOf(file: FileId): readonly FileSnapshot[] {
    return this.#includes.constraintsOf(file).map((one) => this.#snapshotOf(one));
  }

  /** The files at these places: themselves, and all below them where they are folders. */
  filesAt(places: readonly FileId[]): readonly FileId[] {
    return this.#files.at(places).map(({ id }) => id);
  }

  /** What a file includes, directly or not, as far as it is tracked; itself among them. */
  reachedFrom(file: FileId): readonly FileId[] {
    return [...this.#includes.reachedFrom([file])];
  }

  /** In the order of a report: as a search finds them, each followed by what it includes. */
  inReportOrder(files: readonly FileSnapshot[]): readonly FileSnapshot[] {
    const others = files.map(({ id }) => id).sort();
    const order = new Map(this.#includes.order([...this.#found, ...others]).map((id, at) => [id, at] as const));
    return files.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  }

  /** Included files that are still to be read. */
  get missing(): readonly FileId[] {
    return this.#includes.missing;
  }

  /** How many files are tracked for nothing but that others include them. */
  get includedOnly(): number {
    return this.#files.all.filter(({ version, inWorkspace }) => version === undefined && !inWorkspace).length;
  }

  foldersOfIncluders(file: FileId): readonly FileId[] {
    return this.#includes.foldersOfIncluders(file);
  }

  whyUnreadable(file: FileId): string | undefined {
    return this.#includes.whyUnreadable(file);
  }

  /** Which text of a file this is: another one for each time that it is opened or read. */
  editionOf(file: FileId): number | undefined {
    const tracked = this.#files.get(file);
    return tracked && this.#editions.get(tracked);
  }

  /** Whether a search of its folder would find this file, by its name. */
  isFindable(file: FileId): boolean {
    return isSelectedByName(file, this.settingsOf(file));
  }

  /** `at`: milliseconds since the epoch. */
  apply(change: Change, at: number): Delta {
    this.#selected = undefined;
    switch (change.kind) {
      case 'opened':
        return this.#open(change, at);
      case 'edited':
        return this.#edit(change, at);
      case 'lost':
        return this.#lose(change.file, at);
      case 'typingPaused':
        return this.#typingPaused(change.file, at);
      case 'closed':
        return this.#close(change.uri);
      case 'read':
        return this.#take(change, at);
      case 'readAgain':
        return this.#takeAgain(change);
      case 'notRead':
        this.#includes.setUnreadable(change.file, change.unread);
        return noDelta;
      case 'mayBeReadable':
        this.#includes.lookAgain(change.places);
        return noDelta;
      case 'searched':
        return this.#searched(change);
      case 'folders':
        return this.#takeFolders(change.folders);
      case 'settings':
        return this.#takeSettings(change, at);
      case 'marksChanged':
        return this.#showAgain(
          this.#files.selected.filter(({ isShown }) => isShown),
          at,
        );
      case 'forgotten':
        return this.#forget(at);
      case 'linked':
        return this.#link(change, at);
      case 'asking':
        return this.#ask(change);
      case 'progressed':
        return this.#showAgain(this.#tracked(change.files), at);
      case 'answered':
        return this.#settle(change, at);
    }
  }

  #open({ uri, languageId, version, text }: Of<'opened'>, at: number): Delta {
    this.#files.opens(uri);
    const isTooLong = hasTooManyLines(text);
    const { file, delta } = this.#track({ uri, languageId, version }, isTooLong ? '' : text, false);
    if (isTooLong) {
      file.lose(tooLongText);
    }
    return this.#isToShow(file) ? { ...delta, show: this.#bringUpToDate([file], at) } : delta;
  }

  #edit({ file: id, version, changes }: Of<'edited'>, at: number): Delta {
    const file = this.#files.get(id);
    if (file?.version === undefined) {
      return noDelta; // it is not open: what is on disk holds
    }
    const next = version ?? file.version + 1;
    if (isTooLongAfter(file.file, changes)) {
      return this.#lose(id, at, { why: tooLongText, version: next });
    }
    const wasLinked = file.isLinked;
    const edited = editText(file.file, changes);
    file.update(edited.file, next, edited.lines, edited.isWhole);
    if (!this.#isToShow(file)) {
      return noDelta;
    }
    const show = this.#bringUpToDate([file], at);
    const asks = file.asksForMore;
    if (asks) {
      file.stopAsking(); // what was asked before this edit is no longer all that the file says
    }
    const { isLinked } = file;
    return {
      ...noDelta,
      show,
      stop: asks ? [id] : [],
      pause: asks || file.hasUnsaidProblems || isLinked ? [id] : [],
      link: wasLinked && !isLinked, // after the pause nothing would say that it had any
    };
  }

  #lose(id: FileId, at: number, { why, version }: { why?: string; version?: number } = {}): Delta {
    const file = this.#files.get(id);
    if (file?.version === undefined) {
      return noDelta;
    }
    file.stopAsking();
    file.lose(why, version);
    const isToShow = this.#isToShow(file);
    return { ...noDelta, stop: [id], show: isToShow ? this.#bringUpToDate([file], at) : [], redraw: isToShow };
  }

  #typingPaused(id: FileId, at: number): Delta {
    const file = this.#files.get(id);
    if (file === undefined || !this.#isToShow(file)) {
      return noDelta;
    }
    file.typingPaused();
    const show = this.#bringUpToDate([file], at);
    return { ...noDelta, show, ask: file.asksForMore ? [id] : [], link: file.isLinked };
  }

  #close(uri: string): Delta {
    const id = fileId(uri);
    const file = this.#files.get(id);
    if (!this.#files.closes(uri) || file === undefined) {
      return noDelta;
    }
    this.#files.delete(id);
    // What a search of the workspace found, or would find now, stays in the Problems panel, as it is on disk.
    const stays = file.inWorkspace || this.#wouldBeFound(id);
    return { ...noDelta, stop: [id], clear: stays ? [] : [file.uri], read: stays ? [id] : [], link: true };
  }

  #take({ file: id, why, read }: Of<'read'>, at: number): Delta {
    const known = this.#files.get(id);
    const inWorkspace = why !== 'included';
    if (known?.version !== undefined) {
      known.inWorkspace ||= inWorkspace; // it was opened meanwhile
      return noDelta;
    }
    if ('error' in read) {
      this.#includes.setUnreadable(id, { ...unreadInclude(read), error: read.error });
      return why === 'closed' ? { ...noDelta, clear: [this.uriOf(id)] } : noDelta;
    }
    const { file, delta } = this.#trackRead(id, read.text, inWorkspace);
    if (why !== 'closed') {
      return delta;
    }
    return this.#isToShow(file)
      ? { ...delta, show: this.#bringUpToDate([file], at) }
      : { ...delta, clear: [...delta.clear, file.uri] };
  }

  #takeAgain({ file: id, edition, read }: Of<'readAgain'>): Delta {
    const before = this.#files.get(id);
    if (before === undefined || this.#editions.get(before) !== edition) {
      return noDelta; // it was opened or closed meanwhile: it was read then
    }
    if ('error' in read) {
      this.#files.delete(id);
      return { ...noDelta, stop: [id], clear: [before.uri], link: true };
    }
    return read.text === this.#texts.get(before) ? noDelta : this.#trackRead(id, read.text, before.inWorkspace).delta;
  }

  #searched({ found, unread, skipped, isComplete }: Of<'searched'>): Delta {
    this.#found = [...found];
    this.#unread = unread;
    this.#skipped = skipped;
    for (const id of found) {
      const file = this.#files.get(id);
      if (file !== undefined) {
        file.inWorkspace = true;
      }
    }
    const gone = this.#files.all.filter(
      ({ id, version, inWorkspace }) => version === undefined && inWorkspace && !found.has(id),
    );
    // Folders that are not on disk are not searched.
    this.#hasWholeWorkspace = isComplete && this.#folders.length > 0 && this.#folders.every(isDiskAddress);
    return this.#letGo(gone);
  }

  /** What a search found in a folder that is gone, and nobody has open, is let go of; an open file goes when it is closed. */
  #takeFolders(folders: readonly FileId[]): Delta {
    const left = this.#folders.filter((folder) => !folders.includes(folder));
    this.#folders = folders;
    this.#includes.lookAgain(); // another place may be one where files are read
    this.#hasWholeWorkspace = false;
    const outside = this.#files
      .inside(left)
      .filter(({ id, inWorkspace }) => inWorkspace && !folders.some((one) => isInside(id, one)));
    outside.forEach((file) => (file.inWorkspace = false));
    return this.#letGo(outside.filter(({ version }) => version === undefined));
  }

  #takeSettings({ settings, forgets }: Of<'settings'>, at: number): Delta {
    this.#files.settings = settings;
    this.#isReady = true;
    for (const file of this.#files.all) {
      file.stopAsking();
      file.applySettings(this.settingsOf(file.id));
      if (forgets) {
        file.forgetOutcomes();
      }
    }
    const { all, selected } = this.#files;
    return {
      ...this.#showAgain(selected, at),
      redraw: all.length > 0,
      stop: this.ids,
      clear: all.filter((file) => !this.#files.isSelected(file)).map(({ uri }) => uri),
    };
  }

  #forget(at: number): Delta {
    for (const file of this.#files.all) {
      file.stopAsking();
      file.forgetOutcomes();
    }
    return { ...this.#showAgain(this.#files.selected, at), stop: this.ids };
  }

  #link({ taken, also }: Of<'linked'>, at: number): Delta {
    const { locks } = this.#knowledge;
    const wanted = this.#files.all.filter(({ version, inWorkspace }) => version !== undefined || inWorkspace);
    const needed = this.#includes.reachedFrom(wanted.map(({ id }) => id));
    const dropped = this.#letGo(this.#files.all.filter(({ id }) => !needed.has(id)));
    const linksOf = this.#includes.links((id) => this.#shownName(id));
    const linked = new Map<FileId, ConstraintPins>();
    const changed = new Set<TrackedFile>();
    for (const file of this.#files.all) {
      const { constraints, includedAt, problems } = linksOf(file);
      // Another file's turn may come while the locks of this one are still being read.
      const isAll = locks.has(file.id);
      if (isAll) {
        linked.set(file.id, constraints);
      }
      const decided = { constraints, locked: locks.get(file.id) ?? [] };
      if (file.link({ decided, includedAt, problems }, this.settingsOf(file.id), isAll)) {
        changed.add(file);
      }
    }
    this.#linked = linked;
    const among = new Set([...taken, ...also]);
    const touched = this.#files.selected.filter((file) => changed.has(file) || among.has(file.id));
    const delta = this.#showAgain(touched, at);
    return {
      ...delta,
      stop: dropped.stop,
      clear: dropped.clear,
      ask: touched.filter((file) => taken.includes(file.id) || file.asksForMore).map(({ id }) => id),
    };
  }

  #ask({ files, keys }: Of<'asking'>): Delta {
    this.#tracked(files).forEach((file) => file.ask(keys));
    return { ...noDelta, stop: files };
  }

  #settle({ files, outcomes, again }: Of<'answered'>, at: number): Delta {
    const settled = this.#tracked(files);
    for (const file of settled) {
      if (outcomes !== undefined) {
        file.settle(outcomes, { now: at, again });
      }
      file.stopAsking();
    }
    return this.#showAgain(settled, at);
  }

  #showAgain(files: readonly TrackedFile[], at: number): Delta {
    return { ...noDelta, show: this.#bringUpToDate(files, at), redraw: files.length > 0 };
  }

  /** Tells every line of these files from what is known this instant; returns their ids. */
  #bringUpToDate(files: readonly TrackedFile[], at: number): readonly FileId[] {
    for (const file of files) {
      const ignores = this.#knowledge.ignoresOf(file.id, this.settingsOf(file.id));
      file.bringUpToDate(this.#knowledge.scanner, { ignores, now: at });
    }
    return files.map(({ id }) => id);
  }

  #letGo(files: readonly TrackedFile[]): Delta {
    files.forEach(({ id }) => this.#files.delete(id));
    return { ...noDelta, stop: files.map(({ id }) => id), clear: files.map(({ uri }) => uri) };
  }

  #trackRead(id: FileId, text: string, inWorkspace: boolean): Tracking {
    this.#includes.setReadable(id);
    const document = { uri: this.uriOf(id), languageId: undefined, version: undefined };
    const { file, delta } = this.#track(document, text, inWorkspace);
    this.#texts.set(file, text);
    return { file, delta: { ...delta, taken: [id] } };
  }

  /** What is known of its locks holds from the first moment, so that no line shows something else before. */
  #track(document: TrackedDocument, text: string, inWorkspace: boolean): Tracking {
    const id = fileId(document.uri);
    const settings = settingsFor(this.settings, id);
    const file = new TrackedFile(document, kindOfNamed(id).parse(text), settings);
    const before = this.#files.get(id);
    file.inWorkspace = inWorkspace || (before?.inWorkspace ?? false);
    const constraints = this.#linked.get(id);
    const locked = this.#knowledge.locks.get(id) ?? [];
    const decided = { constraints: constraints ?? nothingDecided.constraints, locked };
    file.link({ decided, includedAt: [], problems: [] }, settings, constraints !== undefined);
    this.#files.set(file);
    this.#editions.set(file, ++this.#lastEdition);
    const isOtherAddress = before !== undefined && before.uri !== file.uri;
    return {
      file,
      // No file is shown under two addresses.
      delta: { ...noDelta, stop: before === undefined ? [] : [id], clear: isOtherAddress ? [before.uri] : [] },
    };
  }

  /** Whether this file, if it is on disk, is one of those that the last search of the whole workspace was for. */
  #wouldBeFound(file: FileId): boolean {
    return this.#hasWholeWorkspace && this.#folders.some((folder) => isInside(file, folder)) && this.isFindable(file);
  }

  /** For people: below its folder, or by its name alone. */
  #shownName(id: FileId): string {
    return this.#folders.some((folder) => isInside(id, folder)) ? shownBelow(this.#folders, id) : nameOf(id);
  }

  #isToShow(file: TrackedFile): boolean {
    return this.#isReady && this.#files.isSelected(file);
  }

  #tracked(files: readonly FileId[]): readonly TrackedFile[] {
    return files.flatMap((id) => this.#files.get(id) ?? []);
  }

  #snapshotOf(file: TrackedFile): FileSnapshot {
    return file.snapshot(this.settingsOf(file.id));
  }
}

type Of<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;

interface Tracking {
  readonly file: TrackedFile;
  readonly delta: Delta;
}
