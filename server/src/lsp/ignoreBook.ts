import type { Settings } from '../../../protocol/settings.ts';
import type { IgnoreList } from '../core/ignores/ignore.ts';
import { ignoresFromSettings } from '../core/ignores/ignoresFromSettings.ts';
import { below, type FileId, folderOf, isAtOrInside } from '../project/fileId.ts';
import type { IgnoreReader, SourcedIgnores } from './environment.ts';
import type { Own } from './guard.ts';

/**
 * The ignores that hold for each file: those of the files above it, then those of the settings. What was read is at hand
 * at once; what was not is read, and `changed` called when it says something else than before.
 */
export class IgnoreBook {
  readonly #createReader: () => IgnoreReader;
  readonly #changed: () => void;
  readonly #own: Own;
  readonly #bySettings = new WeakMap<Settings, IgnoreList>();
  #reader: IgnoreReader;
  /** By the folder of a requirements file. */
  readonly #known = new Map<FileId, readonly SourcedIgnores[]>();
  readonly #reading = new Map<FileId, Promise<void>>();
  #folders: readonly FileId[] = [];
  #isTrusted = true;
  /** Raised when files change: what was read before then is out of date. */
  #edition = 0;

  constructor(createReader: () => IgnoreReader, changed: () => void, own: Own) {
    this.#createReader = createReader;
    this.#changed = changed;
    this.#own = own;
    this.#reader = createReader();
  }

  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** A workspace that is not trusted may not say what its reader shall not see. */
  set isTrusted(trusted: boolean) {
    if (trusted !== this.#isTrusted) {
      this.#isTrusted = trusted;
      this.#changed();
    }
  }

  setFolders(folders: readonly FileId[]): void {
    this.#folders = folders;
    this.#own('Reading ignore files', () => this.readAgain());
  }

  listsFor(file: FileId, settings: Settings): readonly IgnoreList[] {
    return [...this.sourcesFor(file).map(({ list }) => list), this.#ofSettings(settings)];
  }

  /** The ignore files that hold for a requirements file, as far as they have been read. */
  sourcesFor(file: FileId): readonly SourcedIgnores[] {
    if (!this.#isTrusted) {
      return [];
    }
    const folder = folderOf(file);
    const known = this.#known.get(folder);
    if (known === undefined) {
      this.#own('Reading ignore files', () => this.#read(folder));
    }
    return known ?? [];
  }

  /** Reads every ignore file anew. Until then what was known stays. */
  async readAgain(): Promise<void> {
    const folders = new Set([...this.#known.keys(), ...this.#reading.keys()]);
    this.#edition++;
    this.#reader = this.#createReader();
    this.#reading.clear();
    await Promise.all([...folders].map((folder) => this.#read(folder)));
  }

  /** Resolves when nothing is being read any more. */
  async whenRead(): Promise<void> {
    while (this.#reading.size > 0) {
      await Promise.all(this.#reading.values());
    }
  }

  #read(folder: FileId): Promise<void> {
    const reading = this.#reading.get(folder) ?? this.#readFolder(folder);
    this.#reading.set(folder, reading);
    return reading;
  }

  async #readFolder(folder: FileId): Promise<void> {
    const edition = this.#edition;
    const inside = this.#folders.filter((one) => isAtOrInside(folder, one));
    // Without a workspace the file's own folder is all that it may be about.
    const found = await this.#reader
      .nearest(below(folder, 'requirements.txt'), inside.length > 0 ? inside : [folder])
      .catch(() => []); // an address that is no path here has no files above it
    if (edition !== this.#edition) {
      return;
    }
    this.#reading.delete(folder);
    const before = this.#known.get(folder) ?? [];
    this.#known.set(folder, found);
    if (found.length > 0 || before.length > 0) {
      this.#changed();
    }
  }

  #ofSettings(settings: Settings): IgnoreList {
    const known = this.#bySettings.get(settings) ?? ignoresFromSettings(settings.ignore);
    this.#bySettings.set(settings, known);
    return known;
  }
}
