import { Faults, type ReadTree, type TextNode, type TreeNode } from '../tree/tree.ts';
import { readTomlScalar } from './tomlScalar.ts';
import { newTable, type OpenTable, TomlTables } from './tomlTables.ts';
import { readTomlString } from './tomlText.ts';

/**
 * What a TOML document says, with places. Reads on behind what is not well formed: at the next line, in a list at the next
 * element, at the latest at the next header. A key or table that is there twice keeps what it said first.
 */
export function readToml(text: string): ReadTree {
  return new TomlReader(text).read();
}

/** Whether a header with these keys begins something that is read by itself. */
export type EndsPart = (keys: readonly string[], isList: boolean) => boolean;

/** A part of a document, from one header to another one, as if it were all of it. */
export interface TomlPart extends ReadTree {
  /** Where the header begins that ends it, or where the text ends. */
  readonly end: number;
  /** That header; absent where the text ends. */
  readonly next?: {
    readonly keys: readonly string[];
    readonly isList: boolean;
    /** Up to where the text decides that it is one. */
    readonly decidedBy: number;
  };
  /** A string over several lines has no end: what comes behind the text may end it. */
  readonly isOpen: boolean;
}

/** What begins at `start` and goes on to the first header that `ends` it; `startsWithHeader`: that is not the one at `start`. */
export function readTomlPart(text: string, start: number, ends: EndsPart, startsWithHeader: boolean): TomlPart {
  return new TomlReader(text, start).readPart(ends, startsWithHeader);
}

// A document that people write has a few.
const mostDepth = 100;

class TomlReader {
  readonly #text: string;
  readonly #faults = new Faults();
  readonly #tables = new TomlTables(this.#faults);
  #table = this.#tables.root;
  #at = 0;
  /** A list or inline table was given up, and the reader stands at the line that is no part of it. */
  #isAborted = false;
  #isOpen = false;
  #ends: EndsPart = () => false;
  /** The header that no `#ends` is asked about. */
  #ownHeader = -1;
  #next: TomlPart['next'];

  constructor(text: string, start = 0) {
    this.#text = text;
    this.#at = start;
  }

  readPart(ends: EndsPart, startsWithHeader: boolean): TomlPart {
    this.#ends = ends;
    if (startsWithHeader) this.#ownHeader = this.#at;
    const read = this.read();
    return { ...read, end: this.#at, ...(this.#next && { next: this.#next }), isOpen: this.#isOpen };
  }

  read(): ReadTree {
    const text = this.#text;
    if (this.#at === 0 && text.charCodeAt(0) === 0xfeff) this.#at = 1;
    for (this.#skipLines(); this.#at < text.length; this.#skipLines()) {
      const start = this.#at;
      this.#isAborted = false;
      const isRead = text[start] === '[' ? this.#readHeader() : this.#readStatement(this.#table);
      if (this.#next !== undefined) break;
      if (this.#isAborted) continue;
      if (!isRead || !this.#isAtLineEnd()) this.#toNextLine();
      if (this.#at === start) this.#at++; // whatever it was
    }
    return { root: this.#tables.root, faults: this.#faults.all };
  }

  #readHeader(): boolean {
    const start = this.#at;
    const isList = this.#text.startsWith('[[', start);
    const known = this.#faults.all.length;
    this.#at += isList ? 2 : 1;
    const keys = this.#readKey();
    const names = start === this.#ownHeader ? undefined : keys?.map(({ value }) => value);
    if (names !== undefined && this.#ends(names, isList)) {
      this.#next = { keys: names, isList, decidedBy: this.#lineEnd() };
      this.#faults.all.length = known;
      this.#at = start;
      return false;
    }
    const closing = isList ? ']]' : ']';
    const isClosed = keys !== undefined && this.#text.startsWith(closing, this.#at);
    const path = keys ?? [];
    if (keys !== undefined && !isClosed) {
      this.#fault(start, this.#lineEnd(), `The header has no "${closing}". Add it.`, true);
    }
    const end = isClosed ? this.#at + closing.length : this.#lineEnd();
    this.#at = end;
    this.#table = path.length === 0 ? newTable(start) : this.#tables.begin(path, isList, { start, end });
    return isClosed;
  }

  /** `key = value`; false where it cannot be read. */
  #readStatement(table: OpenTable): boolean {
    const start = this.#at;
    const keys = this.#readKey();
    if (keys === undefined) return false;
    if (this.#text[this.#at] !== '=') {
      this.#fault(start, Math.max(this.#at, start + 1), 'A key needs "=" and a value behind it.', true);
      return false;
    }
    this.#at++;
    this.#skipBlanks();
    const value = this.#readValue(0);
    if (value !== undefined) this.#tables.put(table, keys, value, start);
    return value !== undefined;
  }

  /** `a."b".'c'`, up to what follows; `undefined` where a part is missing. */
  #readKey(): readonly TextNode[] | undefined {
    const parts: TextNode[] = [];
    for (;;) {
      this.#skipBlanks();
      const part = this.#readKeyPart();
      if (part === undefined) return undefined;
      parts.push(part);
      this.#skipBlanks();
      if (this.#text[this.#at] !== '.') return parts;
      this.#at++;
    }
  }

  #readKeyPart(): TextNode | undefined {
    const start = this.#at;
    const first = this.#text[start];
    if (first === '"' || first === "'") {
      const { node, end, isOpen = false } = readTomlString(this.#text, start, this.#faults);
      this.#at = end;
      this.#isOpen ||= isOpen;
      if (this.#text.startsWith(first.repeat(3), start)) {
        this.#fault(start, start + 3, 'A key has one quote on each side. Remove the others.');
      }
      return node;
    }
    while (isBareKey(this.#text.charCodeAt(this.#at))) this.#at++;
    const span = { start, end: this.#at };
    if (this.#at > start) return { kind: 'text', value: this.#text.slice(start, this.#at), span, inner: span };
    this.#fault(start, Math.max(start + 1, Math.min(this.#lineEnd(), start + 20)), 'A key is missing here.');
    return undefined;
  }

  /** `undefined` where it cannot be read; the faults say why. */
  #readValue(depth: number): TreeNode | undefined {
    const start = this.#at;
    switch (this.#text[start]) {
      case '"':
      case "'": {
        const { node, end, isOpen = false } = readTomlString(this.#text, start, this.#faults);
        this.#at = end;
        this.#isOpen ||= isOpen;
        return node;
      }
      case '[':
      case '{':
        if (depth >= mostDepth) {
          this.#fault(start, start + 1, `Nested more than ${mostDepth} deep.`);
          this.#at = this.#lineEnd();
          return undefined;
        }
        return this.#text[start] === '[' ? this.#readList(depth) : this.#readInline(depth);
      default:
        return this.#readOther();
    }
  }

  #readOther(): TreeNode | undefined {
    const start = this.#at;
    const { text, isValid } = readTomlScalar(this.#text, start);
    const span = { start, end: start + text.length };
    if (isValid) {
      this.#at = span.end;
      return { kind: 'other', text, span };
    }
    const message = text === '' ? 'A value is missing here.' : 'This is no value of TOML. Put quotes around a text.';
    this.#fault(start, Math.max(span.end, Math.min(start + 1, this.#text.length)), message, text === '');
    return undefined;
  }

  #readList(depth: number): TreeNode {
    const start = this.#at++;
    const items: TreeNode[] = [];
    const list = (isOpen: boolean): TreeNode => {
      const node: TreeNode = { kind: 'list', items, span: { start, end: this.#at }, ...(isOpen && { isOpen }) };
      this.#tables.close(node);
      return node;
    };
    let isSpoiled = false;
    for (this.#skipLines(); ; this.#skipLines()) {
      const at = this.#at;
      if (at >= this.#text.length || this.#isStatement(true)) {
        this.#fault(start, start + 1, 'The list has no "]". Add it.', true);
        this.#isAborted = at < this.#text.length;
        return list(true);
      }
      if (this.#text[at] === ']') {
        this.#at++;
        return list(isSpoiled);
      }
      if (this.#text[at] === ',') {
        this.#fault(at, at + 1, 'A value is missing before this comma.');
        isSpoiled = true;
        this.#at++;
        continue;
      }
      const value = this.#readValue(depth + 1);
      if (this.#isAborted) return list(true);
      if (value === undefined) {
        isSpoiled = true;
        this.#toNextElement();
      } else {
        items.push(value);
        this.#skipLines();
      }
      if (this.#text[this.#at] === ',') this.#at++;
      else if (value !== undefined && this.#at < this.#text.length && this.#text[this.#at] !== ']') {
        if (this.#isStatement(true)) continue;
        isSpoiled = true;
        this.#fault(value.span.end, value.span.end + 1, 'A comma is missing behind this value.');
      }
    }
  }

  #readInline(depth: number): TreeNode | undefined {
    const start = this.#at++;
    const table = newTable(start);
    let isBehindValue = false;
    const broken = (): undefined => {
      this.#fault(start, start + 1, 'The inline table has no "}". Add it.', true);
      this.#isAborted ||= this.#at < this.#text.length && this.#isAtLineStart();
      return undefined;
    };
    for (this.#skipLines(); ; this.#skipLines()) {
      if (this.#at >= this.#text.length || this.#isStatement(isBehindValue)) return broken();
      if (this.#text[this.#at] === '}') {
        this.#at++;
        table.span = { start, end: this.#at };
        this.#tables.close(table);
        return table;
      }
      if (isBehindValue && this.#text[this.#at] !== ',') {
        this.#fault(this.#at, this.#at + 1, 'A comma is missing before this.');
        this.#at = this.#lineEnd();
        return undefined;
      }
      if (isBehindValue) {
        this.#at++;
        isBehindValue = false;
        continue;
      }
      const at = this.#at;
      const keys = this.#readKey();
      if (keys === undefined || this.#text[this.#at] !== '=') {
        if (keys !== undefined) this.#fault(at, this.#at, 'A key needs "=" and a value behind it.', true);
        this.#at = this.#lineEnd();
        return undefined;
      }
      this.#at++;
      this.#skipBlanks();
      const value = this.#readValue(depth + 1);
      if (this.#isAborted) return undefined;
      if (value === undefined) {
        this.#at = this.#lineEnd();
        return undefined;
      }
      this.#tables.put(table, keys, value, at);
      isBehindValue = true;
    }
  }

  /**
   * Whether a line begins here that plainly is no part of a list or inline table: a header, or a key with its `=`
   * (`withKeys`).
   */
  #isStatement(withKeys: boolean): boolean {
    if (!this.#isAtLineStart()) return false;
    header.lastIndex = this.#at;
    const found = header.exec(this.#text)?.[1];
    if (found !== undefined && !notHeader.test(found)) return true;
    statement.lastIndex = this.#at;
    return withKeys && statement.test(this.#text);
  }

  #isAtLineStart(): boolean {
    let at = this.#at;
    while (at > 0 && isBlank(this.#text.charCodeAt(at - 1))) at--;
    return at === 0 || this.#text[at - 1] === '\n';
  }

  /** Over blanks and a comment: whether the line ends there, as it has to behind a statement. */
  #isAtLineEnd(): boolean {
    this.#skipBlanks();
    const { length } = this.#text;
    const at = this.#at;
    if (at >= length || this.#text[at] === '\n' || this.#text.startsWith('\r\n', at)) return true;
    if (this.#text[at] === '#') return true;
    this.#fault(at, Math.min(this.#lineEnd(), at + 40), 'Nothing else may stand on this line.');
    return false;
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#at))) this.#at++;
  }

  /** Over blanks, line ends and comments. */
  #skipLines(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (isBlank(code) || code === 0x0a) this.#at++;
      else if (code === 0x0d) {
        if (this.#text.charCodeAt(this.#at + 1) !== 0x0a) {
          this.#fault(this.#at, this.#at + 1, 'A line of TOML ends with LF or CRLF, not with CR alone.');
        }
        this.#at++;
      } else if (code === 0x23) this.#skipComment();
      else return;
    }
  }

  #skipComment(): void {
    const start = this.#at;
    this.#at = this.#lineEnd();
    control.lastIndex = start;
    const at = control.exec(this.#text)?.index ?? this.#at;
    if (at < this.#at) this.#fault(at, at + 1, 'A control character cannot stand in a comment. Remove it.');
  }

  #toNextLine(): void {
    this.#at = this.#lineEnd();
  }

  /** To what ends an element of a list that cannot be read: a comma, the bracket, or its line. */
  #toNextElement(): void {
    while (this.#at < this.#text.length && !/[,\]\n]/u.test(this.#text.charAt(this.#at))) this.#at++;
  }

  #lineEnd(): number {
    const end = this.#text.indexOf('\n', this.#at);
    return end < 0 ? this.#text.length : this.#text[end - 1] === '\r' && end > this.#at ? end - 1 : end;
  }

  #fault(start: number, end: number, message: string, incomplete = false): void {
    this.#faults.add(start, end, message, incomplete);
  }
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isBareKey(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  );
}

const keyPart = /(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')/u.source;
const dotted = `${keyPart}(?:[ \\t]*\\.[ \\t]*${keyPart})*`;
const header = new RegExp(`\\[\\[?[ \\t]*(${dotted})[ \\t]*\\]\\]?[ \\t]*(?:#[^\\n]*)?(?=\\r?\\n|$)`, 'uy');
/** What may be a list of one value. */
const notHeader = /^(?:"[^"]*"|'[^']*'|[\d_+.-]+|true|false|inf|nan|0[xob][\da-fA-F_]+|[\d_.]+e\d+)$/u;
const statement = new RegExp(`${dotted}[ \\t]*=(?!=)`, 'uy');

const control = /[\0-\x08\n-\x1f\x7f]/gu;
