import type { Range, Span } from '../text/position.ts';
import { findLineStarts, lastAtOrBefore } from '../text/lineIndex.ts';
import { plainText } from '../text/plainText.ts';
import { tomlPlaces } from '../text/toml/tomlPlaces.ts';
import { startWithComments } from './ignoreEntry.ts';
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
 * Adds an `[[IgnoredVulns]]` entry to the text of an `osv-scanner.toml`, with the file's own line ends: behind all else, or
 * before the one that the file has of the same id, which is over or would not have been asked for again. An empty text
 * stands for a file that is not there yet. `undefined` where the id or the day is none, or the file has its entries in a
 * form that nothing can be added to (`IgnoredVulns = [ … ]`).
 */
export function addIgnore(tomlText: string, { id, reason, until }: NewIgnore): TextEdit | undefined {
  if (!/^[A-Za-z0-9][\w.:@+-]{0,99}$/.test(id) || (until !== undefined && untilOf(until) === undefined)) {
    return undefined;
  }
  const places = tomlPlaces(tomlText);
  const array = places.get('ignoredvulns');
  const header = array === undefined ? '[[IgnoredVulns]]' : tomlText.slice(array.start, array.end);
  if (!/^\[\[[^\n]*\]\]$/.test(header)) {
    return undefined;
  }
  const eol = /\r?\n/.exec(tomlText)?.[0] ?? '\n';
  const lines = [
    header,
    `id = ${tomlString(id)}`,
    ...(until === undefined ? [] : [`ignoreUntil = ${until}`]),
    `reason = ${tomlString(plainText(reason, 300))}`,
  ];
  const entry = lines.map((text) => text + eol).join('');
  const earlier = entryOf(tomlText, places, id);
  if (earlier !== undefined) {
    return insertion(tomlText, startWithComments(tomlText, earlier), entry + eol);
  }
  const isEmpty = tomlText.trim() === '';
  const gap = isEmpty ? '' : tomlText.endsWith('\n') ? eol : eol + eol;
  return insertion(tomlText, tomlText.length, gap + entry);
}

/** Where the first entry of this id begins; osv-scanner goes by the first and leaves out the others. */
function entryOf(text: string, places: ReadonlyMap<string, Span>, id: string): number | undefined {
  for (let index = 0; places.has(`ignoredvulns.${index}`); index++) {
    const value = places.get(`ignoredvulns.${index}.id`);
    if (value !== undefined && text.slice(value.start, value.end).replace(/^(["'])(.*)\1$/, '$2') === id) {
      return places.get(`ignoredvulns.${index}`)?.start;
    }
  }
  return undefined;
}

function insertion(text: string, offset: number, newText: string): TextEdit {
  const lineStarts = findLineStarts(text);
  const line = lastAtOrBefore(lineStarts, offset);
  const at = { line, character: offset - (lineStarts[line] ?? 0) };
  return { range: { start: at, end: at }, newText };
}

/** A basic string of TOML 1.0. */
function tomlString(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
