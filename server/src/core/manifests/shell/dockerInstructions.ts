import type { Span } from '../../text/position.ts';

export interface Instruction {
  /** In upper case: `RUN`. */
  readonly word: string;
  /** Where what follows it begins, behind its options, and where the last of its lines ends. */
  readonly body: number;
  readonly end: number;
  /** The texts of its here-documents. */
  readonly documents: readonly Span[];
}

/** The instructions of a Dockerfile: each over as many lines as it takes. */
export function instructionsOf(text: string): {
  readonly escape: string;
  readonly instructions: readonly Instruction[];
} {
  const escape =
    /^(?:#\s*\w+\s*=[^\r\n]*(?:\r\n|\r|\n))*?#\s*escape\s*=\s*([\\`])/iu.exec(text.slice(0, 2_000))?.[1] ?? '\\';
  const continued = escape === '`' ? /`[ \t]*$/u : /\\[ \t]*$/u;
  const lines = linesOf(text);
  const instructions: Instruction[] = [];
  const closing = new ClosingLines(text, lines);
  for (let at = 0; at < lines.length; at++) {
    const first = lines[at];
    if (first === undefined || isEmpty(text, first)) continue;
    const begin = at;
    for (let line: Span | undefined = first; line !== undefined && at + 1 < lines.length; line = lines[at]) {
      if (!continued.test(text.slice(line.start, line.end)) && !(at > begin && isEmpty(text, line))) break;
      at++;
    }
    const end = lines[at]?.end ?? text.length;
    head.lastIndex = first.start;
    const [whole = '', word = ''] = head.exec(text) ?? [];
    const body = first.start + whole.length;
    const read = hereDocuments.has(word.toUpperCase())
      ? documentsOf(text.slice(body, end), lines, closing, at)
      : { documents: [], at };
    at = read.at;
    instructions.push({
      word: word.toUpperCase(),
      body: behindOptions(text, body, end, escape),
      end,
      documents: read.documents,
    });
  }
  return { escape, instructions };
}

const head = /\s*(?:ONBUILD\s+)?(\w+)(?:[ \t]+|$)/iuy;
const hereDocuments: ReadonlySet<string> = new Set(['RUN', 'COPY', 'ADD']);

function linesOf(text: string): readonly Span[] {
  const lines: Span[] = [];
  let start = 0;
  for (const { 0: found, index } of text.matchAll(/\r\n|\r|\n/gu)) {
    lines.push({ start, end: index });
    start = index + found.length;
  }
  return [...lines, { start, end: text.length }];
}

function isEmpty(text: string, { start, end }: Span): boolean {
  const line = text.slice(start, end).trimStart();
  return line === '' || line.startsWith('#');
}

/** `<<EOF` up to its own line, for each in turn; without that line, up to the end. */
function documentsOf(
  body: string,
  lines: readonly Span[],
  closing: ClosingLines,
  last: number,
): { readonly documents: readonly Span[]; readonly at: number } {
  const documents: Span[] = [];
  let at = last;
  for (const [, dash = '', tag = ''] of body.matchAll(/<<(-?)['"]?(\w+)['"]?/gu)) {
    const first = lines[at + 1];
    if (first === undefined) break;
    const close = closing.next(tag, dash !== '', at + 1) ?? lines.length;
    const end = lines[close]?.start ?? lines.at(-1)?.end ?? first.end;
    documents.push({ start: first.start, end });
    at = close;
  }
  return { documents, at };
}

/** The lines that may close a here-document, by what they say. */
class ClosingLines {
  readonly #text: string;
  readonly #lines: readonly Span[];
  #byWord: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(text: string, lines: readonly Span[]) {
    this.#text = text;
    this.#lines = lines;
  }

  /** The first from a line on. `isIndented`: tabs may stand before it. */
  next(tag: string, isIndented: boolean, from: number): number | undefined {
    this.#byWord ??= this.#index();
    const numbers = this.#byWord.get(tag) ?? [];
    let [low, high] = [0, numbers.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((numbers[middle] ?? 0) < from) low = middle + 1;
      else high = middle;
    }
    return numbers.slice(low, low + mostTabbed).find((line) => isIndented || !this.#isTabbed(line));
  }

  #index(): ReadonlyMap<string, readonly number[]> {
    const byWord = new Map<string, number[]>();
    for (const [number, { start, end }] of this.#lines.entries()) {
      const [, word] = /^\t*(\w+)\s*$/u.exec(this.#text.slice(start, end)) ?? [];
      if (word === undefined) continue;
      const known = byWord.get(word);
      if (known === undefined) byWord.set(word, [number]);
      else known.push(number);
    }
    return byWord;
  }

  #isTabbed(line: number): boolean {
    return this.#text[this.#lines[line]?.start ?? 0] === '\t';
  }
}

// Nobody writes more lines with tabs that look like the end.
const mostTabbed = 100;

/** `--mount=…` and its like, over continued lines. */
function behindOptions(text: string, body: number, end: number, escape: string): number {
  const option = /--\w[\w-]*(?:=\S*)?\s+/uy;
  const breaks = escape === '`' ? /(?:`[ \t]*(?:\r\n|\r|\n)[ \t]*)+/uy : /(?:\\[ \t]*(?:\r\n|\r|\n)[ \t]*)+/uy;
  let at = body;
  for (;;) {
    option.lastIndex = at;
    const found = option.exec(text)?.[0];
    if (found === undefined || at + found.length > end) return at;
    at += found.length;
    breaks.lastIndex = at;
    at += breaks.exec(text)?.[0].length ?? 0;
  }
}
