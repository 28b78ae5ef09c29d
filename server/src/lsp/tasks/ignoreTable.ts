import type { Settings } from '../../../../protocol/settings.ts';
import type { Ignore, IgnoreList } from '../../core/ignores/ignore.ts';
import { ignoresFromSettings } from '../../core/ignores/ignoresFromSettings.ts';
import { type FileId, folderOf } from '../../project/fileId.ts';
import type { SourcedIgnores } from '../environment.ts';

/** The ignores that hold for each file, as far as they have been read: those of the files above it, then those of the settings. */
export class IgnoreTable {
  readonly #bySettings = new WeakMap<Settings, IgnoreList>();
  /** By the folder of a requirements file. */
  readonly #known = new Map<FileId, readonly SourcedIgnores[]>();
  #isTrusted = true;

  /** A workspace that is not trusted may not say what its reader shall not see. */
  get isTrusted(): boolean {
    return this.#isTrusted;
  }

  /** Whether that is news. */
  setTrusted(isTrusted: boolean): boolean {
    const isNews = isTrusted !== this.#isTrusted;
    this.#isTrusted = isTrusted;
    return isNews;
  }

  /** The ignore files that hold for a requirements file. */
  sourcesFor(file: FileId): readonly SourcedIgnores[] {
    return this.#isTrusted ? (this.#known.get(folderOf(file)) ?? []) : [];
  }

  ignoresOf(file: FileId, settings: Settings): readonly Ignore[] {
    const lists = [...this.sourcesFor(file).map(({ list }) => list), this.#ofSettings(settings)];
    return lists.flatMap(({ ignores }) => ignores);
  }

  /** Whether any file has something to say of ignores. */
  get hasFiles(): boolean {
    if (this.#isTrusted) {
      for (const sources of this.#known.values()) {
        if (sources.length > 0) return true;
      }
    }
    return false;
  }

  /** Folders whose ignore files have been read. */
  get folders(): readonly FileId[] {
    return [...this.#known.keys()];
  }

  get folderCount(): number {
    return this.#known.size;
  }

  hasRead(folder: FileId): boolean {
    return this.#known.has(folder);
  }

  /** Forgets what was read for all other folders. */
  keepOnly(folders: ReadonlySet<FileId>): void {
    for (const folder of this.#known.keys()) {
      if (!folders.has(folder)) this.#known.delete(folder);
    }
  }

  /** What was read for a folder; whether there was anything, or had been. */
  set(folder: FileId, found: readonly SourcedIgnores[]): boolean {
    const before = this.#known.get(folder) ?? [];
    this.#known.set(folder, found);
    return found.length > 0 || before.length > 0;
  }

  #ofSettings(settings: Settings): IgnoreList {
    const known = this.#bySettings.get(settings) ?? ignoresFromSettings(settings.ignore);
    this.#bySettings.set(settings, known);
    return known;
  }
}
