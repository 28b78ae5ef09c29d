import path from 'node:path';
import { type GitIgnore, gitIgnore } from '../../../core/text/patterns/gitIgnore.ts';
import { foldersUpwards } from '../config/ignoreFiles.ts';
import { isRepositoryRoot } from '../config/repositoryOf.ts';
import { type TrackedPaths, trackedPaths } from './gitIndex.ts';
import { loadFile } from './loader.ts';

// Nobody writes more.
const maxBytes = 1024 * 1024;
const mostFolders = 60;

/** What git tracks in the repository that a folder lies in. */
interface Repository {
  readonly root: string;
  /** `undefined` where it is not known: then nothing is taken for ignored. */
  readonly tracked: TrackedPaths | undefined;
}

interface FolderRules {
  readonly folder: string;
  readonly rules: GitIgnore;
}

/**
 * The `.gitignore` files that hold for a folder, the nearest first; none outside of a repository. As for git, what is tracked
 * is not ignored: a change must not hide a file from the scan by naming it there.
 */
export class GitIgnores {
  static readonly none = new GitIgnores([], undefined);

  readonly #rules: readonly FolderRules[];
  readonly #repository: Repository | undefined;

  private constructor(rules: readonly FolderRules[], repository: Repository | undefined) {
    this.#rules = rules;
    this.#repository = repository;
  }

  /** Those above a folder, as far as the root of its repository. */
  static async above(folder: string): Promise<GitIgnores> {
    const absolute = path.resolve(folder);
    const chain: string[] = [];
    for (const one of foldersUpwards(path.dirname(absolute)).slice(0, mostFolders)) {
      chain.push(one);
      if (await isRepositoryRoot(one)) {
        let all = GitIgnores.none;
        for (const each of chain.reverse()) {
          all = await all.within(each);
        }
        return all;
      }
      if (await isRepositoryRoot(absolute)) {
        break;
      }
    }
    return GitIgnores.none;
  }

  /** The same with that of a folder below. A repository in a repository begins again. */
  async within(folder: string): Promise<GitIgnores> {
    const absolute = path.resolve(folder);
    const isRoot = await isRepositoryRoot(absolute);
    const repository = isRoot ? { root: absolute, tracked: await trackedPaths(absolute) } : this.#repository;
    if (repository === undefined) {
      return this;
    }
    const above = isRoot ? [] : this.#rules;
    const loaded = await loadFile(path.join(absolute, '.gitignore'), { within: [absolute], mostBytes: maxBytes });
    if ('error' in loaded) {
      return new GitIgnores(above, repository);
    }
    const rules = gitIgnore(new TextDecoder('utf-8').decode(loaded.bytes));
    return new GitIgnores([{ folder: absolute, rules }, ...above], repository);
  }

  isIgnored(file: string, isFolder: boolean): boolean {
    if (this.#rules.length === 0) {
      return false;
    }
    const absolute = path.resolve(file);
    for (const { folder, rules } of this.#rules) {
      const below = path.relative(folder, absolute).split(path.sep).join('/');
      const found = rules.isIgnored(below, isFolder);
      if (found !== undefined) {
        return found && !this.#mayBeTracked(absolute, isFolder);
      }
    }
    return false;
  }

  #mayBeTracked(absolute: string, isFolder: boolean): boolean {
    const { root = '', tracked } = this.#repository ?? {};
    const below = path.relative(root, absolute).split(path.sep).join('/');
    return tracked === undefined || (isFolder ? tracked.hasBelow(below) : tracked.has(below));
  }
}
