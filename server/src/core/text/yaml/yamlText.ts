import type { Piece } from '../sourceText.ts';
import type { Faults, TextNode } from '../tree/tree.ts';

/** The text in quotes that begins at `start`; without its closing quote it ends with its line. Line breaks in it become a space. */
export function readQuoted(
  text: string,
  start: number,
  faults: Faults,
): { readonly node?: TextNode; readonly end: number } {
  const quote = text.charAt(start);
  const pieces: Piece[] = [];
  let value = '';
  let run = start + 1;
  const put = (from: number, to: number, by = text.slice(from, to), verbatim = true): void => {
    if (by !== '') pieces.push({ start: value.length, from, to, verbatim });
    value += by;
  };
  for (let at = start + 1; at < text.length;) {
    const next = text.charAt(at);
    if (next === quote && quote === "'" && text[at + 1] === "'") {
      put(run, at);
      put(at, at + 2, "'", false);
      run = at += 2;
    } else if (next === quote) {
      put(run, at);
      const inner = { start: start + 1, end: at };
      const isPlain = pieces.length === 1 && pieces[0]?.verbatim === true;
      const node: TextNode = {
        kind: 'text',
        value,
        span: { start, end: at + 1 },
        inner,
        ...(isPlain || value === '' ? {} : { pieces }),
      };
      return { node, end: at + 1 };
    } else if (next === '\\' && quote === '"') {
      put(run, at);
      const [escape = '\\', by = ''] = readEscape(text, at);
      put(at, at + escape.length, by, false);
      run = at += escape.length;
    } else if (next === '\n' || next === '\r') {
      const before = text.slice(run, at).replace(/(?<![ \t])[ \t]+$/u, '');
      const breaks = /(?:[ \t]*(?:\r\n|\r|\n))+[ \t]*/uy;
      breaks.lastIndex = at;
      const found = breaks.exec(text)?.[0] ?? next;
      if (/^(?:---|\.\.\.)(?:\s|$)/u.test(text.slice(at + found.length, at + found.length + 4))) break;
      put(run, run + before.length);
      put(run + before.length, at + found.length, ' ', false);
      run = at += found.length;
    } else {
      at++;
    }
  }
  const lineEnd = /[\r\n]|$/u.exec(text.slice(start))?.index ?? 0;
  faults.add(start, start + lineEnd, `The text has no closing ${quote}. Add it.`, true);
  return { end: start + lineEnd };
}

function readEscape(text: string, at: number): readonly [string, string] {
  const digits = { x: 2, u: 4, U: 8 }[text.charAt(at + 1)];
  if (digits !== undefined) {
    const hex = /^[0-9A-Fa-f]+/u.exec(text.slice(at + 2, at + 2 + digits))?.[0] ?? '';
    const point = parseInt(hex, 16);
    const isPoint = hex.length === digits && point <= 0x10ffff;
    return [text.slice(at, at + 2 + hex.length), isPoint ? String.fromCodePoint(point) : '\ufffd'];
  }
  const [line = ''] = /^\\(?:\r\n|\r|\n)[ \t]*/u.exec(text.slice(at, at + 200)) ?? [];
  if (line !== '') return [line, ''];
  const next = text.charAt(at + 1);
  return [text.slice(at, at + 2), escapes.get(next) ?? next];
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\u0007'],
  ['b', '\b'],
  ['t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\u001b'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);
