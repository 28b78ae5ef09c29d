import { findLineStarts, lastAtOrBefore } from '../lineIndex.ts';
import type { OtherNode, TableNode, TreeNode } from '../tree/tree.ts';
import { readToml } from './readToml.ts';

/** A whole TOML document as plain values, or where it is not well formed first. Lines and columns from 1. */
export type ParsedToml =
  | { readonly kind: 'table'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly message: string; readonly line: number; readonly column: number };

/** Never throws: what is wrong comes back with its place. Dates and times are `TomlTime`s. */
export function parseToml(text: string): ParsedToml {
  const { root, faults } = readToml(text);
  const [fault] = faults;
  if (fault === undefined) {
    return { kind: 'table', value: root?.kind === 'table' ? tableValue(root) : {} };
  }
  const { start } = fault.span;
  const lineStarts = findLineStarts(text);
  const line = lastAtOrBefore(lineStarts, start);
  return { kind: 'error', message: fault.message, line: line + 1, column: start - (lineStarts[line] ?? 0) + 1 };
}

/** A date, a time or both, of ISO 8601; whether there is such a day is not looked at. */
export class TomlTime {
  readonly text: string;

  /** As a document has it: with a space or a small letter between the two, too. */
  constructor(text: string) {
    this.text = text.replace(' ', 'T').toUpperCase();
  }
}

function tableValue({ entries }: TableNode): Readonly<Record<string, unknown>> {
  const table: Record<string, unknown> = {};
  for (const [key, { value }] of entries) {
    if (key === '__proto__') {
      Object.defineProperty(table, key, { value: valueOf(value), enumerable: true }); // a key like any other
    } else {
      table[key] = valueOf(value);
    }
  }
  return table;
}

function valueOf(node: TreeNode): unknown {
  switch (node.kind) {
    case 'text':
      return node.value;
    case 'list':
      return node.items.map(valueOf);
    case 'table':
      return tableValue(node);
    case 'other':
      return otherValue(node);
  }
}

function otherValue({ text }: OtherNode): unknown {
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  if (/^\d{4}-|^\d\d:/u.test(text)) {
    return new TomlTime(text);
  }
  const [, sign, number = ''] = /^([+-]?)(.*)$/u.exec(text) ?? [];
  const size = number === 'inf' ? Infinity : Number(number.replaceAll('_', ''));
  return sign === '-' ? -size : size;
}
