import type { Piece } from '../sourceText.ts';
import { Faults, type ReadTree, type TableEntry, type TextNode, type TreeNode } from '../tree/tree.ts';
import { readQuoted } from './yamlText.ts';

/**
 * What the first document of a YAML file says, with places: lists, tables and texts in blocks or in brackets, anchors and aliases.
 * An alias is the node itself, not a copy. Every plain value is a text. Lines that do not fit are faults, and it reads on behind them.
 */
export function readYaml(text: string): ReadTree {
  return new YamlReader(text).read();
}

const mostDepth = 100;

class YamlReader {
  readonly #text: string;
  readonly #faults = new Faults();
  readonly #anchors = new Map<string, TreeNode>();
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): ReadTree {
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#toContent() && this.#text[this.#at] === '%') this.#toLineEnd();
    if (this.#isMarker('---')) this.#at += 3;
    let root: TreeNode | undefined;
    while (this.#toContent() && !this.#isMarker('...') && !this.#isMarker('---')) {
      const start = this.#at;
      const node = this.#readNode(-1, 0);
      root ??= node;
      if (this.#at === start || root !== node) {
        this.#fault(start, this.#lineEndFrom(start), 'This line does not fit to the lines above.');
      }
      if (this.#at === start) this.#toLineEnd();
    }
    if (this.#isMarker('...')) this.#toLineEnd();
    if (this.#toContent()) this.#fault(this.#at, this.#lineEndFrom(this.#at), 'A second document is not read.');
    return { root, faults: this.#faults.all };
  }

  /** The node that begins at the next content, if that is more than `outer` columns in. */
  #readNode(outer: number, depth: number): TreeNode {
    const from = this.#at;
    if (!this.#toContent() || this.#column() <= outer || this.#isDocumentEnd()) return empty(from);
    if (depth > mostDepth) {
      this.#fault(this.#at, this.#at + 1, `Nested more than ${mostDepth} deep.`);
      this.#at = this.#text.length;
      return empty(from);
    }
    const [anchor, isAlone] = this.#readProperties();
    if (isAlone) return this.#named(anchor, this.#readNode(outer, depth + 1));
    const column = this.#column();
    if (this.#isDash()) return this.#named(anchor, this.#readSequence(column, depth));
    const isKey = this.#keyEnd() !== undefined;
    return this.#named(anchor, isKey ? this.#readMapping(column, depth) : this.#readInline(outer, depth));
  }

  #named(anchor: string | undefined, node: TreeNode): TreeNode {
    if (anchor !== undefined) this.#anchors.set(anchor, node);
    return node;
  }

  /** `&name` and `!tag` before a node; whether nothing else is on the line. */
  #readProperties(): readonly [string | undefined, boolean] {
    let anchor: string | undefined;
    let isAny = false;
    for (;;) {
      property.lastIndex = this.#at;
      const found = property.exec(this.#text)?.[0];
      if (found === undefined) break;
      if (found.startsWith('&')) anchor = found.slice(1).trim();
      isAny = true;
      this.#at += found.length;
    }
    return [anchor, isAny && this.#isLineDone()];
  }

  #readSequence(column: number, depth: number): TreeNode {
    const start = this.#at;
    const items: TreeNode[] = [];
    let end = start;
    while (this.#toContent() && !this.#isDocumentEnd()) {
      const here = this.#column();
      if (here < column || (here === column && !this.#isDash())) break;
      if (here > column) {
        this.#misfit();
        continue;
      }
      this.#at++;
      items.push(this.#readNode(column, depth + 1));
      end = this.#at;
    }
    return { kind: 'list', items, span: { start, end } };
  }

  #readMapping(column: number, depth: number): TreeNode {
    const start = this.#at;
    const entries = new Map<string, TableEntry>();
    let end = start;
    while (this.#toContent() && !this.#isDocumentEnd()) {
      const here = this.#column();
      if (here < column || (here === column && this.#isDash())) break;
      const keyEnd = here === column ? this.#keyEnd() : undefined;
      if (keyEnd === undefined) {
        this.#misfit();
        continue;
      }
      const key = this.#readKey(keyEnd);
      this.#at = keyEnd + 1;
      const value = this.#readMapped(column, depth + 1);
      if (key !== undefined) entries.set(key.value, { key, value });
      end = this.#at;
    }
    return { kind: 'table', entries, span: { start, end } };
  }

  /** What is behind the colon of a key. A list below may begin in the column of the key. */
  #readMapped(column: number, depth: number): TreeNode {
    const from = this.#at;
    this.#skipBlanks();
    const [anchor, isAlone] = this.#readProperties();
    if (!isAlone && !this.#isLineDone()) return this.#named(anchor, this.#readInline(column, depth));
    if (!this.#toContent() || this.#isDocumentEnd()) return empty(from);
    const isListBelow = this.#column() === column && this.#isDash();
    return this.#named(
      anchor,
      isListBelow
        ? this.#readSequence(column, depth)
        : this.#column() > column
          ? this.#readNode(column, depth)
          : empty(from),
    );
  }

  /** A value that is no block: in brackets, in quotes, an alias, a text in lines, or plain. `outer`: the column that it is in. */
  #readInline(outer: number, depth: number): TreeNode {
    const start = this.#at;
    const first = this.#text.charAt(start);
    if (first === '[' || first === '{') return this.#behindValue(this.#readFlow(depth));
    if (first === '"' || first === "'") {
      const { node, end } = readQuoted(this.#text, start, this.#faults);
      this.#at = end;
      return this.#behindValue(node ?? empty(start));
    }
    if (first === '*') {
      const name = /^\*[^\s,[\]{}]+/u.exec(this.#text.slice(start, start + 200))?.[0] ?? '*';
      this.#at += name.length;
      return this.#behindValue(this.#aliased(name.slice(1), start));
    }
    if (first === '|' || first === '>') return this.#readBlockText(outer);
    return this.#readPlain(outer);
  }

  #aliased(name: string, start: number): TreeNode {
    const node = this.#anchors.get(name);
    if (node === undefined) this.#fault(start, this.#at, 'There is no anchor of this name above.');
    return node ?? empty(start);
  }

  #behindValue(node: TreeNode): TreeNode {
    this.#skipBlanks();
    if (!this.#isLineDone()) {
      this.#fault(this.#at, this.#lineEndFrom(this.#at), 'Nothing else may stand on this line.');
      this.#toLineEnd();
    }
    return node;
  }

  /** Lines that are farther in than `outer` go on with it. */
  #readPlain(outer: number): TreeNode {
    const start = this.#at;
    const pieces: Piece[] = [];
    let value = '';
    for (let from = start; ;) {
      const lineEnd = this.#lineEndFrom(from);
      const line = this.#text.slice(from, lineEnd);
      const comment = /(?:^|[ \t])#/u.exec(line);
      const colon = /:(?=[ \t]|$)/u.exec(line.slice(0, comment?.index));
      if (colon !== null)
        this.#fault(
          from + colon.index,
          from + colon.index + 1,
          'A colon does not fit here. Put quotes around the text.',
        );
      const content = line.slice(0, comment?.index).trimEnd();
      if (value !== '') {
        pieces.push({ start: value.length, from: pieces.at(-1)?.to ?? from, to: from, verbatim: false });
        value += ' ';
      }
      pieces.push({ start: value.length, from, to: from + content.length, verbatim: true });
      value += content;
      this.#at = lineEnd;
      if (comment !== null || !this.#continues(outer)) break;
      from = this.#at;
    }
    const inner = { start, end: pieces.at(-1)?.to ?? start };
    return { kind: 'text', value, span: inner, inner, ...(pieces.length > 1 && { pieces }) };
  }

  /** Goes to the next line if that goes on with a plain text. */
  #continues(outer: number): boolean {
    const before = this.#at;
    if (
      this.#toContent() &&
      this.#column() > outer &&
      !this.#isDocumentEnd() &&
      !/#/u.test(this.#text.slice(before, this.#at))
    ) {
      return true;
    }
    this.#at = before;
    return false;
  }

  /** `|` and `>`: what is farther in than `outer`. Nobody looks for requirements in it, so its lines are not taken apart. */
  #readBlockText(outer: number): TreeNode {
    const start = this.#at;
    this.#toLineEnd();
    const from = this.#at;
    for (;;) {
      const before = this.#at;
      this.#toNextLine();
      if (this.#at === before) break;
      const line = this.#text.slice(this.#at, this.#lineEndFrom(this.#at));
      if (line.trim() !== '' && line.length - line.trimStart().length <= outer) {
        this.#at = before;
        break;
      }
      this.#toLineEnd();
    }
    return { kind: 'other', text: this.#text.slice(from, this.#at).trim(), span: { start, end: this.#at } };
  }

  #readFlow(depth: number): TreeNode {
    const start = this.#at++;
    const closing = this.#text[start] === '[' ? ']' : '}';
    const items: TreeNode[] = [];
    const entries = new Map<string, TableEntry>();
    const done = (isOpen: boolean): TreeNode => {
      const more = { span: { start, end: this.#at }, ...(isOpen && { isOpen }) };
      return closing === ']' ? { kind: 'list', items, ...more } : { kind: 'table', entries, ...more };
    };
    for (;;) {
      if (!this.#toContent() || depth > mostDepth) {
        this.#fault(start, start + 1, `The bracket has no "${closing}". Add it.`);
        this.#at = this.#text.length;
        return done(true);
      }
      const next = this.#text.charAt(this.#at);
      if (next === closing) {
        this.#at++;
        return done(false);
      }
      if (next === ']' || next === '}') {
        this.#fault(this.#at, this.#at + 1, `"${closing}" is missing before this.`);
        return done(true);
      }
      if (next === ',') {
        this.#at++;
        continue;
      }
      const at = this.#at;
      const node = this.#readFlowNode(depth);
      this.#toContent();
      const isKey = this.#text[this.#at] === ':';
      if (isKey) this.#at++;
      const value =
        isKey && this.#toContent() && !/[,\]}]/u.test(this.#text.charAt(this.#at))
          ? this.#readFlowNode(depth)
          : empty(this.#at);
      const isText = node.kind === 'text';
      if (closing === '}' && isText) entries.set(node.value, { key: node, value });
      else if (isKey && isText)
        items.push({
          kind: 'table',
          entries: new Map([[node.value, { key: node, value }]]),
          span: { start: at, end: this.#at },
        });
      else items.push(node);
      if (this.#at === at) this.#at++;
    }
  }

  #readFlowNode(depth: number): TreeNode {
    const [anchor] = this.#readProperties();
    const start = this.#at;
    const first = this.#text.charAt(start);
    if (first === '[' || first === '{') return this.#named(anchor, this.#readFlow(depth + 1));
    if (first === '"' || first === "'") {
      const { node, end } = readQuoted(this.#text, start, this.#faults);
      this.#at = end;
      return this.#named(anchor, node ?? empty(start));
    }
    flowPlain.lastIndex = start;
    const value = (flowPlain.exec(this.#text)?.[0] ?? '').trimEnd();
    this.#at = start + value.length;
    if (value.startsWith('*')) return this.#aliased(value.slice(1), start);
    const inner = { start, end: this.#at };
    return this.#named(anchor, value === '' ? empty(start) : { kind: 'text', value, span: inner, inner });
  }

  /** Where the colon of a key is that begins here; `undefined` where none does. */
  #keyEnd(): number | undefined {
    const first = this.#text.charAt(this.#at);
    if (first === '"' || first === "'") {
      quotedKey.lastIndex = this.#at;
      const found = quotedKey.exec(this.#text)?.[0];
      return found === undefined ? undefined : this.#at + found.length - 1;
    }
    if (first === '[' || first === '{' || first === '#') return undefined;
    const line = this.#text.slice(this.#at, this.#lineEndFrom(this.#at));
    const colon = /:(?=[ \t]|$)/u.exec(line)?.index;
    const comment = /[ \t]#/u.exec(line)?.index ?? line.length;
    return colon === undefined || colon > comment ? undefined : this.#at + colon;
  }

  #readKey(colon: number): TextNode | undefined {
    const start = this.#at;
    const first = this.#text.charAt(start);
    if (first === '"' || first === "'") return readQuoted(this.#text, start, this.#faults).node;
    const written = this.#text.slice(start, colon);
    const [properties = ''] = /^(?:[&!]\S*[ \t]+)*/u.exec(written) ?? [];
    const value = written.slice(properties.length).trimEnd();
    const inner = { start: start + properties.length, end: start + properties.length + value.length };
    return { kind: 'text', value, span: inner, inner };
  }

  #misfit(): void {
    this.#fault(this.#at, this.#lineEndFrom(this.#at), 'This line does not fit to the lines above.');
    this.#toLineEnd();
  }

  #isDash(): boolean {
    return this.#text[this.#at] === '-' && /[ \t\r\n]|^$/u.test(this.#text.charAt(this.#at + 1));
  }

  #isMarker(marker: string): boolean {
    return (
      this.#column() === 0 && this.#text.startsWith(marker, this.#at) && /\s|^$/u.test(this.#text.charAt(this.#at + 3))
    );
  }

  #isDocumentEnd(): boolean {
    return this.#isMarker('---') || this.#isMarker('...');
  }

  #column(): number {
    let start = this.#at;
    while (start > 0 && !isBreak(this.#text.charCodeAt(start - 1))) start--;
    return this.#at - start - (start === 0 && this.#text.charCodeAt(0) === 0xfeff ? 1 : 0);
  }

  /** Over blanks, line ends and comments; false at the end of the text. */
  #toContent(): boolean {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x20 || isBreak(code)) this.#at++;
      else if (code === 0x09) {
        let before = this.#at - 1;
        while (this.#text[before] === ' ') before--;
        const isIndent = before < 0 || isBreak(this.#text.charCodeAt(before));
        this.#skipBlanks();
        if (isIndent && !this.#isLineDone()) {
          this.#fault(this.#at - 1, this.#at, 'A tab cannot indent a line of YAML. Use spaces.');
        }
      } else if (code === 0x23 && (this.#at === 0 || /\s/u.test(this.#text.charAt(this.#at - 1)))) this.#toLineEnd();
      else return this.#at < this.#text.length;
    }
  }

  #skipBlanks(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
  }

  /** Nothing but a comment is left on the line. */
  #isLineDone(): boolean {
    lineRest.lastIndex = this.#at;
    return lineRest.test(this.#text);
  }

  #toLineEnd(): void {
    this.#at = this.#lineEndFrom(this.#at);
  }

  #toNextLine(): void {
    if (this.#text.startsWith('\r\n', this.#at)) this.#at += 2;
    else if (this.#at < this.#text.length) this.#at++;
  }

  #lineEndFrom(from: number): number {
    lineEnd.lastIndex = from;
    return lineEnd.exec(this.#text)?.index ?? this.#text.length;
  }

  #fault(start: number, end: number, message: string): void {
    this.#faults.add(start, Math.max(end, start + 1), message);
  }
}

function empty(at: number): TreeNode {
  return { kind: 'other', text: '', span: { start: at, end: at } };
}

function isBreak(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

const property = /[&!][^\s,[\]{}]*(?:[ \t]+|(?=[\r\n]|$))/uy;
const lineRest = /[ \t]*(?:(?<=[\s]|^)#[^\r\n]*)?(?=[\r\n]|$)/uy;
const lineEnd = /[\r\n]/gu;
const quotedKey = /(?:"(?:[^"\\\r\n]|\\[^\r\n])*"|'(?:[^'\r\n]|'')*')[ \t]*:(?=[ \t\r\n]|$)/uy;
const flowPlain = /(?:[^,[\]{}:#\r\n]|:(?![ \t\r\n,[\]{}]|$)|(?<![\s])#)+/uy;
