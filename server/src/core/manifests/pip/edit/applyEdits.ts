import { isLineBreak } from '../../../text/characters.ts';
import { ChunkedText } from '../../../text/chunkedText.ts';
import { spliceOffsets } from '../../../text/editLineStarts.ts';
import { countBelow, findLineStarts, lastAtOrBefore } from '../../../text/lineIndex.ts';
import { contentStart, isContinued, readLogicalLine } from '../lexical/logicalLines.ts';
import type { TextChange } from '../../rewrite.ts';
import type { Item, RequirementsFile } from '../model.ts';
import { ParsedFile } from '../parsedFile.ts';
import { parseLine } from '../parse/parseLine.ts';

/**
 * The file after the changes, each given in offsets of the text as it is at that moment. Only the logical lines that a
 * change touches are read again; the items of all others are the same objects. The result equals that of `parseFile`
 * on the new text.
 */
export function applyEdits(file: RequirementsFile, changes: readonly TextChange[]): ParsedFile {
  return changes.reduce(applyEdit, toParsedFile(file));
}

function toParsedFile(file: RequirementsFile): ParsedFile {
  if (file instanceof ParsedFile) return file;
  const starts = Int32Array.from(file.starts);
  const lineStarts = Int32Array.from(file.lineStarts);
  return new ParsedFile(ChunkedText.of(file.text), {}, { items: file.items, starts, lineStarts });
}

function applyEdit(file: ParsedFile, change: TextChange): ParsedFile {
  const { length } = file.chunks;
  const start = clamp(change.start, 0, length);
  const end = clamp(change.end, start, length);
  return editSilently(file, { start, end, text: change.text }) ?? editLines(file, start, end, change);
}

/**
 * The file after a change within one line that alters a comment or blank space and nothing else. `undefined` where it may be
 * another change than that.
 */
function editSilently(file: ParsedFile, { start, end, text }: TextChange): ParsedFile | undefined {
  const { chunks, lineStarts } = file;
  const line = countBelow(lineStarts, start + 1) - 1;
  const lineStart = lineStarts[line] ?? 0;
  const before = Math.max(0, lineStart - longestBreak - 1);
  const around = chunks.slice(before, lineStarts[line + 1] ?? Infinity);
  const content = around.slice(lineStart - before).replace(lineBreak, '');
  const edited = content.slice(0, start - lineStart) + text + content.slice(end - lineStart);
  const isAlone = oneLine.test(content) && oneLine.test(edited) && !continued.test(around.slice(0, lineStart - before));
  if (!isAlone || end - lineStart > content.length) {
    return undefined;
  }
  const shift = edited.length - content.length;
  const index = countBelow(file.starts, lineStart);
  const isOnItem = file.starts[index] === lineStart;
  const items = isOnItem
    ? withOtherComment(file.items, index, { at: start - lineStart, end: content.length, shift })
    : silent.test(content) && silent.test(edited) && file.items;
  const next = isOnItem ? index + 1 : index;
  return items
    ? new ParsedFile(chunks.replace(start, end, text), file.environment, {
        items,
        starts: spliceOffsets(file.starts, next, next, [], shift),
        lineStarts: spliceOffsets(lineStarts, line + 1, line + 1, [], shift),
        isSilentEdit: true,
      })
    : undefined;
}

/** The items with a longer or shorter comment behind one of them, where it is there, behind its number sign, that a change begins. */
function withOtherComment(
  items: readonly Item[],
  index: number,
  { at, end, shift }: { readonly at: number; readonly end: number; readonly shift: number },
): readonly Item[] | undefined {
  const item = items[index];
  const comment = item?.comment;
  return item?.pipLineCount === 1 && comment !== undefined && comment.end === end && comment.start < at
    ? items.with(index, { ...item, comment: { start: comment.start, end: end + shift } })
    : undefined;
}

const longestBreak = '\r\n'.length;
const lineBreak = /(?:\r\n|\r|\n)$/u;
// Behind a backslash a line may belong to the one before it.
const continued = /\\[\r\n]*$/u;
// The line breaks of Python are more than those of LSP.
const oneLine = /^(?:[ \t]*#[^\n\v\f\r\x1c-\x1e\x85\u2028\u2029]*|[^\n\v\f\r\x1c-\x1e\x85\u2028\u2029]*(?<!\\))$/u;
const silent = /^[ \t]*(?:#.*)?$/u;

function editLines(file: ParsedFile, start: number, end: number, change: TextChange): ParsedFile {
  const firstLine = findFirstLine(file, start);
  const lastLine = lastAtOrBefore(file.lineStarts, end);
  for (let extraLines = 2; ; extraLines *= 2) {
    const window = openWindow(file, firstLine, lastLine + extraLines, { start, end, text: change.text });
    const read = readWindow(file, window);
    if (read !== undefined) return splice(file, window, read, file.chunks.replace(start, end, change.text));
  }
}

/** The part of the document that is looked at: whole lines, before and after the change. */
interface Window {
  /** In the old text; the start is that of a logical line. */
  readonly start: number;
  readonly end: number;
  readonly firstLine: number;
  readonly endLine: number;
  readonly reachesEnd: boolean;
  readonly oldText: string;
  readonly newText: string;
  /** Behind what was put in, counted in the new text. */
  readonly changeEnd: number;
  readonly lengthChange: number;
}

interface ReadWindow {
  readonly items: readonly Item[];
  readonly starts: readonly number[];
  /** The old offset from which on the old items hold. */
  readonly oldEnd: number;
}

/** The line, as LSP counts, of the logical line that a change at `offset` touches. */
function findFirstLine(file: ParsedFile, offset: number): number {
  let line = lastAtOrBefore(file.lineStarts, offset);
  const start = file.lineStarts[line] ?? 0;
  // A line feed that comes to stand behind a carriage return makes one break of two.
  if (line > 0 && start === offset && file.chunks.slice(start - 1, start) === '\r') line--;
  while (line > 0 && isContinuedLine(file, line - 1)) line--;
  return line;
}

function isContinuedLine(file: ParsedFile, line: number): boolean {
  const start = file.lineStarts[line] ?? 0;
  const text = file.chunks.slice(start, file.lineStarts[line + 1] ?? file.chunks.length);
  return !beginsLogicalLine(text, text.length, start === 0 ? contentStart(text) : 0);
}

function openWindow(file: ParsedFile, firstLine: number, endLine: number, change: TextChange): Window {
  const start = file.lineStarts[firstLine] ?? 0;
  const end = file.lineStarts[endLine] ?? file.chunks.length;
  const oldText = file.chunks.slice(start, end);
  const newText = oldText.slice(0, change.start - start) + change.text + oldText.slice(change.end - start);
  return {
    start,
    end,
    firstLine,
    endLine,
    reachesEnd: end === file.chunks.length,
    oldText,
    newText,
    changeEnd: change.start - start + change.text.length,
    lengthChange: newText.length - oldText.length,
  };
}

/** Undefined where the window is too short to tell where the old items hold again. */
function readWindow(file: ParsedFile, window: Window): ReadWindow | undefined {
  const { newText, oldText, start } = window;
  const items: Item[] = [];
  const starts: number[] = [];
  const oldFirst = start === 0 ? contentStart(oldText) : 0;
  for (let at = start === 0 ? contentStart(newText) : 0; at < newText.length;) {
    const oldAt = at - window.lengthChange;
    if (at >= window.changeEnd && beginsLogicalLine(oldText, oldAt, oldFirst)) {
      return { items, starts, oldEnd: start + oldAt };
    }
    const line = readLogicalLine(newText, at, file.environment);
    if (line.end >= newText.length && !window.reachesEnd) return undefined;
    const item = parseLine(line);
    if (item !== undefined) {
      items.push(item);
      starts.push(start + at);
    }
    at = line.end;
  }
  return window.reachesEnd ? { items, starts, oldEnd: window.end } : undefined;
}

/** Whether a logical line begins at `at`, given that one begins at `first`. */
function beginsLogicalLine(text: string, at: number, first: number): boolean {
  if (at <= first) return at === first;
  const last = text.charCodeAt(at - 1);
  if (!isLineBreak(last) || (last === carriageReturn && text.charCodeAt(at) === lineFeed)) return false;
  const end = last === lineFeed && text.charCodeAt(at - 2) === carriageReturn ? at - 2 : at - 1;
  let start = Math.max(first, end);
  while (start > first && !isLineBreak(text.charCodeAt(start - 1))) start--;
  return !isContinued(text, { start, end, next: at });
}

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

function splice(file: ParsedFile, window: Window, read: ReadWindow, chunks: ChunkedText): ParsedFile {
  const from = countBelow(file.starts, window.start);
  const to = countBelow(file.starts, read.oldEnd);
  const newLineStarts = Array.from(findLineStarts(window.newText).subarray(1), (lineStart) => lineStart + window.start);
  return new ParsedFile(chunks, file.environment, {
    items: spliceItems(file.items, from, to, read.items),
    starts: spliceOffsets(file.starts, from, to, read.starts, window.lengthChange),
    lineStarts: spliceOffsets(
      file.lineStarts,
      window.firstLine + 1,
      window.endLine + 1,
      newLineStarts,
      window.lengthChange,
    ),
  });
}

function spliceItems(items: readonly Item[], from: number, to: number, inserted: readonly Item[]): readonly Item[] {
  if (inserted.length === to - from) {
    const copy = items.slice();
    for (const [index, item] of inserted.entries()) copy[from + index] = item;
    return copy;
  }
  return items.slice(0, from).concat(inserted, items.slice(to));
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
