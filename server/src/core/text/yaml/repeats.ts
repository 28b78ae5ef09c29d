import type { TreeNode } from '../tree/tree.ts';

/**
 * Which lists are read again. An alias leads to the same list once more, so a small file can ask for a billion entries: each list is
 * read, and again only as long as that comes to few entries.
 */
export class Repeats {
  readonly #known = new Set<TreeNode>();
  #left = mostRepeated;

  isDue(list: TreeNode): boolean {
    if (!this.#known.has(list)) {
      this.#known.add(list);
      return true;
    }
    this.#left -= 1 + (list.kind === 'list' ? list.items.length : 0);
    return this.#left >= 0;
  }
}

const mostRepeated = 10_000;
