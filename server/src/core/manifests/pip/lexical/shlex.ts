import { sliceSource, type Piece, type SourceText, spanOf } from '../../../text/sourceText.ts';
import type { Fault } from '../../pep508/fault.ts';

/** A word of the option text: unquoted, with `start` and `end` of what was written (quotes included). */
export interface Word extends SourceText {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits the text from `start` on as Python's `shlex.split` does: white space is space, tab, `\r` and `\n`; both quotes;
 * a backslash takes the next character as it is, between `"` only another backslash or `"`. No comments.
 */
export function splitWords(source: SourceText, start: number): readonly Word[] | Fault {
  const { text } = source;
  const words: Word[] = [];
  let at = skipWhite(text, start);
  while (at < text.length) {
    const word = readWord(source, at);
    if ('message' in word) return word;
    words.push(word);
    at = skipWhite(text, word.end);
  }
  return words;
}

const doubleQuote = 0x22;
const singleQuote = 0x27;
const backslash = 0x5c;

function readWord(source: SourceText, start: number): Word | Fault {
  const { text } = source;
  let at = start;
  while (at < text.length && !isWhite(text.charCodeAt(at)) && !isSpecial(text.charCodeAt(at))) at++;
  if (at === text.length || isWhite(text.charCodeAt(at))) return { ...sliceSource(source, start, at), start, end: at };
  return readQuotedWord(source, start);
}

function readQuotedWord(source: SourceText, start: number): Word | Fault {
  const { text } = source;
  const runs = new Runs(source);
  let quote = 0;
  let quoteAt = start;
  let runStart = start;
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote === 0 && isWhite(code)) break;
    if (code === backslash && quote !== singleQuote) {
      const next = text.charCodeAt(at + 1);
      if (Number.isNaN(next)) return fault(at, text.length, 'a backslash at the end escapes nothing');
      if (quote === doubleQuote && next !== doubleQuote && next !== backslash) continue;
      runs.add(runStart, at);
      runStart = at + 1;
      at++;
    } else if (code === quote || (quote === 0 && isSpecial(code))) {
      runs.add(runStart, at);
      runStart = at + 1;
      if (quote === 0) quoteAt = at;
      quote = quote === 0 ? code : 0;
    }
  }
  if (quote !== 0) return fault(quoteAt, text.length, `the quote ${String.fromCharCode(quote)} is never closed`);
  runs.add(runStart, at);
  return { ...runs.toSource(start), start, end: at };
}

/** Collects the runs of one word. */
class Runs {
  readonly #source: SourceText;
  readonly #pieces: Piece[] = [];
  #text = '';

  constructor(source: SourceText) {
    this.#source = source;
  }

  add(start: number, end: number): void {
    if (start >= end) return;
    const run = sliceSource(this.#source, start, end);
    for (const piece of run.pieces) this.#pieces.push({ ...piece, start: piece.start + this.#text.length });
    this.#text += run.text;
  }

  toSource(start: number): SourceText {
    if (this.#text !== '') return { text: this.#text, pieces: this.#pieces };
    const { start: from } = spanOf(this.#source, start, start);
    return { text: '', pieces: [{ start: 0, from, to: from, verbatim: true }] };
  }
}

function fault(start: number, end: number, reason: string): Fault {
  return {
    code: 'option.unbalanced-quote',
    message: `The options of this line cannot be split into words: ${reason}. Close it, or write the value without it.`,
    start,
    end,
    incomplete: true,
  };
}

function skipWhite(text: string, start: number): number {
  let at = start;
  while (at < text.length && isWhite(text.charCodeAt(at))) at++;
  return at;
}

function isWhite(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function isSpecial(code: number): boolean {
  return code === doubleQuote || code === singleQuote || code === backslash;
}
