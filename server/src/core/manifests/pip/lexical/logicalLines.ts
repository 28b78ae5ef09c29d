import type { Span } from '../../../text/position.ts';
import { isLineBreak, isSpace, skipSpace, trimSpace } from '../../../text/characters.ts';
import { expandEnvironment, type Environment } from './environment.ts';
import { joinSources, sliceSource, spanOf, type SourceText } from '../../../text/sourceText.ts';

/** What pip makes of one or more physical lines before it looks for requirements and options. */
export interface LogicalLine {
  /** Offset in the document of the first physical line. */
  readonly start: number;
  /** Offset behind the last line break: where the next logical line begins. */
  readonly end: number;
  readonly pipLineCount: number;
  /** Joined, without the comment, trimmed, filled in; undefined when that leaves nothing. */
  readonly content: SourceText | undefined;
  readonly comment: Span | undefined;
  /** The lines that a comment swallows since the one it ends ends with a backslash, where they hold text of their own. */
  readonly swallowed?: Span;
}

/** Reads the logical line that begins at `start`. The order is pip's: join, then comments, then the environment. */
export function readLogicalLine(text: string, start: number, environment: Environment): LogicalLine {
  const first = readPhysicalLine(text, start);
  const joined = isContinued(text, first) ? joinLines(text, first) : singleLine(text, first);
  const { source } = joined;
  const commentAt = findComment(source.text);
  const contentStart = skipSpace(source.text, 0, commentAt ?? source.text.length);
  const contentEnd = trimSpace(source.text, contentStart, commentAt ?? source.text.length);
  const trimmed = contentStart < contentEnd ? sliceSource(source, contentStart, contentEnd) : undefined;
  return {
    start,
    end: joined.end,
    pipLineCount: joined.lineCount,
    content: trimmed && expandEnvironment(trimmed, environment),
    comment: commentAt === undefined ? joined.closingComment : spanOf(source, commentAt, source.text.length),
    ...(commentAt === undefined ? {} : swallowedBy(source, commentAt)),
  };
}

function swallowedBy({ text, pieces }: SourceText, commentAt: number): { readonly swallowed?: Span } {
  const next = pieces.find(({ start }) => start > commentAt);
  const last = pieces.at(-1);
  if (next === undefined || last === undefined) return {};
  const start = skipSpace(text, next.start, text.length);
  const end = trimSpace(text, start, text.length);
  if (start >= end || text.charCodeAt(start) === numberSign) return {};
  return { swallowed: spanOf({ text, pieces }, start, end) };
}

/** A byte order mark is no part of the first line; decoders and editors mostly take it away before. */
export function contentStart(text: string): number {
  return text.charCodeAt(0) === byteOrderMark ? 1 : 0;
}

/** Where the next line begins, if the logical line at `start` is this one alone: then nothing else bears on what it says. */
export function endOfSingleLine(text: string, start: number): number | undefined {
  const line = readPhysicalLine(text, start);
  return isContinued(text, line) ? undefined : line.next;
}

/** Whether pip takes the next physical line together with this one. It depends on this line alone. */
export function isContinued(text: string, line: PhysicalLine): boolean {
  return line.end > line.start && text.charCodeAt(line.end - 1) === backslash && !isCommentLine(text, line);
}

/** A line as Python's `splitlines` has it: `end` is where its break begins, `next` where the next line does. */
interface PhysicalLine {
  readonly start: number;
  readonly end: number;
  readonly next: number;
}

function readPhysicalLine(text: string, start: number): PhysicalLine {
  let end = start;
  while (end < text.length && !isLineBreak(text.charCodeAt(end))) end++;
  return { start, end, next: skipLineBreak(text, end) };
}

interface JoinedLines {
  readonly source: SourceText;
  readonly end: number;
  readonly lineCount: number;
  /** A whole line of comment that ended the continuation. */
  readonly closingComment?: Span;
}

const byteOrderMark = 0xfeff;
const backslash = 0x5c;
const numberSign = 0x23;

function skipLineBreak(text: string, at: number): number {
  if (at >= text.length) return at;
  return text.charCodeAt(at) === 0x0d && text.charCodeAt(at + 1) === 0x0a ? at + 2 : at + 1;
}

function isCommentLine(text: string, line: PhysicalLine): boolean {
  return text.charCodeAt(skipSpace(text, line.start, line.end)) === numberSign;
}

function singleLine(text: string, line: PhysicalLine): JoinedLines {
  return { source: cutSource(text, line.start, line.end, line.start), end: line.next, lineCount: 1 };
}

function joinLines(text: string, first: PhysicalLine): JoinedLines {
  const origin = first.start;
  const parts: SourceText[] = [];
  let line = first;
  let lineCount = 1;
  while (isContinued(text, line)) {
    parts.push(cutWithoutBackslashes(text, line, origin));
    if (line.next >= text.length) return { source: joinSources(parts), end: line.next, lineCount };
    line = readPhysicalLine(text, line.next);
    lineCount++;
  }
  if (isCommentLine(text, line)) {
    // pip puts a space before it, so that it is a comment whatever it is joined to.
    const closingComment = { start: skipSpace(text, line.start, line.end) - origin, end: line.end - origin };
    return { source: joinSources(parts), end: line.next, lineCount, closingComment };
  }
  parts.push(cutSource(text, line.start, line.end, origin));
  return { source: joinSources(parts), end: line.next, lineCount };
}

/** pip strips the backslashes of a continued line from both of its ends. */
function cutWithoutBackslashes(text: string, line: PhysicalLine, origin: number): SourceText {
  let { start, end } = line;
  while (end > start && text.charCodeAt(end - 1) === backslash) end--;
  while (start < end && text.charCodeAt(start) === backslash) start++;
  return cutSource(text, start, end, origin);
}

function cutSource(text: string, start: number, end: number, origin: number): SourceText {
  const piece = { start: 0, from: start - origin, to: end - origin, verbatim: true };
  return { text: text.slice(start, end), pieces: [piece] };
}

/** A comment begins at a `#` that stands first or after white space. Quotes do not protect it. */
function findComment(text: string): number | undefined {
  let at = text.indexOf('#');
  while (at > 0 && !isSpace(text.charCodeAt(at - 1))) at = text.indexOf('#', at + 1);
  return at < 0 ? undefined : at;
}
