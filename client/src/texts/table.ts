import { escapeMarkdown } from './escapeMarkdown.ts';

export type Row = readonly [label: string, value: string | number];

/** A titled table in Markdown with figures to the right, and an empty line behind it. Values may be of strangers. */
export function table(title: string, rows: readonly Row[]): readonly string[] {
  return lines([title, ''], rows, '| --- | --: |');
}

/** The same for values that are words, under a heading of their own. */
export function list(title: string, header: readonly [string, string], rows: readonly Row[]): readonly string[] {
  return [`## ${title}`, '', ...(rows.length === 0 ? [] : lines(header, rows, '| --- | --- |'))];
}

/** Cells that are Markdown already. */
export function markdownRows(header: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}

function lines(header: readonly [string, string], rows: readonly Row[], rule: string): readonly string[] {
  const cells = rows.map(([label, value]) => `| ${escapeMarkdown(label)} | ${escapeMarkdown(String(value))} |`);
  return [`| ${header.map((text) => escapeMarkdown(text)).join(' | ')} |`, rule, ...cells, ''];
}
