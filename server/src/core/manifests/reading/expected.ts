import type { Span } from '../../text/position.ts';
import { nodeAt, type TableEntry, type TableNode, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import type { Draft } from './draft.ts';
import { problemDraft } from './problems.ts';

// `what` is a key or a path of keys, as the file has it.
//
// What a document has in place of what its format wants there is a problem of that place: nothing is left out without a word.

/** The texts of a list, each read by `read`. What is no list, and what in it is no text, is a problem. */
export function textDrafts(
  list: TreeNode | undefined,
  what: string,
  read: (node: TextNode) => readonly Draft[],
): readonly Draft[] {
  if (isNothing(list)) return [];
  if (list.kind !== 'list') return [notList(list, what)];
  return list.items.flatMap((node): readonly Draft[] => {
    if (node.kind === 'text') return read(node);
    return isNothing(node) ? [] : [wrongEntry(node, what, 'text')];
  });
}

/**
 * Tables that a format has at these paths: the first thing on the way to one that is no table is a problem, since nothing
 * below it is read.
 */
export function wayDrafts(root: TreeNode | undefined, paths: readonly (readonly string[])[]): readonly Draft[] {
  const found = new Map<TreeNode, Draft>();
  for (const path of paths) {
    let at = root;
    for (const key of path) {
      at = nodeAt(at, key);
      if (isNothing(at)) break;
      if (at.kind !== 'table') {
        found.set(at, notTable(at, key));
        break;
      }
    }
  }
  return [...found.values()];
}

/** The entries of a table, each read by `read`. What is no table is a problem. */
export function entryDrafts(
  table: TreeNode | undefined,
  what: string,
  read: (entry: TableEntry) => readonly Draft[],
): readonly Draft[] {
  if (isNothing(table)) return [];
  return table.kind === 'table' ? [...table.entries.values()].flatMap(read) : [notTable(table, what)];
}

/** The tables of a list, each read by `read`. What is no list, and what in it is no table, is a problem. */
export function tableDrafts(
  list: TreeNode | undefined,
  what: string,
  read: (table: TableNode) => readonly Draft[],
): readonly Draft[] {
  if (isNothing(list)) return [];
  if (list.kind !== 'list') return [notList(list, what)];
  return list.items.flatMap((node): readonly Draft[] => {
    if (node.kind === 'table') return read(node);
    return isNothing(node) ? [] : [wrongEntry(node, what, 'table')];
  });
}

export function notList(node: TreeNode, what: string): Draft {
  return problemDraft(placeOf(node), 'requirement', `${what} has to be a list, so it is not read.`);
}

export function notTable(node: TreeNode, what: string): Draft {
  return problemDraft(placeOf(node), 'requirement', `${what} has to be a table, so it is not read.`);
}

function wrongEntry(node: TreeNode, what: string, kind: 'table' | 'text'): Draft {
  return problemDraft(
    placeOf(node),
    'requirement',
    kind === 'table'
      ? `An entry of ${what} has to be a table, so it is not read.`
      : `An entry of ${what} has to be text, so it is not read.`,
  );
}

export function notText(node: TreeNode, what: string): Draft {
  return problemDraft(placeOf(node), 'requirement', `${what} has to be text, so it is not read.`);
}

/** Of package indexes, which a format lists: what else is there in place of them, of their names and of their addresses. */
export function indexListDrafts(list: TreeNode | undefined, what: string): readonly Draft[] {
  return tableDrafts(list, what, (table) =>
    ['name', 'url'].flatMap((key) => {
      const node = nodeAt(table, key);
      return isNothing(node) || node.kind === 'text' ? [] : [notText(node, `${what}.${key}`)];
    }),
  );
}

/** What decides something and is neither true nor false. */
export function notBoolean(node: TreeNode | undefined, what: string): readonly Draft[] {
  if (isNothing(node) || (node.kind === 'other' && /^(?:true|false)$/u.test(node.text))) return [];
  return [problemDraft(placeOf(node), 'requirement', `${what} has to be true or false, so it is not read.`)];
}

/** Absent, or what JSON and YAML have for nothing. */
export function isNothing(node: TreeNode | undefined): node is undefined {
  if (node === undefined) return true;
  if (node.kind === 'other') return /^(?:null)?$/u.test(node.text);
  // YAML alone has texts without quotes.
  return node.kind === 'text' && node.span.start === node.inner.start && /^(?:null|~)$/iu.test(node.value);
}

/** A table with a header of its own has no end. */
function placeOf({ span }: TreeNode): Span {
  return { start: span.start, end: Math.max(span.end, span.start + 1) };
}
