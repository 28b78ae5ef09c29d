import type { Settings } from '../../../protocol/settings.ts';
import { type ConstraintPins, constraintPins } from '../core/assessment/constraints.ts';
import { nothingDecided } from '../core/assessment/decidedVersions.ts';
import { constraintFilesOf, filesReachedFrom, type IncludeEdge } from '../core/requirements/includeGraph.ts';
import { parseFile } from '../core/requirements/parseFile.ts';
import type { EditedDocument } from '../features/workspaceEdit.ts';
import type { Log } from '../scan/ports.ts';
import type { Files } from './environment.ts';
import { type IncludeLine, includeLines } from './includeLines.ts';
import { isSelected, isSelectedByName } from './isSelected.ts';
import { LockStore } from './lockStore.ts';
import { settingsFor, type SettingsSnapshot } from './settingsSnapshot.ts';
import { TrackedFile, type TrackedDocument } from './trackedFile.ts';

// An end for includes that breed; the largest trees in public repositories have a few dozen files.
const mostFiles = 500;

/** The requirement files that are looked after: open ones, those of the workspace, and what these include. */
export class FileStore {
  readonly #disk: Files;
  readonly #log: Log;
  readonly #replaced: (file: TrackedFile) => void;
  readonly #files = new Map<string, TrackedFile>();
  /** Why an included file is not read, by its URI; asked again when the workspace is scanned or the file changes. */
  readonly #unreadable = new Map<string, string>();
  readonly #selected = new WeakMap<TrackedFile, { readonly settings: Settings; readonly isSelected: boolean }>();
  #folders: readonly string[] = [];
  #hasWholeWorkspace = false;
  #unread: readonly string[] = [];
  #skipped: readonly SkippedFolder[] = [];
  readonly #locks: LockStore;
  /** Files whose links were brought up to date: only then it is known what decides their versions. */
  #linked: ReadonlyMap<string, ConstraintPins> = new Map();

  /** `replaced`: another one stands in its place, which it must not be shown over. */
  constructor(disk: Files, log: Log, replaced: (file: TrackedFile) => void) {
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
    return this.all.filter((file) => this.#isSelected(file, settingsFor(settings, file.uri)));
  }

  get(uri: string): TrackedFile | undefined {
    return this.#files.get(uri);
  }

  get folders(): readonly string[] {
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
  setFolders(uris: readonly string[]): readonly TrackedFile[] {
    const left = this.#folders.filter((folder) => !uris.includes(folder));
    this.#folders = uris;
    this.#hasWholeWorkspace = false;
    this.#locks.lookAgain();
    const outside = this.all.filter(
      ({ uri, inWorkspace }) =>
        inWorkspace && left.some((one) => isBelow(uri, one)) && !uris.some((one) => isBelow(uri, one)),
    );
    outside.forEach((file) => (file.inWorkspace = false)); // an open one goes when it is closed
    const closed = outside.filter(({ version }) => version === undefined);
    closed.forEach(({ uri }) => this.#files.delete(uri));
    return closed;
  }

  /** Tracks a document of the editor; its text wins over the disk. */
  open(document: TrackedDocument, text: string, settings: SettingsSnapshot): TrackedFile {
    const file = this.#track(document, text, settings);
    this.#locks.lookAgain(document.uri);
    return file;
  }

  forget(uri: string): void {
    this.#files.delete(uri);
  }

  /**
   * Tracks a file as it is on disk; `undefined` where it cannot be read, which is said in the log. `inWorkspace`: it is
   * wanted for its own sake, so that nobody who links files meanwhile takes it for one that is not needed.
   */
  async readFromDisk(uri: string, settings: SettingsSnapshot, inWorkspace = false): Promise<TrackedFile | undefined> {
    const read = await this.#disk.read(uri, this.#readable(uri));
    const known = this.#files.get(uri);
    if (known?.version !== undefined) {
      return known; // opened meanwhile
    }
    if ('error' in read) {
      this.#log.warn(read.error);
      this.#unreadable.set(uri, read.error);
      return undefined;
    }
    this.#unreadable.delete(uri);
    const document = { uri, languageId: undefined, version: undefined };
    return this.#track(document, read.text, settings, inWorkspace);
  }

  /** These files may be readable now. */
  lookAgain(uris: readonly string[]): void {
    uris.forEach((uri) => this.#unreadable.delete(uri));
  }

  /** Reads every requirements file of the workspace folders; returns those that are gone. */
  async findAll(settings: SettingsSnapshot, signal: AbortSignal): Promise<readonly TrackedFile[]> {
    const found = new Set<string>();
    const unreadNow: string[] = [];
    const skippedNow: SkippedFolder[] = [];
    this.#unreadable.clear();
    for (const folder of this.#folders) {
      const { filesInclude, filesExclude } = settingsFor(settings, `${folder}/`);
      const {
        uris,
        unread,
        skipped = [],
      } = await this.#disk.discover(folder, {
        include: filesInclude,
        exclude: filesExclude,
        signal,
      });
      uris.forEach((uri) => found.add(uri));
      unread.forEach((message) => this.#log.warn(message));
      unreadNow.push(...unread);
      skippedNow.push(...skipped);
    }
    for (const uri of found) {
      const file = this.#files.get(uri);
      const tracked = file?.version === undefined ? await this.readFromDisk(uri, settings, true) : file;
      if (tracked === undefined) {
        unreadNow.push(this.#unreadable.get(uri) ?? uri);
      } else {
        tracked.inWorkspace = true;
      }
    }
    this.#unread = unreadNow;
    this.#skipped = skippedNow;
    const gone = this.all.filter((file) => file.version === undefined && file.inWorkspace && !found.has(file.uri));
    gone.forEach((file) => this.#files.delete(file.uri));
    // Folders that are not on disk are not searched.
    const isOnDisk = this.#folders.length > 0 && this.#folders.every((folder) => folder.startsWith('file:'));
    this.#hasWholeWorkspace = !signal.aborted && isOnDisk;
    return gone;
  }

  /** Reads those of the files that `findAll` would have found, had they been there; returns them. */
  async findNew(
    uris: readonly string[],
    settings: SettingsSnapshot,
    signal: AbortSignal,
  ): Promise<readonly TrackedFile[]> {
    const unknown = uris.filter((uri) => !this.#files.has(uri) && isSelectedByName(uri, settingsFor(settings, uri)));
    const folders = this.#hasWholeWorkspace
      ? this.#folders.filter((folder) => unknown.some((uri) => isBelow(uri, folder)))
      : [];
    const added: TrackedFile[] = [];
    for (const folder of folders) {
      const { filesInclude: include, filesExclude: exclude } = settingsFor(settings, `${folder}/`);
      const found = await this.#disk.discover(folder, { include, exclude, signal });
      for (const uri of found.uris.filter((one) => unknown.includes(one) && !this.#files.has(one))) {
        const file = await this.readFromDisk(uri, settings, true);
        added.push(...(file === undefined ? [] : [file]));
      }
    }
    return added;
  }

  /** Reads what tracked files include and is not tracked yet, and what that includes; returns the files that it read. */
  async loadIncluded(settings: SettingsSnapshot): Promise<readonly TrackedFile[]> {
    const loaded: TrackedFile[] = [];
    // Each round reads what the one before named; every file once, so that cycles end.
    for (let missing = this.#missing(); missing.length > 0; missing = this.#missing()) {
      for (const uri of missing) {
        switch (await this.#disk.whereIs(uri, this.#reachable(uri))) {
          case 'inside': {
            const file = await this.readFromDisk(uri, settings);
            loaded.push(...(file === undefined ? [] : [file]));
            break;
          }
          case 'outside':
            this.#unreadable.set(uri, 'This file was not read: it is outside of the workspace.');
            break;
          case 'missing':
            this.#unreadable.set(uri, 'There is no such file, so what it asks for was not checked.');
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
      this.all.map(({ uri }) => uri),
      this.#folders,
    );
  }

  /** Whether an included file is read: it is tracked, or lies where includes are followed. */
  async mayRead(uri: string): Promise<boolean> {
    return this.#files.has(uri) || (await this.#disk.whereIs(uri, this.#reachable(uri))) === 'inside';
  }

  /** The constraints files that hold for a file, as far as they are tracked. */
  constraintsOf(uri: string): readonly TrackedFile[] {
    const edges = this.#lines().map(({ from, to, kind }) => ({ from: from.uri, to, kind }));
    return constraintFilesOf(uri, edges).flatMap((one) => this.#files.get(one) ?? []);
  }

  /** A file for an edit, as it is this moment: tracked, or on disk where includes are followed. */
  async readForEdit(uri: string): Promise<EditedDocument | undefined> {
    const tracked = this.#files.get(uri);
    if (tracked?.version !== undefined) {
      return { uri, version: tracked.version, file: tracked.file };
    }
    const read = (await this.mayRead(uri)) ? await this.#disk.read(uri, this.#readable(uri)) : undefined;
    return read === undefined || 'error' in read ? undefined : { uri, version: null, file: parseFile(read.text) };
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
    const linked = new Map<string, ConstraintPins>();
    const edges: readonly IncludeEdge[] = lines.map(({ from, to, kind }) => ({ from: from.uri, to, kind }));
    const wanted = this.all.filter((file) => file.version !== undefined || file.inWorkspace).map(({ uri }) => uri);
    const needed = filesReachedFrom(wanted, edges);
    const dropped = this.all.filter((file) => !needed.has(file.uri));
    dropped.forEach((file) => this.#files.delete(file.uri));
    const changed = this.all.filter((file) => {
      const constraints = this.#constraintsFor(file, edges);
      // Another file's turn may come while the locks of this one are still being read.
      if (this.#locks.has(file.uri)) {
        linked.set(file.uri, constraints);
      }
      return file.link(
        {
          decided: { constraints, locked: this.#locks.get(file.uri) },
          includedAt: lines.filter(({ to }) => to === file.uri).map(({ from, range }) => ({ uri: from.uri, range })),
          problems: lines.flatMap(({ from, to, range, problem }) => {
            const unread = problem ?? (this.#files.has(to) ? undefined : this.#whyUnread(to));
            return from !== file || unread === undefined
              ? []
              : [{ range, message: unread, code: 'include.not-read', incomplete: false }];
          }),
        },
        settingsFor(settings, file.uri),
        this.#locks.has(file.uri),
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

  /** What is known of its locks holds from the first moment, so that no line shows something else before. */
  #track(document: TrackedDocument, text: string, settings: SettingsSnapshot, inWorkspace = false): TrackedFile {
    const { uri } = document;
    const file = new TrackedFile(document, parseFile(text), settingsFor(settings, uri));
    const before = this.#files.get(uri);
    file.inWorkspace = inWorkspace || (before?.inWorkspace ?? false);
    const constraints = this.#linked.get(uri);
    const decided = { constraints: constraints ?? nothingDecided.constraints, locked: this.#locks.get(uri) };
    file.link({ decided, includedAt: [], problems: [] }, settingsFor(settings, uri), constraints !== undefined);
    this.#files.set(uri, file);
    if (before !== undefined) {
      this.#replaced(before);
    }
    return file;
  }

  #constraintsFor(file: TrackedFile, edges: readonly IncludeEdge[]): ConstraintPins {
    return constraintPins(
      constraintFilesOf(file.uri, edges).flatMap((uri) => {
        const constraint = this.#files.get(uri);
        return constraint === undefined ? [] : [{ source: baseName(uri), file: constraint.file, uri }];
      }),
    );
  }

  #lines(): readonly (IncludeLine & { readonly from: TrackedFile })[] {
    return this.all.flatMap((from) => includeLines(from.uri, from.file).map((line) => ({ ...line, from })));
  }

  #missing(): readonly string[] {
    if (this.#files.size >= mostFiles) {
      return [];
    }
    const named = this.#lines().flatMap(({ to, problem }) => (problem === undefined ? [to] : []));
    return [...new Set(named)].filter((uri) => !this.#files.has(uri) && !this.#unreadable.has(uri));
  }

  #whyUnread(uri: string): string | undefined {
    const tooMany = `This file was not read: includes are followed up to ${mostFiles} files.`;
    return this.#unreadable.get(uri) ?? (this.#files.size >= mostFiles ? tooMany : undefined);
  }

  /** Where the user named a file that is in no workspace, any is. */
  #readable(uri: string): readonly string[] | undefined {
    const folders = this.#reachable(uri);
    return folders.length === 0 ? undefined : folders;
  }

  /** The folders a file may be read from: those of the workspace, else the ones of the files that include it. */
  #reachable(uri: string): readonly string[] {
    if (this.#folders.length > 0) {
      return this.#folders;
    }
    return this.#lines().flatMap(({ from, to }) => (to === uri ? [from.uri.replace(/\/[^/]*$/u, '')] : []));
  }
}

interface SkippedFolder {
  readonly uri: string;
  readonly reason: string;
}

function isBelow(uri: string, folder: string): boolean {
  return uri.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function baseName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
