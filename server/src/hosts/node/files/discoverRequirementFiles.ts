import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { SkippedPath } from '../../../core/report/scanReport.ts';
import { matchesGlob } from '../../../core/text/patterns/glob.ts';
import type { ManifestKind } from '../../../core/manifests/manifest.ts';
import { hasMark } from './hasMark.ts';
import { kindOf, type PathChoice } from '../../../core/manifests/manifestKinds.ts';
import { isOddName } from './isOddName.ts';
import { errorCode } from './errorCode.ts';
import type { ListedFolders } from './listedFolders.ts';
import { realFolders } from './loader.ts';
import { GitIgnores } from './gitIgnores.ts';
import { isBelow, realPlaceOf } from './realPlace.ts';
import { unless } from './unless.ts';
import { contentsNotSearched, isEnvironmentName, nameNotSearched } from './folderKinds.ts';

export interface Discovery {
  /** Paths that start with the root, in a stable order. */
  readonly paths: readonly string[];
  /** What was not looked through and may hold requirement files, and why, in words for people: the search is incomplete. */
  readonly unread: readonly string[];
  /** What is not searched on purpose. Version control and caches without a requirements file are not worth a word. */
  readonly skipped: readonly SkippedPath[];
}

// Generous for a monorepo, and an end for a home folder that was opened by mistake.
const mostEntries = 200_000;
const mostDepth = 20;

/**
 * Requirement files below a folder, hidden folders included. Links are followed as long as they stay below it. When the signal
 * ends the search, what was found so far is returned, and that the rest was not searched. What it sees is noted in `listed`.
 */
export async function discoverRequirementFiles(
  root: string,
  choice: PathChoice,
  signal?: AbortSignal,
  listed?: ListedFolders,
): Promise<Discovery> {
  const search = new Search(root, choice, signal, listed);
  await search.run();
  const { paths, unread, skipped } = search;
  return { paths, unread, skipped };
}

/** A link to a folder below the root. */
interface FolderLink {
  readonly path: string;
  readonly realPath: string;
}

class Search implements Discovery {
  readonly paths: string[] = [];
  readonly unread: string[] = [];
  readonly skipped: SkippedPath[] = [];
  readonly #root: string;
  readonly #choice: PathChoice;
  readonly #signal: AbortSignal | undefined;
  readonly #listed: ListedFolders | undefined;
  readonly #links: FolderLink[] = [];
  #entries = 0;
  #ignores = GitIgnores.none;
  #realRoot: readonly string[] = [];

  constructor(root: string, choice: PathChoice, signal: AbortSignal | undefined, listed: ListedFolders | undefined) {
    this.#root = root;
    this.#choice = choice;
    this.#signal = signal;
    this.#listed = listed;
  }

  async run(): Promise<void> {
    try {
      this.#realRoot = await unless(this.#signal, () => realFolders([this.#root]));
      this.#ignores = await unless(this.#signal, () => GitIgnores.above(this.#root));
      await this.#walk(this.#root, 0);
      await this.#followLinks();
    } catch (error) {
      if (this.#signal?.aborted !== true) {
        throw error;
      }
      this.unread.push(`"${this.#root}" was not searched to its end: the time was up.`);
    }
    if (this.#entries > mostEntries) {
      this.unread.push(
        `"${this.#root}" was not searched to its end: it holds more than ${mostEntries} files and folders.`,
      );
    }
  }

  /** `through`: the link on the way, whose target is searched under its own name, too. */
  async #walk(folder: string, depth: number, through?: FolderLink): Promise<void> {
    const listed = await unless(this.#signal, () => list(folder));
    if ('error' in listed) {
      this.unread.push(listed.error);
      return;
    }
    const reason = depth > 0 ? contentsNotSearched(listed.entries) : undefined;
    if (reason !== undefined) {
      this.#skip(folder, reason);
      return;
    }
    this.#listed?.note(
      folder,
      listed.entries.map(({ name }) => name),
    );
    const outer = this.#ignores;
    if (listed.entries.some(({ name }) => name === '.gitignore' || name === '.git')) {
      this.#ignores = await unless(this.#signal, () => outer.within(folder));
    }
    await this.#walkEntries(folder, listed.entries, depth, through);
    this.#ignores = outer;
  }

  async #walkEntries(
    folder: string,
    entries: readonly Dirent[],
    depth: number,
    through: FolderLink | undefined,
  ): Promise<void> {
    for (const entry of entries) {
      if (++this.#entries > mostEntries) {
        return;
      }
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        await this.#enter(full, entry.name, depth, through);
      } else if (entry.isSymbolicLink()) {
        await this.#take(full, entry.name, through);
      } else if (this.#isWanted(full)) {
        if (this.#ignores.isIgnored(full, false)) {
          this.#skipFile(full, ignoredByGit);
        } else if (entry.isFile()) {
          this.paths.push(full);
        } else {
          this.unread.push(`"${full}" was not read: it is not a regular file.`);
        }
      } else if (entry.isFile() && this.#isLeftOut(full)) {
        this.#skipFile(full, 'excluded');
      } else if (entry.isFile() && (await this.#isMarked(full)) && !this.#ignores.isIgnored(full, false)) {
        this.paths.push(full);
      }
    }
  }

  async #enter(folder: string, name: string, depth: number, through: FolderLink | undefined): Promise<void> {
    const kind = nameNotSearched(name);
    if (kind !== undefined) {
      if (kind.isNamed || (await this.#holdsRequirements(folder, name))) {
        this.#skip(folder, kind.reason);
      }
    } else if (this.#ignores.isIgnored(folder, true)) {
      if (await this.#hasRequirementsBelow(folder, depth)) {
        this.#skip(folder, ignoredByGit);
      }
    } else if (depth < mostDepth) {
      await this.#walk(folder, depth + 1, through);
    } else if (!this.#isExcluded(folder)) {
      this.unread.push(`"${folder}" was not searched: it is more than ${mostDepth} folders deep.`);
    }
  }

  /** A link is followed only within the root: a stranger's project must not bring in any file of the machine. */
  async #take(link: string, name: string, through: FolderLink | undefined): Promise<void> {
    const target = await unless(this.#signal, () => this.#targetOf(link));
    if (target.kind === 'folder') {
      // What a link in a linked folder leads to was met at its own place.
      if (through === undefined && nameNotSearched(name) === undefined) {
        this.#links.push({ path: link, realPath: target.realPath });
      }
    } else if (target.kind === 'file') {
      if (this.#isWanted(link) || (await this.#isMarked(link))) {
        this.paths.push(link);
      }
    } else if (this.#isWanted(link)) {
      this.unread.push(`"${link}" was not read: ${reasons[target.kind]}.`);
    } else if (target.kind === 'outside' && (await isFolder(link)) && !this.#isExcluded(link)) {
      this.#leadsOut(link, name);
    }
  }

  #leadsOut(link: string, name: string): void {
    if (nameNotSearched(name) !== undefined || isEnvironmentName(name)) {
      this.#skip(link, 'a link that leads out of the folder');
    } else {
      this.unread.push(`"${link}" was not searched: ${reasons.outside}.`);
    }
  }

  /** Each linked folder once more under the name of the link, since names decide which files are requirement files. */
  async #followLinks(): Promise<void> {
    const found = new Set(await this.#realPathsOf(this.paths));
    for (const link of this.#links) {
      if (this.#entries > mostEntries) {
        return;
      }
      const folder = await unless(this.#signal, () => realPlaceOf(path.dirname(link.path)));
      if (isBelow(folder.path, [link.realPath])) {
        this.#skip(link.path, 'a link to one of its parent folders');
        continue;
      }
      const before = this.paths.length;
      await this.#walk(link.path, this.#depthOf(link.path), link);
      const added = this.paths.splice(before);
      for (const [index, realPath] of (await this.#realPathsOf(added)).entries()) {
        const file = added[index];
        if (file !== undefined && !found.has(realPath)) {
          found.add(realPath);
          this.paths.push(file);
        }
      }
    }
  }

  async #realPathsOf(files: readonly string[]): Promise<readonly string[]> {
    const places: string[] = [];
    if (this.#links.length > 0) {
      for (const file of files) {
        const place = await unless(this.#signal, () => realPlaceOf(file).catch(() => undefined));
        places.push(place?.path ?? file);
      }
    }
    return places;
  }

  async #targetOf(link: string): Promise<{ readonly kind: keyof typeof reasons | 'file' } | FolderTarget> {
    try {
      const place = await realPlaceOf(link);
      if (!isBelow(place.path, this.#realRoot)) {
        return { kind: 'outside' };
      }
      if (!place.exists) {
        return { kind: 'missing' };
      }
      const target = await stat(place.path);
      return target.isDirectory()
        ? { kind: 'folder', realPath: place.path }
        : { kind: target.isFile() ? 'file' : 'special' };
    } catch {
      return { kind: 'missing' }; // in a circle, or gone meanwhile
    }
  }

  async #holdsRequirements(folder: string, name: string): Promise<boolean> {
    if (name === '.git') {
      return false;
    }
    const listed = await unless(this.#signal, () => list(folder));
    return 'error' in listed || listed.entries.some((entry) => this.#isWanted(path.join(folder, entry.name)));
  }

  /** Whether there is anything below that would be read; what git ignores is looked through for no more than that. */
  async #hasRequirementsBelow(folder: string, depth: number): Promise<boolean> {
    const listed = await unless(this.#signal, () => list(folder));
    if ('error' in listed || depth >= mostDepth || contentsNotSearched(listed.entries) !== undefined) {
      return 'error' in listed;
    }
    for (const entry of listed.entries) {
      const full = path.join(folder, entry.name);
      if (++this.#entries > mostEntries) {
        return true;
      }
      if (entry.isDirectory()) {
        if (nameNotSearched(entry.name) === undefined && (await this.#hasRequirementsBelow(full, depth + 1))) {
          return true;
        }
      } else if (this.#isWanted(full)) {
        return true;
      }
    }
    return false;
  }

  #skipFile(file: string, reason: string): void {
    this.skipped.push({ path: file.split(path.sep).join('/'), reason });
  }

  /** It would be wanted, if the choice did not leave it out. */
  #isLeftOut(file: string): boolean {
    const { exclude } = this.#choice;
    return exclude.length > 0 && isByName(kindOf(this.#relative(file), { ...this.#choice, exclude: [] }));
  }

  #skip(folder: string, reason: string): void {
    if (!this.#isExcluded(folder)) {
      this.skipped.push({ path: folder.split(path.sep).join('/'), reason });
    }
  }

  #isWanted(file: string): boolean {
    return isByName(kindOf(this.#relative(file), this.#choice));
  }

  /** Whether a file of a name that most files have is wanted by what it holds. */
  async #isMarked(file: string): Promise<boolean> {
    const mark = kindOf(this.#relative(file), this.#choice)?.mark;
    const found = mark !== undefined && (await unless(this.#signal, () => hasMark(file, mark)));
    if (typeof found === 'boolean') return found;
    if (!this.#ignores.isIgnored(file, false)) this.unread.push(found.error);
    return false;
  }

  /** The user does not want to hear of it. */
  #isExcluded(folder: string): boolean {
    const relative = this.#relative(folder);
    return this.#choice.exclude.some(
      (glob) => matchesGlob(glob, relative) || matchesGlob(glob, `${relative}/requirements.txt`),
    );
  }

  #relative(full: string): string {
    return path.relative(this.#root, full).split(path.sep).join('/');
  }

  #depthOf(full: string): number {
    return this.#relative(full).split('/').length;
  }
}

/** What has to be looked into is not worth a word where it is left out. */
function isByName(kind: ManifestKind | undefined): boolean {
  return kind !== undefined && kind.mark === undefined;
}

const ignoredByGit = 'ignored by git';

interface FolderTarget {
  readonly kind: 'folder';
  readonly realPath: string;
}

const reasons = {
  outside: 'it is a link that leads out of the folder',
  missing: 'it is a link that leads nowhere',
  special: 'it is not a regular file',
} as const;

async function isFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    return false;
  }
}

async function list(folder: string): Promise<{ readonly entries: readonly Dirent[] } | { readonly error: string }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return { entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  } catch (error) {
    const code = errorCode(error) || String(error);
    if (code === 'ENOENT' && isOddName(folder))
      return { error: `"${folder}" could not be searched: its name is not UTF-8.` };
    // Taken away meanwhile: it holds nothing.
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { entries: [] }
      : { error: `"${folder}" could not be searched (${code}).` };
  }
}
