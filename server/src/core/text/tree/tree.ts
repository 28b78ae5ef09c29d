import type { Span } from '../position.ts';
import type { Piece, SourceText } from '../sourceText.ts';

// What a TOML, JSON or YAML document says, with places: what is common to the three. Spans are offsets of the document.

export type TreeNode = TextNode | ListNode | TableNode | OtherNode;

export interface TextNode {
  readonly kind: 'text';
  /** Decoded. */
  readonly value: string;
  /** With its quotes. */
  readonly span: Span;
  /** Without them. */
  readonly inner: Span;
  /** Where each part of the value was written; absent where the document has it just so. */
  readonly pieces?: readonly Piece[] | undefined;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly TreeNode[];
  readonly span: Span;
  /** Its end is missing, or a part of it could not be read. */
  readonly isOpen?: boolean;
}

export interface TableNode {
  readonly kind: 'table';
  /** By the decoded key, in the order of the document. */
  readonly entries: ReadonlyMap<string, TableEntry>;
  readonly span: Span;
  /** Of TOML, where one begins it, and the last of the keys in it. */
  readonly header?: Span;
  readonly headerKey?: TextNode;
  /** Its end is missing, or a part of it could not be read. */
  readonly isOpen?: boolean;
}

export interface TableEntry {
  readonly key: TextNode;
  readonly value: TreeNode;
}

/** A number, a truth value, a date, nothing. */
export interface OtherNode {
  readonly kind: 'other';
  readonly text: string;
  readonly span: Span;
}

/** Where a document is not well formed, and why, for people. */
export interface SyntaxFault {
  readonly span: Span;
  readonly message: string;
  /** It looks half-typed. */
  readonly incomplete?: true;
}

export interface ReadTree {
  /** What could be read of it. */
  readonly root: TreeNode | undefined;
  /** In the order of the document; the first hundred. */
  readonly faults: readonly SyntaxFault[];
}

/** A text node as a text with the way back to where it was written. */
export function sourceOf({ value, inner, pieces }: TextNode): SourceText {
  return { text: value, pieces: pieces ?? [{ start: 0, from: inner.start, to: inner.end, verbatim: true }] };
}

/** What stands at a path of keys. */
export function nodeAt(node: TreeNode | undefined, ...keys: readonly string[]): TreeNode | undefined {
  return keys.reduce<TreeNode | undefined>((at, key) => tableOf(at)?.get(key)?.value, node);
}

export function tableOf(node: TreeNode | undefined): ReadonlyMap<string, TableEntry> | undefined {
  return node?.kind === 'table' ? node.entries : undefined;
}

export function entriesOf(node: TreeNode | undefined): readonly TableEntry[] {
  return node?.kind === 'table' ? [...node.entries.values()] : [];
}

export function itemsOf(node: TreeNode | undefined): readonly TreeNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text at a path of keys; `undefined` where there is none, or something else. */
export function textAt(node: TreeNode | undefined, ...keys: readonly string[]): TextNode | undefined {
  const found = nodeAt(node, ...keys);
  return found?.kind === 'text' ? found : undefined;
}

export function isTrue(node: TreeNode | undefined): boolean {
  return node?.kind === 'other' && node.text === 'true';
}

/** Faults of a document, of which nobody reads more than a hundred. */
export class Faults {
  readonly all: SyntaxFault[] = [];

  add(start: number, end: number, message: string, incomplete = false): void {
    if (this.all.length < mostFaults) {
      this.all.push({ span: { start, end }, message, ...(incomplete && { incomplete }) });
    }
  }
}

const mostFaults = 100;
