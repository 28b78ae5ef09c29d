import path from 'node:path';
import { type GitIgnore, gitIgnore } from '../../../core/text/patterns/gitIgnore.ts';
import { foldersUpwards } from '../config/ignoreFiles.ts';
import { isRepositoryRoot } from '../config/repositoryOf.ts';
import { loadFile } from './loader.ts';

// Nobody writes more.
const maxBytes = 1024 * 1024;
const mostFolders = 60;

interface FolderRules {
  readonly folder: string;
  readonly rules: GitIgnore;
}

/** The `.gitignore` files that hold for a folder, the nearest first; none outside of a repository. */
export class GitIgnores {
  static readonly none = new GitIgnores([], false);

  readonly #rules: readonly FolderRules[];
  readonly #isRepository: boolean;

  private constructor(rules: readonly FolderRules[], isRepository: boolean) {
    this.#rules = rules;
    this.#isRepository = isRepository;
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
          all = await new GitIgnores(all.#rules, true).within(each);
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
    if (!isRoot && !this.#isRepository) {
      return this;
    }
    const above = isRoot ? [] : this.#rules;
    const loaded = await loadFile(path.join(absolute, '.gitignore'), { within: [absolute], mostBytes: maxBytes });
    if ('error' in loaded) {
      return new GitIgnores(above, true);
    }
    const rules = gitIgnore(new TextDecoder('utf-8').decode(loaded.bytes));
    return new GitIgnores([{ folder: absolute, rules }, ...above], true);
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
        return found;
      }
    }
    return false;
  }
}
