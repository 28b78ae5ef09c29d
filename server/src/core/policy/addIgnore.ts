import { findLineStarts } from '../requirements/lineIndex.ts';
import type { Range } from '../requirements/model.ts';
import { plainText } from '../report/plainText.ts';
import { tomlPlaces } from './tomlPlaces.ts';
import { untilOf } from './until.ts';

/** Replaces a range by a text, as LSP has it. */
export interface TextEdit {
  readonly range: Range;
  readonly newText: string;
}

export interface NewIgnore {
  readonly id: string;
  readonly reason: string;
  /** A day, `2027-01-31`, or an instant of ISO 8601. */
  readonly until: string | undefined;
}

/**
 * Appends an `[[IgnoredVulns]]` entry to the text of an `osv-scanner.toml`, with the file's own line ends; an empty text
 * stands for a file that is not there yet. `undefined` where the id or the day is none, or the file has its entries in a
 * form that nothing can be appended to (`IgnoredVulns = [ … ]`).
 */
export function addIgnore(tomlText: string, { id, reason, until }: NewIgnore): TextEdit | undefined {
  if (!/^[A-Za-z0-9][\w.:@+-]{0,99}$/.test(id) || (until !== undefined && untilOf(until) === undefined)) {
    return undefined;
  }
  const array = tomlPlaces(tomlText).get('ignoredvulns');
  const header = array === undefined ? '[[IgnoredVulns]]' : tomlText.slice(array.start, array.end);
  if (!header.startsWith('[[')) {
    return undefined;
  }
  const eol = /\r?\n/.exec(tomlText)?.[0] ?? '\n';
  const lines = [
    header,
    `id = ${tomlString(id)}`,
    ...(until === undefined ? [] : [`ignoreUntil = ${until}`]),
    `reason = ${tomlString(plainText(reason, 300))}`,
  ];
  const isEmpty = tomlText.trim() === '';
  const gap = isEmpty ? '' : tomlText.endsWith('\n') ? eol : eol + eol;
  const lineStarts = findLineStarts(tomlText);
  const line = lineStarts.length - 1;
  const end = { line, character: tomlText.length - (lineStarts[line] ?? 0) };
  return { range: { start: end, end }, newText: gap + lines.map((text) => text + eol).join('') };
}

/** A basic string of TOML 1.0. */
function tomlString(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
