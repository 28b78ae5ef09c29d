import type { Settings } from '../../../protocol/settings.ts';
import type { ConstraintPins } from '../core/assessment/constraints.ts';
import { nothingDecided } from '../core/assessment/decidedVersions.ts';
import { constraintFilesOf, filesReachedFrom, type IncludeEdge, includeOrder } from '../core/manifests/includeGraph.ts';
import type { RequirementsFile } from '../core/manifests/pip/model.ts';
import { parseFile } from '../core/manifests/pip/parse/parseFile.ts';
import type { EditedDocument } from '../features/workspaceEdit.ts';
import { constraintsIn } from '../project/decided.ts';
import {
  type FileId,
  fileId,
  folderOf,
  isAtOrInsideAny,
  isDiskAddress,
  isInside,
  isOnDisk,
  nameOf,
  shownBelow,
} from '../project/fileId.ts';
import {
  missingInclude,
  mostIncluded,
  outsideInclude,
  tooManyIncludes,
  type UnreadInclude,
  unreadInclude,
  unreadProblem,
} from '../project/unreadInclude.ts';
import type { Log } from '../engine/ports.ts';
import type { Files } from './environment.ts';
import { includeLines, type LinkedLine } from './includeLines.ts';
import { isSelected, isSelectedByName } from './isSelected.ts';
import { LockStore } from './lockStore.ts';
import { settingsFor, type SettingsSnapshot } from './settingsSnapshot.ts';
import { TrackedFile, type TrackedDocument } from './trackedFile.ts';

/** The requirement files that are looked after: open ones, those of the workspace, and what these include. */
export class FileStore {
  readonly #disk: Files;
  readonly #log: Log;
  readonly #replaced: (file: TrackedFile, by: TrackedFile) => void;
  readonly #files = new Map<FileId, TrackedFile>();
  /** How the client spells the files that it has named. */
  readonly #spellings = new Map<FileId, string>();
  /** By which addresses the client has a file open; all but careless ones use one. */
  readonly #open = new Map<FileId, Set<string>>();
  /** Why an included file is not read; asked again when the workspace is scanned, a file is saved or this one changes. */
  readonly #unreadable = new Map<FileId, UnreadInclude & { readonly error?: string }>();
  /** What was read of files that nobody has open. */
  readonly #texts = new WeakMap<TrackedFile, string>();
  readonly #placedLines = new WeakMap<
    TrackedFile,
    { readonly file: RequirementsFile; readonly lines: readonly PlacedLine[] }
  >();
  readonly #selected = new WeakMap<TrackedFile, { readonly settings: Settings; readonly isSelected: boolean }>();
  #folders: readonly FileId[] = [];
  #hasWholeWorkspace = false;
  /** What the last search found, in its order. */
  #found: readonly FileId[] = [];
  #unread: readonly string[] = [];
  #skipped: readonly SkippedFolder[] = [];
  readonly #locks: LockStore;
  /** Files whose links were brought up to date: only then it is known what decides their versions. */
  #linked: ReadonlyMap<FileId, ConstraintPins> = new Map();

  /** `replaced`: another one stands in its place, which it must not be shown over. */
  constructor(disk: Files, log: Log, replaced: (file: TrackedFile, by: TrackedFile) => void) {
    this.#disk = disk;
    this.#log = log;
    this.#replaced = replaced;
    this.#locks = new LockStore(disk.createLockReader(log));
  }

  get all(): readonly TrackedFile[] {
    return [...this.#files.values()];
  }

  /** Those that the settings do not leave out. */
  selected(settings: SettingsSnapshot): readonly TrackedFile[] {
    return this.all.filter((file) => this.#isSelected(file, settingsFor(settings, file.id)));
  }

  get(file: FileId): TrackedFile | undefined {
    return this.#files.get(file);
  }

  /** What a file is called in everything that is sent: as the client spells it, or else as VS Code does. */
  uriOf(file: FileId): string {
    return this.#spellings.get(file) ?? file;
  }

  /** The client has named a file. One that is shown already keeps its spelling until it is opened. */
  name(uri: string): FileId {
    const id = fileId(uri);
    if (!this.#files.has(id)) {
      this.#spellings.set(id, uri);
    }
    return id;
  }

  get folders(): readonly FileId[] {
    return this.#folders;
  }

  /** Every requirements file of the workspace folders is among them. */
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

  /** Returns the files that a search found in a folder that is gone, and that nobody has open. They are forgotten. */
  setFolders(folders: readonly FileId[]): readonly TrackedFile[] {
    const left = this.#folders.filter((folder) => !folders.includes(folder));
    this.#folders = folders;
    this.#unreadable.clear(); // another place may be one where files are read
    this.#hasWholeWorkspace = false;
    this.#locks.lookAgain();
    const outside = this.all.filter(
      ({ id, inWorkspace }) =>
        inWorkspace && left.some((one) => isInside(id, one)) && !folders.some((one) => isInside(id, one)),
    );
    outside.forEach((file) => (file.inWorkspace = false)); // an open one goes when it is closed
    const closed = outside.filter(({ version }) => version === undefined);
    closed.forEach(({ id }) => this.#files.delete(id));
    return closed;
  }

  /** Tracks a document of the editor; its text wins over the disk. */
  open(document: TrackedDocument, text: string, settings: SettingsSnapshot): TrackedFile {
    const id = fileId(document.uri);
    this.#spellings.set(id, document.uri);
    this.#open.set(id, (this.#open.get(id) ?? new Set()).add(document.uri));
    const file = this.#track(document, text, settings);
    this.#locks.lookAgain(file.id);
    return file;
  }

  /** The client has closed a document. False where it has the same file open under another address, which stays. */
  closes(uri: string): boolean {
    const id = fileId(uri);
    const open = this.#open.get(id);
    const isOther = open?.delete(uri) === true && open.size > 0 && this.#files.get(id)?.uri !== uri;
    if (!isOther) {
      this.#open.delete(id);
    }
    return !isOther;
  }

  forget(file: FileId): void {
    this.#files.delete(file);
  }

  /**
   * Tracks a file as it is on disk; `undefined` where it cannot be read, which is said in the log. `inWorkspace`: it is
   * wanted for its own sake, so that nobody who links files meanwhile takes it for one that is not needed.
   */
  async readFromDisk(id: FileId, settings: SettingsSnapshot, inWorkspace = false): Promise<TrackedFile | undefined> {
    const read = await this.#disk.read(id, this.#readable(id));
    const known = this.#files.get(id);
    if (known?.version !== undefined) {
      return known; // opened meanwhile
    }
    if ('error' in read) {
      this.#log.warn(read.error);
      this.#unreadable.set(id, { ...unreadInclude(read), error: read.error });
      return undefined;
    }
    return this.#take(id, read.text, settings, inWorkspace);
  }

  /**
   * Reads again those of the files that nobody has open. Returns those that say something else now, and those that are gone,
   * which are forgotten.
   */
  async readAgain(
    files: readonly FileId[],
    settings: SettingsSnapshot,
  ): Promise<{ readonly changed: readonly TrackedFile[]; readonly gone: readonly TrackedFile[] }> {
    const changed: TrackedFile[] = [];
    const gone: TrackedFile[] = [];
    for (const id of files) {
      const before = this.#files.get(id);
      if (before === undefined || before.version !== undefined) {
        continue;
      }
      const read = await this.#disk.read(id, this.#readable(id));
      if (this.#files.get(id) !== before) {
        continue; // opened or closed meanwhile: it was read then
      }
      if ('error' in read) {
        this.#files.delete(id);
        gone.push(before);
      } else if (read.text !== this.#texts.get(before)) {
        changed.push(this.#take(id, read.text, settings, before.inWorkspace));
      }
    }
    return { changed, gone };
  }

  /** These files, or those below these folders, may be readable now; without any, all may be. */
  lookAgain(places?: readonly FileId[]): void {
    if (places === undefined) {
      this.#unreadable.clear();
      return;
    }
    const among = new Set(places);
    for (const id of this.#unreadable.keys()) {
      if (isAtOrInsideAny(id, among)) {
        this.#unreadable.delete(id);
      }
    }
  }

  /** The files at these places: themselves, and all below them where they are folders. */
  filesAt(places: readonly FileId[]): readonly TrackedFile[] {
    const among = new Set(places);
    return this.all.filter(({ id }) => isAtOrInsideAny(id, among));
  }

  /** Reads every requirements file of the workspace folders; returns those that are gone. */
  async findAll(settings: SettingsSnapshot, signal: AbortSignal): Promise<readonly TrackedFile[]> {
    const found = new Set<FileId>();
    const unreadNow: string[] = [];
    const skippedNow: SkippedFolder[] = [];
    this.#unreadable.clear();
    for (const folder of this.#folders) {
      const { uris, unread, skipped } = await this.#discover(folder, settings, signal);
      uris.forEach((id) => found.add(id));
      unread.forEach((message) => this.#log.warn(message));
      unread.forEach((one) => unreadNow.push(one));
      skipped.forEach((one) => skippedNow.push(one));
    }
    for (const id of found) {
      const file = this.#files.get(id);
      const tracked = file?.version === undefined ? await this.readFromDisk(id, settings, true) : file;
      if (tracked === undefined) {
        unreadNow.push(this.#unreadable.get(id)?.error ?? id);
      } else {
        tracked.inWorkspace = true;
      }
    }
    this.#found = [...found];
    this.#unread = unreadNow;
    this.#skipped = skippedNow;
    const gone = this.all.filter((file) => file.version === undefined && file.inWorkspace && !found.has(file.id));
    gone.forEach((file) => this.#files.delete(file.id));
    // Folders that are not on disk are not searched.
    this.#hasWholeWorkspace = !signal.aborted && this.#folders.length > 0 && this.#folders.every(isDiskAddress);
    return gone;
  }

  /**
   * Reads those of the files that `findAll` would have found, had they been there, at or below these places, or anywhere;
   * returns them.
   */
  async findNew(
    places: readonly FileId[] | undefined,
    settings: SettingsSnapshot,
    signal: AbortSignal,
  ): Promise<readonly TrackedFile[]> {
    const unknown = places?.filter((id) => !this.#files.has(id));
    const among = unknown && new Set(unknown);
    const folders = this.#hasWholeWorkspace
      ? this.#folders.filter((folder) => unknown?.some((id) => isInside(id, folder)) ?? true)
      : [];
    const added: TrackedFile[] = [];
    for (const folder of folders) {
      const { uris } = await this.#discover(folder, settings, signal);
      for (const id of uris.filter(
        (one) => (among === undefined || isAtOrInsideAny(one, among)) && !this.#files.has(one),
      )) {
        const file = await this.readFromDisk(id, settings, true);
        added.push(...(file === undefined ? [] : [file]));
      }
    }
    return added;
  }

  /** Whether this file, if it is on disk, is one of those that the last search of the whole workspace was for. */
  wouldBeFound(file: FileId, settings: SettingsSnapshot): boolean {
    return (
      this.#hasWholeWorkspace &&
      this.#folders.some((folder) => isInside(file, folder)) &&
      this.isFindable(file, settings)
    );
  }

  /** Whether a search of its folder would find this file, by its name. */
  isFindable(file: FileId, settings: SettingsSnapshot): boolean {
    return isSelectedByName(file, settingsFor(settings, file));
  }

  /** What a file includes, directly or not, as far as it is tracked; itself among them. */
  reachedFrom(file: FileId): readonly FileId[] {
    return [...filesReachedFrom([file], edgesOf(this.#lines()))] as FileId[];
  }

  /** In the order of a report: as a search finds them, each followed by what it includes. */
  inReportOrder(files: readonly TrackedFile[]): readonly TrackedFile[] {
    const others = files.map(({ id }) => id).sort();
    const order = new Map(
      includeOrder([...this.#found, ...others], edgesOf(this.#lines())).map((id, at) => [id, at] as const),
    );
    return files.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0));
  }

  /** Reads what tracked files include and is not tracked yet, and what that includes; returns the files that it read. */
  async loadIncluded(settings: SettingsSnapshot): Promise<readonly TrackedFile[]> {
    const loaded: TrackedFile[] = [];
    // Each round reads what the one before named; every file once, so that cycles end.
    for (let missing = this.#missing(); missing.length > 0; missing = this.#missing()) {
      for (const id of missing) {
        if (this.#includedOnly >= mostIncluded) {
          this.#unreadable.set(id, tooManyIncludes);
          continue;
        }
        switch (await this.#disk.whereIs(id, this.#reachable(id))) {
          case 'inside':
          case 'unclear': {
            const file = await this.readFromDisk(id, settings);
            loaded.push(...(file === undefined ? [] : [file]));
            break;
          }
          case 'outside':
            this.#unreadable.set(id, outsideInclude);
            break;
          case 'missing':
            this.#unreadable.set(id, missingInclude);
            break;
        }
      }
    }
    return loaded;
  }

  /** Locks and environments may be other ones now; on the next `readLocks`. */
  lookForLocksAgain(): void {
    this.#locks.lookAgain();
  }

  /** Reads what decides versions for files of which that is not known yet. */
  async readLocks(): Promise<void> {
    await this.#locks.read(
      this.all.map(({ id }) => id),
      this.#folders.filter(isOnDisk),
    );
  }

  /** Whether an included file is read: it is tracked, or lies where includes are followed. */
  async mayRead(file: FileId): Promise<boolean> {
    return this.#files.has(file) || (await this.#disk.whereIs(file, this.#reachable(file))) === 'inside';
  }

  /** The constraints files that hold for a file, as far as they are tracked. */
  constraintsOf(file: FileId): readonly TrackedFile[] {
    const edges = edgesOf(this.#lines());
    return constraintFilesOf(file, edges).flatMap((one) => this.#files.get(one as FileId) ?? []);
  }

  /** A file for an edit, as it is this moment: tracked, or on disk where includes are followed. */
  async readForEdit(file: FileId): Promise<EditedDocument | undefined> {
    const tracked = this.#files.get(file);
    if (tracked?.version !== undefined) {
      return { uri: tracked.uri, version: tracked.version, file: tracked.file };
    }
    const read = (await this.mayRead(file)) ? await this.#disk.read(file, this.#readable(file)) : undefined;
    return read === undefined || 'error' in read
      ? undefined
      : { uri: this.uriOf(file), version: null, file: parseFile(read.text) };
  }

  /**
   * Brings up to date what files say of each other: constraints, where a file is included, includes that were not read.
   * Returns the files that show something else now, and those that nobody needs any more, which are forgotten.
   */
  link(settings: SettingsSnapshot): {
    readonly changed: readonly TrackedFile[];
    readonly dropped: readonly TrackedFile[];
  } {
    const lines = this.#lines();
    const linked = new Map<FileId, ConstraintPins>();
    const edges = edgesOf(lines);
    const wanted = this.all.filter((file) => file.version !== undefined || file.inWorkspace).map(({ id }) => id);
    const needed = filesReachedFrom(wanted, edges);
    const dropped = this.all.filter((file) => !needed.has(file.id));
    dropped.forEach((file) => this.#files.delete(file.id));
    const constraintsOf = constraintsIn(edges, (id) => {
      const file = this.#files.get(id as FileId);
      return file && { source: this.#shown(file.id), file: file.file, uri: file.uri };
    });
    const changed = this.all.filter((file) => {
      const constraints = constraintsOf(file.id);
      // Another file's turn may come while the locks of this one are still being read.
      if (this.#locks.has(file.id)) {
        linked.set(file.id, constraints);
      }
      return file.link(
        {
          decided: { constraints, locked: this.#locks.get(file.id) },
          includedAt: lines.filter(({ to }) => to === file.id).map(({ from, range }) => ({ uri: from.uri, range })),
          problems: this.#linesOf(file).flatMap((line) => {
            const unread = line.unread ?? (this.#files.has(line.to) ? undefined : this.#unreadable.get(line.to));
            return unread === undefined ? [] : [unreadProblem(line, unread)];
          }),
        },
        settingsFor(settings, file.id),
        this.#locks.has(file.id),
      );
    });
    this.#linked = linked;
    return { changed, dropped };
  }

  /** Asked for every file on every key, and the same until the settings change. */
  #isSelected(file: TrackedFile, settings: Settings): boolean {
    const known = this.#selected.get(file);
    if (known?.settings === settings) {
      return known.isSelected;
    }
    const answer = { settings, isSelected: isSelected(file, settings) };
    this.#selected.set(file, answer);
    return answer.isSelected;
  }

  #take(id: FileId, text: string, settings: SettingsSnapshot, inWorkspace: boolean): TrackedFile {
    this.#unreadable.delete(id);
    const document = { uri: this.uriOf(id), languageId: undefined, version: undefined };
    const file = this.#track(document, text, settings, inWorkspace);
    this.#texts.set(file, text);
    return file;
  }

  async #discover(
    folder: FileId,
    settings: SettingsSnapshot,
    signal: AbortSignal,
  ): Promise<{
    readonly uris: readonly FileId[];
    readonly unread: readonly string[];
    readonly skipped: readonly SkippedFolder[];
  }> {
    const { filesInclude: include, filesExclude: exclude } = settingsFor(settings, folder);
    const { uris, unread, skipped = [] } = await this.#disk.discover(folder, { include, exclude, signal });
    return { uris: uris.map(fileId), unread, skipped };
  }

  /** What is known of its locks holds from the first moment, so that no line shows something else before. */
  #track(document: TrackedDocument, text: string, settings: SettingsSnapshot, inWorkspace = false): TrackedFile {
    const id = fileId(document.uri);
    const file = new TrackedFile(document, parseFile(text), settingsFor(settings, id));
    const before = this.#files.get(id);
    file.inWorkspace = inWorkspace || (before?.inWorkspace ?? false);
    const constraints = this.#linked.get(id);
    const decided = { constraints: constraints ?? nothingDecided.constraints, locked: this.#locks.get(id) };
    file.link({ decided, includedAt: [], problems: [] }, settingsFor(settings, id), constraints !== undefined);
    this.#files.set(id, file);
    if (before !== undefined) {
      this.#replaced(before, file);
    }
    return file;
  }

  #lines(): readonly PlacedLine[] {
    return this.all.flatMap((from) => this.#linesOf(from));
  }

  /** For people: below its folder, or by its name alone. */
  #shown(id: FileId): string {
    return this.#folders.some((folder) => isInside(id, folder)) ? shownBelow(this.#folders, id) : nameOf(id);
  }

  /** Asked for every file after every change, and the same until its text changes. */
  #linesOf(from: TrackedFile): readonly PlacedLine[] {
    const known = this.#placedLines.get(from);
    if (known?.file === from.file) {
      return known.lines;
    }
    const lines = includeLines(from.id, from.file).map((line) => ({ ...line, from }));
    this.#placedLines.set(from, { file: from.file, lines });
    return lines;
  }

  /** Files that are tracked for nothing but that others include them. */
  get #includedOnly(): number {
    return this.all.filter(({ version, inWorkspace }) => version === undefined && !inWorkspace).length;
  }

  #missing(): readonly FileId[] {
    const named = this.#lines().flatMap(({ to, unread }) => (unread === undefined ? [to] : []));
    return [...new Set(named)].filter((id) => !this.#files.has(id) && !this.#unreadable.has(id));
  }

  /** Where the user named a file that is in no workspace, any is. */
  #readable(file: FileId): readonly FileId[] | undefined {
    const folders = this.#reachable(file);
    return folders.length === 0 ? undefined : folders;
  }

  /** The folders a file may be read from: those of the workspace, else the ones of the files that include it. */
  #reachable(id: FileId): readonly FileId[] {
    const folders = this.#folders.filter(isOnDisk);
    if (folders.length > 0) {
      return folders;
    }
    return this.#lines().flatMap(({ from, to }) => (to === id ? [folderOf(from.id)] : []));
  }
}

interface SkippedFolder {
  readonly uri: string;
  readonly reason: string;
}

type PlacedLine = LinkedLine & { readonly from: TrackedFile };

function edgesOf(lines: readonly PlacedLine[]): readonly IncludeEdge[] {
  return lines.map(({ from, to, kind }) => ({ from: from.id, to, kind }));
}
