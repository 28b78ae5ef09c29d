import type { Piece } from '../sourceText.ts';
import { Faults, type ReadTree, type TableEntry, type TextNode, type TreeNode } from '../tree/tree.ts';

/**
 * What a JSON document says, with places. Reads on behind what is not well formed; what is cut off is marked as open. Of a key
 * that is there twice the last value counts, as every parser of JSON has it.
 */
export function readJson(text: string): ReadTree {
  return new JsonReader(text).read();
}

const mostDepth = 200;

class JsonReader {
  readonly #text: string;
  readonly #faults = new Faults();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ReadTree {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    this.#skipSpace();
    const root = this.#readValue(0);
    this.#skipSpace();
    if (root !== undefined && this.#at < this.#text.length) {
      this.#faults.add(
        this.#at,
        Math.min(this.#at + 20, this.#text.length),
        'Nothing may follow the end of the JSON document.',
      );
    }
    return { root, faults: this.#faults.all };
  }

  /** `undefined` where there is none; the faults say so. */
  #readValue(depth: number): TreeNode | undefined {
    const start = this.#at;
    const first = this.#text[start];
    if (first === '"') return this.#readText();
    if (first === '{' || first === '[') {
      if (depth < mostDepth) return first === '{' ? this.#readTable(depth) : this.#readList(depth);
      this.#faults.add(start, start + 1, `Nested more than ${mostDepth} deep.`);
      this.#at = this.#text.length;
      return undefined;
    }
    word.lastIndex = start;
    const found = word.exec(this.#text)?.[0] ?? '';
    if (found !== '' && validWord.test(found)) {
      this.#at = start + found.length;
      return { kind: 'other', text: found, span: { start, end: this.#at } };
    }
    const end = Math.max(start + found.length, Math.min(start + 1, this.#text.length));
    this.#faults.add(start, end, found === '' ? 'A value is missing here.' : 'This is no value of JSON.', found === '');
    this.#at = start + found.length;
    return undefined;
  }

  #readList(depth: number): TreeNode {
    const start = this.#at++;
    const items: TreeNode[] = [];
    let isOpen = false;
    let isBehindComma = false;
    for (this.#skipSpace(); ; this.#skipSpace()) {
      const at = this.#at;
      const next = this.#text[at];
      if (next === undefined || next === '}') {
        this.#faults.add(start, start + 1, 'The list has no "]". Add it.', true);
        return { kind: 'list', items, span: { start, end: at }, isOpen: true };
      }
      if (next === ']') {
        if (isBehindComma) this.#faults.add(at, at + 1, 'A value is missing before this bracket.');
        this.#at++;
        return { kind: 'list', items, span: { start, end: this.#at }, ...(isOpen && { isOpen }) };
      }
      const value = this.#readValue(depth + 1);
      if (value === undefined) isOpen = true;
      else items.push(value);
      isBehindComma = this.#skipComma(']', value === undefined, at);
    }
  }

  #readTable(depth: number): TreeNode {
    const start = this.#at++;
    const entries = new Map<string, TableEntry>();
    let isOpen = false;
    let isBehindComma = false;
    for (this.#skipSpace(); ; this.#skipSpace()) {
      const at = this.#at;
      const next = this.#text[at];
      if (next === undefined || next === ']') {
        this.#faults.add(start, start + 1, 'The object has no "}". Add it.', true);
        return { kind: 'table', entries, span: { start, end: at }, isOpen: true };
      }
      if (next === '}') {
        if (isBehindComma) this.#faults.add(at, at + 1, 'A key is missing before this brace.');
        this.#at++;
        return { kind: 'table', entries, span: { start, end: this.#at }, ...(isOpen && { isOpen }) };
      }
      const key = next === '"' ? this.#readText() : undefined;
      if (next !== '"') this.#faults.add(at, at + 1, 'A key in double quotes is missing here.');
      this.#skipSpace();
      let value: TreeNode | undefined;
      if (key !== undefined && this.#text[this.#at] === ':') {
        this.#at++;
        this.#skipSpace();
        value = this.#readValue(depth + 1);
      } else if (key !== undefined) {
        this.#faults.add(
          this.#at,
          Math.min(this.#at + 1, this.#text.length),
          'A colon is missing behind this key.',
          true,
        );
      }
      if (key === undefined || value === undefined) isOpen = true;
      else entries.set(key.value, { key, value });
      isBehindComma = this.#skipComma('}', key === undefined || value === undefined, at);
    }
  }

  /** Over the comma behind a value; where the value could not be read, over all up to one. Whether there was one. */
  #skipComma(closing: string, isSpoiled: boolean, from: number): boolean {
    this.#skipSpace();
    const { length } = this.#text;
    if (isSpoiled) {
      if (this.#at === from && this.#at < length) this.#at++;
      while (this.#at < length && !/[,\]}\n]/u.test(this.#text.charAt(this.#at))) this.#at++;
      this.#skipSpace();
    }
    if (this.#text[this.#at] === ',') {
      this.#at++;
      return true;
    }
    if (
      !isSpoiled &&
      this.#at < length &&
      this.#text[this.#at] !== closing &&
      !/[\]}]/u.test(this.#text.charAt(this.#at))
    ) {
      this.#faults.add(this.#at, this.#at + 1, 'A comma is missing before this.');
    }
    return false;
  }

  #readText(): TextNode | undefined {
    const start = this.#at;
    let at = start + 1;
    let escapes = false;
    for (; ; at++) {
      const code = this.#text.charCodeAt(at);
      if (code === 0x22) break;
      if (!(code >= 0x20)) {
        this.#faults.add(start, at, 'The string has no closing quote. Add it.', true);
        this.#at = at;
        return undefined;
      }
      if (code === 0x5c) {
        escapes = true;
        if (this.#text.charCodeAt(at + 1) >= 0x20) at++;
      }
    }
    const inner = { start: start + 1, end: at };
    this.#at = at + 1;
    const span = { start, end: this.#at };
    if (!escapes) return { kind: 'text', value: this.#text.slice(inner.start, at), span, inner };
    const decoded = this.#unescape(inner.start, at);
    return decoded && { kind: 'text', ...decoded, span, inner };
  }

  #unescape(from: number, to: number): { readonly value: string; readonly pieces: readonly Piece[] } | undefined {
    const pieces: Piece[] = [];
    let value = '';
    let isValid = true;
    for (let at = from; at < to;) {
      const next = this.#text.indexOf('\\', at);
      const end = next < 0 || next > to ? to : next;
      if (end > at) {
        pieces.push({ start: value.length, from: at, to: end, verbatim: true });
        value += this.#text.slice(at, end);
      }
      if (end === to) break;
      escape.lastIndex = end;
      const found = escape.exec(this.#text)?.[0];
      if (found === undefined) {
        this.#faults.add(end, end + 2, `"${this.#text.slice(end, end + 2)}" is no escape in JSON.`);
        isValid = false;
        at = end + 2;
      } else {
        pieces.push({ start: value.length, from: end, to: end + found.length, verbatim: false });
        value +=
          found[1] === 'u' ? String.fromCharCode(parseInt(found.slice(2), 16)) : (escapes.get(found.charAt(1)) ?? '');
        at = end + found.length;
      }
    }
    return isValid ? { value, pieces } : undefined;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }
}

const word = /[^\s,:\]}[{"]+/uy;
const validWord = /^(?:true|false|null|NaN|-?Infinity|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/u;
const escape = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/uy;
const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
