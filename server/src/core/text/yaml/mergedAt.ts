import { itemsOf, nodeAt, type TreeNode } from '../tree/tree.ts';

/** What a table has at a key, itself or by its merge key: `<<: *common`. What it has itself wins, then the first that is merged. */
export function mergedAt(table: TreeNode | undefined, key: string, depth = 0): TreeNode | undefined {
  const own = nodeAt(table, key);
  if (own !== undefined || depth >= mostDepth) return own;
  const merged = nodeAt(table, '<<');
  for (const one of merged?.kind === 'list' ? itemsOf(merged).slice(0, mostMerged) : [merged]) {
    const found = one && mergedAt(one, key, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

// People merge one table, perhaps two; the limits end what merges itself a thousand times.
const mostDepth = 3;
const mostMerged = 8;
