import { type FileId, fileId, isAtOrInsideAny, isInside } from '../fileId.ts';
import { isSelected } from './isSelected.ts';
import { settingsFor, type SettingsSnapshot } from './settingsSnapshot.ts';
import type { Settings } from '../../../../protocol/settings.ts';
import type { TrackedFile } from './trackedFile.ts';

/** The tracked files by their ids, how the client spells them, and which of them it has open. */
export class FileTable {
  readonly #files = new Map<FileId, TrackedFile>();
  /** How the client spells the files that it has named. */
  readonly #spellings = new Map<FileId, string>();
  /** By which addresses the client has a file open; all but careless ones use one. */
  readonly #open = new Map<FileId, Set<string>>();
  readonly #settings = new Map<FileId, Settings>();
  #snapshot: SettingsSnapshot;
  #selected: readonly TrackedFile[] | undefined;
  #isSelected = new WeakMap<TrackedFile, boolean>();

  constructor(settings: SettingsSnapshot) {
    this.#snapshot = settings;
  }

  get all(): readonly TrackedFile[] {
    return [...this.#files.values()];
  }

  /** Those that the settings do not leave out. */
  get selected(): readonly TrackedFile[] {
    return (this.#selected ??= this.all.filter((file) => this.isSelected(file)));
  }

  get settings(): SettingsSnapshot {
    return this.#snapshot;
  }

  set settings(settings: SettingsSnapshot) {
    this.#snapshot = settings;
    this.#settings.clear();
    this.#selected = undefined;
    this.#isSelected = new WeakMap();
  }

  settingsOf(file: FileId): Settings {
    const known = this.#settings.get(file);
    if (known !== undefined) {
      return known;
    }
    const settings = settingsFor(this.#snapshot, file);
    if (this.#files.has(file)) {
      this.#settings.set(file, settings);
    }
    return settings;
  }

  isSelected(file: TrackedFile): boolean {
    const known = this.#isSelected.get(file) ?? isSelected(file, this.settingsOf(file.id));
    this.#isSelected.set(file, known);
    return known;
  }

  get(file: FileId): TrackedFile | undefined {
    return this.#files.get(file);
  }

  has(file: FileId): boolean {
    return this.#files.has(file);
  }

  set(file: TrackedFile): void {
    this.#files.set(file.id, file);
    this.#selected = undefined;
  }

  delete(file: FileId): void {
    this.#files.delete(file);
    this.#settings.delete(file);
    this.#selected = undefined;
  }

  /** The files at these places: themselves, and all below them where they are folders. */
  at(places: readonly FileId[]): readonly TrackedFile[] {
    const among = new Set(places);
    return this.all.filter(({ id }) => isAtOrInsideAny(id, among));
  }

  inside(folders: readonly FileId[]): readonly TrackedFile[] {
    return this.all.filter(({ id }) => folders.some((folder) => isInside(id, folder)));
  }

  /** What a file is called in everything that is sent: as the client spells it, or else as VS Code does. */
  uriOf(file: FileId): string {
    return this.#spellings.get(file) ?? file;
  }

  /** The client has named a file. One that is shown already keeps its spelling until it is opened. */
  name(uri: string): FileId {
    const id = fileId(uri);
    if (!this.#files.has(id)) {
      this.#spell(id, uri);
    }
    return id;
  }

  opens(uri: string): void {
    const id = fileId(uri);
    this.#spell(id, uri);
    this.#open.set(id, (this.#open.get(id) ?? new Set()).add(uri));
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

  /** Only what differs from how it is spelled in any case is kept: documents come and go. */
  #spell(id: FileId, uri: string): void {
    if (uri === id) this.#spellings.delete(id);
    else this.#spellings.set(id, uri);
  }
}
