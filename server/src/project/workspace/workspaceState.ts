import type { Settings } from '../../../../protocol/settings.ts';
import type { PackageName } from '../../core/packages/packageName.ts';
import { decidedFor, type FileConstraints } from '../decided.ts';
import { kindOfNamed } from '../../core/manifests/manifestKinds.ts';
import type { ProjectPython } from '../../engine/lockReader.ts';
import type { Scanner } from '../../engine/lookup/scanner.ts';
import type { Ignore } from '../../core/ignores/ignore.ts';
import { declaredAtIn } from './declaredAt.ts';
import { FileTable } from './fileTable.ts';
import { IncludeTable } from './includeTable.ts';
import { isSelected, isSelectedByName, isSelectedOnDisk } from './isSelected.ts';
import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import { decodedId, type FileId, fileId, isInside, nameOf, shownBelow } from '../fileId.ts';
import { Opening } from './changes/opening.ts';
import type { UnreadFile } from '../reading/files.ts';
import type { DeclaredAt, FileSnapshot, TrackedDocument } from './fileSnapshot.ts';
import type { LineState } from './lineState.ts';
import { settingsFor, type SettingsSnapshot } from './settingsSnapshot.ts';
import { type Delta, noDelta, type SkippedFolder } from './changes/change.ts';
import { TrackedFile } from './trackedFile.ts';

/** What lines are assessed from. Everything here answers at once, from memory. */
export interface Knowledge {
  /** What is known of packages this instant. */
  readonly scanner: Scanner;
  /** The ignores that hold for a file with these settings, as far as they have been read. */
  ignoresOf(file: FileId, settings: Settings): readonly Ignore[];
  /** What decides versions for each file for which that has been read. */
  readonly locks: ReadonlyMap<FileId, readonly LockedVersions[]>;
  /** The Pythons that the project of a file is for, as far as that has been read. */
  pythonOf?(file: FileId): ProjectPython | undefined;
  /** The packages that files beside it, or above it, give an index of their own, as far as that has been read. */
  ownIndexOf?(file: FileId): ReadonlySet<PackageName> | undefined;
}

/** All that a workspace remembers, and what its changes have in common. Only they see it. */
export class WorkspaceState {
  readonly knowledge: Knowledge;
  readonly files: FileTable;
  readonly includes: IncludeTable;
  /** Files whose links were brought up to date: only then it is known what decides their versions. */
  linked: ReadonlyMap<FileId, FileConstraints> = new Map();
  /** What the Pythons of their projects were when they were last linked. */
  readonly pythons = new WeakMap<TrackedFile, string | undefined>();
  /** What was read of files that nobody has open. */
  readonly texts = new WeakMap<TrackedFile, string>();
  readonly editions = new WeakMap<TrackedFile, number>();
  lastEdition = 0;
  isReady: boolean;
  folders: readonly FileId[] = [];
  hasWholeWorkspace = false;
  /** What the last search found, in its order. */
  found: readonly FileId[] = [];
  /** Searches in progress. */
  searches = 0;
  /** What the last search did not look through, in words. */
  unsearched: readonly string[] = [];
  /** Files of the folders that are there and could not be read, and why, in words. */
  readonly unreadFiles = new Map<FileId, string>();
  skipped: readonly SkippedFolder[] = [];
  readonly #declared = new WeakMap<
    TrackedFile,
    { readonly lines: readonly (readonly LineState[])[]; readonly made: DeclaredAt }
  >();
  /** Shown, and brought up to date since anything but edits happened. */
  #upToDate = new WeakSet<TrackedFile>();

  constructor(knowledge: Knowledge, settings: SettingsSnapshot, isReady: boolean) {
    this.knowledge = knowledge;
    this.isReady = isReady;
    this.files = new FileTable(settings);
    this.includes = new IncludeTable(this.files);
  }

  /** Whether a search of its folder would find this file, by its name. */
  isFindable(file: FileId): boolean {
    return isSelectedByName(file, this.files.settingsOf(file));
  }

  isInFolders(file: FileId): boolean {
    return this.folders.some((folder) => isInside(file, folder));
  }

  /** The whole workspace has been searched, or is being searched: what is new in it is looked for. */
  get wantsWholeWorkspace(): boolean {
    return this.hasWholeWorkspace || this.searches > 0;
  }

  /** What of the folders could not be searched or read, in words. */
  get unread(): readonly string[] {
    const files = [...this.unreadFiles].filter(([id]) => isSelectedOnDisk(id, this.files.settingsOf(id)));
    return [...this.unsearched, ...files.map(([, why]) => why)];
  }

  /** A file of the folders was not read. One that is not there asks for nothing. */
  setUnread(file: FileId, { kind, error }: Partial<UnreadFile> & Pick<UnreadFile, 'error'>): void {
    if (kind === 'missing') {
      this.unreadFiles.delete(file);
    } else if (this.isInFolders(file)) {
      this.unreadFiles.set(file, error);
    }
  }

  showAgain(files: readonly TrackedFile[], at: number): Delta {
    const show = this.bringUpToDate(files, at);
    return { ...noDelta, show: [...show, ...this.locksOf(files)], redraw: files.length > 0 };
  }

  /** Their locks, which say where these declare what they hold. */
  locksOf(files: readonly TrackedFile[]): readonly FileId[] {
    const shown = new Set(files);
    const locks = new Set(files.flatMap(({ comingUri }) => comingUri ?? []));
    return this.tracked([...locks])
      .filter((lock) => !shown.has(lock) && lock.isShown && this.isToShow(lock))
      .map(({ id }) => id);
  }

  /** Whether an edit that says nothing leaves this file showing what it shows: then nothing need be worked out. */
  isUpToDate(file: TrackedFile, at: number): boolean {
    return this.#upToDate.has(file) && file.isUpToDate(at);
  }

  /** Something other than an edit happens: what lines are assessed from may be different. */
  somethingHappens(): void {
    this.#upToDate = new WeakSet();
  }

  /** Wanted after every change, and the same until a line of a manifest changes. */
  #declaredAt(lock: TrackedFile): DeclaredAt {
    const manifests = this.files.all.filter(({ comingUri }) => comingUri === lock.id);
    const lines = manifests.map((manifest) => manifest.lines);
    const known = this.#declared.get(lock);
    if (known?.lines.length === lines.length && known.lines.every((one, index) => one === lines[index])) {
      return known.made;
    }
    const made = declaredAtIn(manifests);
    this.#declared.set(lock, { lines, made });
    return made;
  }

  /** Tells every line of these files from what is known this instant; returns their ids. */
  bringUpToDate(files: readonly TrackedFile[], at: number): readonly FileId[] {
    for (const file of files) {
      this.#tell(file, this.files.settingsOf(file.id), at);
      if (this.isToShow(file)) {
        this.#upToDate.add(file);
      }
    }
    return files.map(({ id }) => id);
  }

  #tell(file: TrackedFile, settings: Settings, now: number): void {
    const ignores = this.knowledge.ignoresOf(file.id, settings);
    const advising = {
      minimumReleaseAgeDays: settings.fixMinimumReleaseAgeDays,
      allowMajor: settings.fixAllowMajor ?? undefined,
      python: this.knowledge.pythonOf?.(file.id),
      shown: this.shownName(file.id),
    };
    file.bringUpToDate(this.knowledge.scanner, { ignores, now, advising });
  }

  #link(file: TrackedFile, settings: Settings): void {
    const constraints = this.linked.get(file.id);
    const locked = this.knowledge.locks.get(file.id) ?? [];
    const decided = decidedFor(decodedId(file.id), constraints, locked, this.knowledge.ownIndexOf?.(file.id));
    file.link({ decided, includedAt: [], problems: [] }, settings, constraints !== undefined);
  }

  /** Reads a document of the editor ahead of its `opened`. `now`: the time of day. */
  opening(document: TrackedDocument, text: string, now: () => number): Opening {
    const settings = settingsFor(this.files.settings, fileId(document.uri));
    const opening = new Opening(document, text, settings, (file) => {
      if (this.isReady && isSelected(file, settings)) {
        this.#tell(file, settings, now());
      }
    });
    this.#link(opening.file, settings);
    return opening;
  }

  letGo(files: readonly TrackedFile[]): Delta {
    files.forEach(({ id }) => this.files.delete(id));
    return { ...noDelta, stop: files.map(({ id }) => id), clear: files.map(({ uri }) => uri) };
  }

  trackRead(id: FileId, text: string, inWorkspace: boolean): Tracking {
    this.includes.setReadable(id);
    const document = { uri: this.files.uriOf(id), languageId: undefined, version: undefined };
    const { file, delta } = this.track(document, text, inWorkspace);
    this.texts.set(file, text);
    return { file, delta: { ...delta, taken: [id] } };
  }

  /** What is known of its locks holds from the first moment, so that no line shows something else before. */
  track(document: TrackedDocument, text: string, inWorkspace: boolean, ahead?: Opening): Tracking {
    const id = fileId(document.uri);
    const settings = settingsFor(this.files.settings, id);
    const file =
      ahead?.settings === settings
        ? ahead.file
        : new TrackedFile(document, kindOfNamed(decodedId(id)).parse(text), settings);
    const before = this.files.get(id);
    file.inWorkspace = inWorkspace || (before?.inWorkspace ?? false);
    this.#link(file, settings);
    this.files.set(file);
    this.unreadFiles.delete(id);
    this.editions.set(file, ++this.lastEdition);
    const isOtherAddress = before !== undefined && before.uri !== file.uri;
    return {
      file,
      // No file is shown under two addresses.
      delta: { ...noDelta, stop: before === undefined ? [] : [id], clear: isOtherAddress ? [before.uri] : [] },
    };
  }

  /** Whether this file, if it is on disk, is one of those that the last search of the whole workspace was for. */
  wouldBeFound(file: FileId): boolean {
    return this.wantsWholeWorkspace && this.isInFolders(file) && this.isFindable(file);
  }

  /** For people: below its folder, or by its name alone. */
  shownName(id: FileId): string {
    return this.isInFolders(id) ? shownBelow(this.folders, id) : nameOf(id);
  }

  isToShow(file: TrackedFile): boolean {
    return this.isReady && this.files.isSelected(file);
  }

  tracked(files: readonly FileId[]): readonly TrackedFile[] {
    return files.flatMap((id) => this.files.get(id) ?? []);
  }

  /** Of a text that has not been read yet, once it is. */
  snapshotOf(file: TrackedFile): FileSnapshot {
    const { behindSince } = file;
    if (behindSince !== undefined && this.isToShow(file)) {
      this.bringUpToDate([file], behindSince);
    }
    const { comingUri } = file;
    return file.snapshot(this.files.settingsOf(file.id), {
      countsComing: file.bringsIn && (comingUri === undefined || !this.files.has(comingUri)),
      declaredAt: file.file.kind.lockAgain === undefined ? noPlaces : this.#declaredAt(file),
    });
  }
}

const noPlaces = {};

export interface Tracking {
  readonly file: TrackedFile;
  readonly delta: Delta;
}
