import { isWordAt, skipBlanks } from '../../text/characters.ts';
import { isFault, type Fault } from './fault.ts';
import type { MarkerTree, MarkerValue } from '../../markers/markerTree.ts';
import type { Marker } from '../requirement.ts';
import { normalizeName } from '../../packages/packageName.ts';
import { unescapePython } from '../../text/pythonString.ts';
import { quote } from '../../text/quote.ts';
import { tokenOf, type SourceText } from '../../text/sourceText.ts';

/** Reads all of `source` between `start` and `end` as an environment marker (PEP 508), as packaging 26 does. */
export function readMarker(source: SourceText, start: number, end: number): Marker | Fault {
  const reader = new MarkerReader(source.text, end);
  const list = reader.readList(start, 0);
  if (isFault(list)) return list;
  if (list.end < end) return reader.fault(list.end, 'expected "and", "or" or the end of the marker');
  return { ...tokenOf(source, start, end), tree: list.tree, normal: list.bare };
}

/** Python gives up on a marker nested deeper than its stack; so do we, before ours. */
const maximumDepth = 400;

/** Longer ones first where one begins another. */
const comparisons: readonly string[] = ['===', '==', '~=', '!=', '<=', '>=', '<', '>'];

/** What may be written, and what it means: PEP 345 wrote some names with a dot. */
const variables: ReadonlyMap<string, string> = new Map([
  ['python_version', 'python_version'],
  ['python_full_version', 'python_full_version'],
  ['os_name', 'os_name'],
  ['os.name', 'os_name'],
  ['sys_platform', 'sys_platform'],
  ['sys.platform', 'sys_platform'],
  ['platform_release', 'platform_release'],
  ['platform_system', 'platform_system'],
  ['platform_version', 'platform_version'],
  ['platform.version', 'platform_version'],
  ['platform_machine', 'platform_machine'],
  ['platform.machine', 'platform_machine'],
  ['platform_python_implementation', 'platform_python_implementation'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
  ['implementation_name', 'implementation_name'],
  ['implementation_version', 'implementation_version'],
  ['extra', 'extra'],
  ['extras', 'extras'],
  ['dependency_groups', 'dependency_groups'],
]);

/** A clause or a group in parentheses. */
interface ReadAtom {
  readonly tree: MarkerTree;
  /** packaging's text of it inside a larger marker. */
  readonly normal: string;
  /** The same without parentheses round it. */
  readonly bare: string;
  readonly end: number;
}

/** Atoms joined by `and` and `or`. */
interface ReadList {
  readonly tree: MarkerTree;
  readonly bare: string;
  readonly single: boolean;
  readonly end: number;
}

interface ReadValue {
  readonly value: MarkerValue;
  readonly end: number;
}

class MarkerReader {
  readonly #text: string;
  readonly #end: number;

  constructor(text: string, end: number) {
    this.#text = text;
    this.#end = end;
  }

  /** `and` binds tighter than `or`. */
  readList(start: number, depth: number): ReadList | Fault {
    const first = this.#readAtom(start, depth);
    if (isFault(first)) return first;
    const normals = [first.normal];
    const alternatives: MarkerTree[] = [];
    let conjunction: MarkerTree[] = [first.tree];
    let at = first.end;
    for (let word = this.#booleanAt(at); word !== undefined; word = this.#booleanAt(at)) {
      const next = this.#readAtom(at + word.length, depth);
      if (isFault(next)) return next;
      normals.push(word, next.normal);
      if (word === 'or') {
        alternatives.push(joinTrees('and', conjunction));
        conjunction = [];
      }
      conjunction.push(next.tree);
      at = next.end;
    }
    alternatives.push(joinTrees('and', conjunction));
    const single = normals.length === 1;
    const bare = single ? first.bare : normals.join(' ');
    return { tree: joinTrees('or', alternatives), bare, single, end: at };
  }

  fault(at: number, expected: string): Fault {
    const atEnd = skipBlanks(this.#text, at, this.#end) >= this.#end;
    const wordEnd = this.#wordEnd(at);
    const found = atEnd ? 'it ends too early' : `found ${quote(this.#text.slice(at, wordEnd))}`;
    return {
      code: atEnd ? 'requirement.incomplete' : 'requirement.invalid-marker',
      message: `The marker after ";" cannot be read: ${found}, ${expected}.`,
      start: at,
      end: wordEnd,
      ...(atEnd ? { incomplete: true } : {}),
    };
  }

  #readAtom(start: number, depth: number): ReadAtom | Fault {
    const at = skipBlanks(this.#text, start, this.#end);
    if (this.#charAt(at) !== '(') return this.#readComparison(at, depth);
    if (depth >= maximumDepth) return this.fault(at, 'expected fewer parentheses inside one another');
    const inner = this.readList(at + 1, depth + 1);
    if (isFault(inner)) return inner;
    if (this.#charAt(inner.end) !== ')') return this.fault(inner.end, 'expected ")", "and" or "or"');
    // packaging drops the parentheses round a single atom, also where that atom is a group that needs its own.
    const normal = inner.single ? inner.bare : `(${inner.bare})`;
    return { tree: inner.tree, normal, bare: inner.bare, end: this.#skip(inner.end + 1) };
  }

  #readComparison(start: number, depth: number): ReadAtom | Fault {
    const left = this.#readValue(start);
    if (isFault(left)) return left;
    const operator = this.#readOperator(left.end);
    if (isFault(operator)) return operator;
    const right = this.#readValue(operator.end);
    if (isFault(right)) return right;
    const [leftValue, rightValue] = depth === 0 ? normalizeExtra(left.value, right.value) : [left.value, right.value];
    const tree = { kind: 'compare', left: leftValue, operator: operator.value, right: rightValue } as const;
    const normal = `${valueText(leftValue)} ${operator.value} ${valueText(rightValue)}`;
    return { tree, normal, bare: normal, end: right.end };
  }

  #readValue(start: number): ReadValue | Fault {
    const quote = this.#charAt(start);
    if (quote === '"' || quote === "'") return this.#readLiteral(start, quote);
    const wordEnd = this.#wordEnd(start);
    const written = this.#text.slice(start, wordEnd);
    const name = variables.get(written);
    if (name === undefined) return this.fault(start, expectedValue(written));
    return { value: { kind: 'variable', name }, end: this.#skip(wordEnd) };
  }

  #readLiteral(start: number, quote: string): ReadValue | Fault {
    const close = this.#text.indexOf(quote, start + 1);
    if (close < 0 || close >= this.#end) {
      const message = `The marker after ";" cannot be read: the quote ${quote} is never closed. Add the closing quote.`;
      return { code: 'requirement.incomplete', message, start, end: this.#end, incomplete: true };
    }
    const value = unescapePython(this.#text.slice(start + 1, close));
    if (value === undefined) return this.fault(start, 'expected a string without that backslash');
    return { value: { kind: 'literal', value }, end: this.#skip(close + 1) };
  }

  #readOperator(at: number): { readonly value: string; readonly end: number } | Fault {
    const sign = comparisons.find((comparison) => this.#text.startsWith(comparison, at));
    if (sign !== undefined) return { value: sign, end: this.#skip(at + sign.length) };
    if (this.#isWord('in', at)) return { value: 'in', end: this.#skip(at + 2) };
    if (this.#isWord('not', at)) {
      const second = this.#skip(at + 3);
      if (second > at + 3 && this.#isWord('in', second)) return { value: 'not in', end: this.#skip(second + 2) };
      return this.fault(second, 'expected "in" after "not"');
    }
    return this.fault(at, 'expected one of == != <= >= < > ~= === in, not in');
  }

  #booleanAt(at: number): 'and' | 'or' | undefined {
    if (this.#isWord('and', at)) return 'and';
    return this.#isWord('or', at) ? 'or' : undefined;
  }

  #isWord(word: string, at: number): boolean {
    const end = at + word.length;
    if (end > this.#end || !this.#text.startsWith(word, at)) return false;
    return (end === this.#end || !isWordAt(this.#text, end)) && !(at > 0 && isWordAt(this.#text, at - 1));
  }

  #wordEnd(start: number): number {
    let at = start;
    while (at < this.#end && (this.#text[at] === '.' || isWordAt(this.#text, at))) at++;
    return at;
  }

  #charAt(at: number): string {
    return at < this.#end ? this.#text.charAt(at) : '';
  }

  #skip(at: number): number {
    return skipBlanks(this.#text, at, this.#end);
  }
}

function joinTrees(kind: 'and' | 'or', operands: readonly MarkerTree[]): MarkerTree {
  const [first] = operands;
  return operands.length === 1 && first !== undefined ? first : { kind, operands };
}

/**
 * packaging 26 normalises what is compared with `extra`, but only outside of parentheses, and a variable there
 * becomes a string.
 */
function normalizeExtra(left: MarkerValue, right: MarkerValue): readonly [MarkerValue, MarkerValue] {
  if (isExtra(left)) return [left, normalizedLiteral(right)];
  return isExtra(right) ? [normalizedLiteral(left), right] : [left, right];
}

function isExtra(value: MarkerValue): boolean {
  return value.kind === 'variable' && value.name === 'extra';
}

function normalizedLiteral(value: MarkerValue): MarkerValue {
  return { kind: 'literal', value: normalizeName(value.kind === 'variable' ? value.name : value.value) };
}

function valueText(value: MarkerValue): string {
  return value.kind === 'variable' ? value.name : `"${value.value}"`;
}

function expectedValue(written: string): string {
  const lower = variables.get(written.toLowerCase());
  return lower === undefined
    ? 'expected a variable such as python_version, or a string in quotes'
    : `expected ${lower}; names in markers are in lower case`;
}
