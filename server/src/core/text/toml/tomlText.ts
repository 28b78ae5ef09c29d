import type { Piece } from '../sourceText.ts';
import type { Faults, TextNode } from '../tree/tree.ts';

/**
 * The string of a TOML document that begins at `start` with its quote. `node` is absent where it cannot be read: then the
 * faults say why, and `end` is the end of its line where the closing quote is missing.
 */
export function readTomlString(text: string, start: number, faults: Faults): ReadTomlString {
  const quote = text.charAt(start);
  const isLong = text.startsWith(quote.repeat(3), start);
  return isLong ? readLong(text, start, quote, faults) : readShort(text, start, quote, faults);
}

export interface ReadTomlString {
  readonly node?: TextNode;
  readonly end: number;
  /** It goes over several lines, and its end is missing: what comes behind the text may end it. */
  readonly isOpen?: true;
}

const backslash = 0x5c;
const lineFeed = 0x0a;
const noControl = 'A control character cannot stand in a string. Remove it.';
const controlInLong = /[\0-\x08\v\f\x0e-\x1f\x7f]|\r(?!\n)/u;

function readShort(text: string, start: number, quote: string, faults: Faults): ReadTomlString {
  const close = quote.charCodeAt(0);
  const isBasic = quote === '"';
  let at = start + 1;
  let escapes = false;
  for (; ; at++) {
    const code = text.charCodeAt(at); // NaN at the end
    if (code === close) break;
    if ((!(code >= 0x20) && code !== 0x09) || code === 0x7f) {
      if (at < text.length && code !== lineFeed && code !== 0x0d) {
        faults.add(at, at + 1, noControl);
        continue;
      }
      faults.add(start, at, `The string has no closing ${quote}. Add it.`, true);
      return { end: at };
    }
    if (isBasic && code === backslash) {
      escapes = true;
      const next = text.charCodeAt(at + 1);
      if (next >= 0x20) at++;
    }
  }
  const inner = { start: start + 1, end: at };
  const span = { start, end: at + 1 };
  if (!escapes) return { node: { kind: 'text', value: text.slice(inner.start, at), span, inner }, end: at + 1 };
  const decoded = unescape(text, inner.start, at, faults);
  return decoded === undefined ? { end: at + 1 } : { node: { kind: 'text', ...decoded, span, inner }, end: at + 1 };
}

/** Over several lines. Up to two quotes may stand before the closing three. */
function readLong(text: string, start: number, quote: string, faults: Faults): ReadTomlString {
  const closing = quote.repeat(3);
  let close = text.indexOf(closing, start + 3);
  while (quote === '"' && close >= 0 && isEscaped(text, start + 3, close)) close = text.indexOf(closing, close + 1);
  if (close < 0) {
    const lineEnd = text.indexOf('\n', start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    faults.add(start, end, `The string has no closing ${closing}. Add it.`, true);
    return { end, isOpen: true };
  }
  for (let more = 0; more < 2 && text[close + 3] === quote; more++) close++;
  const from = text.startsWith('\r\n', start + 3) ? start + 5 : text[start + 3] === '\n' ? start + 4 : start + 3;
  const inner = { start: from, end: close };
  const span = { start, end: close + 3 };
  const raw = text.slice(from, close);
  const control = controlInLong.exec(raw)?.index;
  if (control !== undefined) {
    faults.add(from + control, from + control + 1, noControl);
    return { end: close + 3 };
  }
  if (!raw.includes('\r') && (quote === "'" || !raw.includes('\\'))) {
    return { node: { kind: 'text', value: raw, span, inner }, end: close + 3 };
  }
  const decoded = quote === "'" ? withoutReturns(text, from, close) : unescape(text, from, close, faults, true);
  return decoded === undefined
    ? { end: close + 3 }
    : { node: { kind: 'text', ...decoded, span, inner }, end: close + 3 };
}

function isEscaped(text: string, from: number, at: number): boolean {
  let backslashes = 0;
  while (at - backslashes > from && text.charCodeAt(at - backslashes - 1) === backslash) backslashes++;
  return backslashes % 2 === 1;
}

interface Decoded {
  readonly value: string;
  readonly pieces: readonly Piece[];
}

/** A value that is put together from runs of the document and from what its escapes stand for. */
class Pieces {
  value = '';
  readonly pieces: Piece[] = [];

  run(text: string, from: number, to: number): void {
    if (to > from) {
      this.pieces.push({ start: this.value.length, from, to, verbatim: true });
      this.value += text.slice(from, to);
    }
  }

  escape(by: string, from: number, to: number): void {
    if (by !== '') {
      this.pieces.push({ start: this.value.length, from, to, verbatim: false });
      this.value += by;
    }
  }
}

function withoutReturns(text: string, from: number, to: number): Decoded {
  const made = new Pieces();
  let run = from;
  for (let at = text.indexOf('\r\n', from); at >= 0 && at < to; at = text.indexOf('\r\n', at + 2)) {
    made.run(text, run, at);
    run = at + 1;
  }
  made.run(text, run, to);
  return made;
}

function unescape(text: string, from: number, to: number, faults: Faults, isLong = false): Decoded | undefined {
  const made = new Pieces();
  let run = from;
  let isValid = true;
  for (let at = from; at < to;) {
    const code = text.charCodeAt(at);
    if (isLong && code === 0x0d && text.charCodeAt(at + 1) === lineFeed) {
      made.run(text, run, at);
      run = ++at;
    } else if (code === backslash) {
      made.run(text, run, at);
      const end = escapeEnd(text, at, to, isLong);
      const by = end === undefined ? undefined : escapeText(text.slice(at, end));
      if (end === undefined || by === undefined) {
        faults.add(
          at,
          Math.min(at + 2, to),
          `"${text.slice(at, at + 2)}" is no escape in TOML. Write "\\\\" for a backslash.`,
        );
        isValid = false;
        at += 2;
      } else {
        made.escape(by, at, end);
        at = end;
      }
      run = at;
    } else {
      at++;
    }
  }
  made.run(text, run, to);
  return isValid ? made : undefined;
}

/** Where the escape at a backslash ends; a line break eats the white space behind it. */
function escapeEnd(text: string, at: number, to: number, isLong: boolean): number | undefined {
  const next = text[at + 1];
  if (next === 'u' || next === 'U' || next === 'x') {
    const digits = next === 'u' ? 4 : next === 'U' ? 8 : 2;
    const end = at + 2 + digits;
    return end <= to && /^[0-9A-Fa-f]+$/u.test(text.slice(at + 2, end)) ? end : undefined;
  }
  if (isLong && next !== undefined && /[ \t\r\n]/u.test(next)) {
    let end = at + 1;
    while (end < to && /[ \t\r\n]/u.test(text.charAt(end))) end++;
    return text.slice(at, end).includes('\n') ? end : undefined;
  }
  return next !== undefined && at + 2 <= to && simpleEscapes.has(next) ? at + 2 : undefined;
}

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  ['"', '"'],
  ['\\', '\\'],
]);

function escapeText(escape: string): string | undefined {
  const simple = simpleEscapes.get(escape.charAt(1));
  if (simple !== undefined) return simple;
  if (!/^\\[uUx]/u.test(escape)) return '';
  const point = parseInt(escape.slice(2), 16);
  return point > 0x10ffff || (point >= 0xd800 && point < 0xe000) ? undefined : String.fromCodePoint(point);
}
