import type { Span } from '../position.ts';
import type { Faults, TableEntry, TableNode, TextNode, TreeNode } from '../tree/tree.ts';

/** The tables of a TOML document, as its headers and keys make them: which there are, and which of them takes another key. */
export class TomlTables {
  readonly root = newTable(0);
  readonly #faults: Faults;
  readonly #states = new WeakMap<TreeNode, State>();

  constructor(faults: Faults) {
    this.#faults = faults;
  }

  /** The table that a header begins; where it cannot, one that belongs to nothing. */
  begin(path: readonly TextNode[], isList: boolean, span: Span): OpenTable {
    const above = this.#descend(this.root, path.slice(0, -1), 'implied');
    const key = path.at(-1);
    if (above === undefined || key === undefined) {
      this.#faults.add(span.start, span.end, 'This table belongs to something that is no table.');
      return newTable(span.start);
    }
    const known = above.entries.get(key.value)?.value;
    const made = { ...newTable(span.start, span), headerKey: key };
    this.#states.set(made, 'header');
    if (known === undefined) {
      const list: TreeNode = { kind: 'list', items: [made], span };
      if (isList) this.#states.set(list, 'header');
      above.entries.set(key.value, { key, value: isList ? list : made });
      return made;
    }
    if (isList && known.kind === 'list' && this.#states.get(known) === 'header') {
      (known.items as TreeNode[]).push(made);
      return made;
    }
    if (!isList && known.kind === 'table' && this.#states.get(known) === 'implied') {
      this.#states.set(known, 'header');
      return Object.assign(known as OpenTable, { header: span });
    }
    const isTable = known.kind === 'table' && !isList && this.#states.get(known) !== 'closed';
    this.#faults.add(
      span.start,
      span.end,
      isTable ? 'This table is there twice. Put the two together.' : `"${key.value}" is something else already.`,
    );
    return isTable ? (known as OpenTable) : made;
  }

  /** Puts a value where its key belongs, seen from `table`. */
  put(table: OpenTable, keys: readonly TextNode[], value: TreeNode, start: number): void {
    const key = keys.at(-1);
    const above = this.#descend(table, keys.slice(0, -1), 'dotted');
    if (key === undefined || above === undefined) {
      this.#faults.add(start, keys.at(-1)?.span.end ?? start, 'A part of this key is something that is no table.');
    } else if (above.entries.has(key.value)) {
      this.#faults.add(key.span.start, key.span.end, `"${key.value}" is there twice. Keep one of them.`);
    } else {
      above.entries.set(key.value, { key, value });
    }
  }

  /** A list or table that is complete: no header and no dotted key adds to it. */
  close(node: TreeNode): void {
    this.#states.set(node, 'closed');
  }

  /** Down a path of keys, through the last table of a list; `undefined` where something else is in the way. */
  #descend(from: OpenTable, path: readonly TextNode[], state: 'implied' | 'dotted'): OpenTable | undefined {
    let at = from;
    for (const key of path) {
      const known = at.entries.get(key.value)?.value;
      const next = known?.kind === 'list' && this.#states.get(known) === 'header' ? known.items.at(-1) : known;
      if (next === undefined) {
        const made = newTable(key.span.start);
        this.#states.set(made, state);
        at.entries.set(key.value, { key, value: made });
        at = made;
      } else if (next.kind === 'table' && this.#states.get(next) !== 'closed') {
        at = next as OpenTable;
      } else {
        return undefined;
      }
    }
    return at;
  }
}

/** A table that is still read. */
export interface OpenTable extends TableNode {
  readonly entries: Map<string, TableEntry>;
  span: Span;
}

type State =
  | 'header' // begun by a header
  | 'implied' // above one
  | 'dotted' // by a key with dots
  | 'closed'; // inline

/** One that belongs to nothing yet. */
export function newTable(start: number, header?: Span): OpenTable {
  return { kind: 'table', entries: new Map(), span: { start, end: start }, ...(header && { header }) };
}
