import type { Clause, Operator } from '../../versions/clause.ts';
import { isSpace, skipBlanks, skipSpace } from '../../text/characters.ts';
import { isFault, type Fault } from './fault.ts';
import type { Specifier } from '../requirement.ts';
import { quote } from '../../text/quote.ts';
import { spanOf, tokenOf, type SourceText } from '../../text/sourceText.ts';
import { scanVersion, type VersionForm } from './versionText.ts';

export interface ReadSpecifier {
  /** Undefined where nothing is written. */
  readonly specifier: Specifier | undefined;
  readonly end: number;
}

/**
 * Reads a comma list of clauses, in one pair of parentheses or none, as PEP 508 has it. Empty parentheses and a comma
 * at the end are allowed, as packaging 22 and later allow them. `end` is the end of the text it may look at; what
 * follows the last clause is left to the caller.
 */
export function readSpecifier(source: SourceText, start: number, end: number, name: string): ReadSpecifier | Fault {
  const parenthesis = source.text[start] === '(';
  const listStart = skipBlanks(source.text, parenthesis ? start + 1 : start, end);
  const list = readClauses(source, listStart, end, name);
  if (isFault(list)) return list;
  if (!parenthesis) return { specifier: toSpecifier(source, start, list), end: list.end };
  const close = skipBlanks(source.text, list.end, end);
  if (close < end && source.text[close] === ')') {
    return { specifier: toSpecifier(source, start, { ...list, end: close + 1 }), end: close + 1 };
  }
  if (close < end && list.clauses.length > 0) return unreadable(source.text, close, end, name);
  if (close < end) return unreadable(source.text, listStart, end, name);
  return {
    code: 'requirement.incomplete',
    message: `The version specifier of ${name} has no closing parenthesis. Add ")".`,
    start,
    end: close,
    incomplete: true,
  };
}

/** Says why the text at `start`, behind a name or a clause, is not a specifier. */
export function unreadable(text: string, start: number, end: number, name: string): Fault {
  const operator = readOperatorRun(text, start, end);
  const wordEnd = skipWord(text, start + operator.length, end);
  const place = { start, end: Math.max(wordEnd, start + 1) };
  const hint = operatorHints.get(operator);
  if (hint !== undefined) {
    const incomplete = wordEnd === end && wordEnd === start + operator.length;
    return incomplete
      ? { code: 'requirement.incomplete', message: `${hint} Write it after ${name}.`, ...place, incomplete }
      : { code: 'requirement.invalid-specifier', message: `${hint} Correct the specifier of ${name}.`, ...place };
  }
  const written = text.slice(place.start, place.end);
  const message = `${quote(written)} is not part of a version specifier. Correct what follows ${name}.`;
  return { code: 'requirement.invalid-specifier', message, ...place };
}

interface ClauseList {
  readonly clauses: readonly Clause[];
  readonly end: number;
}

const longestFirst: readonly Operator[] = ['===', '==', '~=', '!=', '<=', '>=', '<', '>'];

const operatorHints: ReadonlyMap<string, string> = new Map([
  ['=', '"=" is not an operator; use "==".'],
  ['=>', '"=>" is not an operator; use ">=".'],
  ['=<', '"=<" is not an operator; use "<=".'],
  ['<>', '"<>" is not an operator; use "!=".'],
  ['~', '"~" is not an operator; use "~=".'],
  ['~>', '"~>" is not an operator; use "~=".'],
  ['^', '"^" is not an operator here; use "~=", or ">=" and "<".'],
  ['!', '"!" is not an operator; use "!=".'],
  ['*', '"*" is not a version specifier; leave it out to allow every version.'],
]);

const formsByOperator: Readonly<Record<Exclude<Operator, '==='>, VersionForm>> = {
  '==': { wildcard: true, local: true, minimumReleaseParts: 1 },
  '!=': { wildcard: true, local: true, minimumReleaseParts: 1 },
  '~=': { wildcard: false, local: false, minimumReleaseParts: 2 },
  '<=': { wildcard: false, local: false, minimumReleaseParts: 1 },
  '>=': { wildcard: false, local: false, minimumReleaseParts: 1 },
  '<': { wildcard: false, local: false, minimumReleaseParts: 1 },
  '>': { wildcard: false, local: false, minimumReleaseParts: 1 },
};

function readClauses(source: SourceText, start: number, end: number, name: string): ClauseList | Fault {
  const { text } = source;
  const clauses: Clause[] = [];
  let at = start;
  while (at < end) {
    const operator = operatorAt(text, at);
    if (operator === undefined) break;
    const clauseEnd =
      operator === '==='
        ? readArbitrary(source, at, end, name, clauses)
        : readClause(source, at, end, operator, name, clauses);
    if (typeof clauseEnd !== 'number') return clauseEnd;
    const comma = skipBlanks(text, clauseEnd, end);
    if (comma >= end || text[comma] !== ',') return { clauses, end: clauseEnd };
    at = skipBlanks(text, comma + 1, end);
    if (at >= end || operatorAt(text, at) === undefined) return { clauses, end: comma + 1 };
  }
  return { clauses, end: at };
}

/** Adds the clause at `start` to `clauses`; where it ends. */
// eslint-disable-next-line max-params -- called for each clause; an object for each call would cost
function readClause(
  source: SourceText,
  start: number,
  end: number,
  operator: Exclude<Operator, '==='>,
  name: string,
  clauses: Clause[],
): number | Fault {
  const { text } = source;
  const versionStart = skipSpace(text, start + operator.length, end);
  const versionEnd = scanVersion(text, versionStart, formsByOperator[operator]);
  const wordEnd = skipWord(text, versionStart, end);
  if (versionEnd !== wordEnd) return invalidClause(text, { start, versionStart, wordEnd, end }, operator, name);
  clauses.push(toClause(source, start, operator, versionStart, versionEnd));
  return versionEnd;
}

/**
 * `===` takes anything up to white space, `;` or `)`, commas too. packaging then splits what it has at the commas
 * again, and each part must be a clause of its own.
 */
function readArbitrary(
  source: SourceText,
  start: number,
  end: number,
  name: string,
  clauses: Clause[],
): number | Fault {
  const { text } = source;
  let wordEnd = skipSpace(text, start + 3, end);
  while (wordEnd < end && !isArbitraryEnd(text.charCodeAt(wordEnd))) wordEnd++;
  for (let at = start; at < wordEnd; at = skipCommas(text, at, wordEnd)) {
    const operator = operatorAt(text, at);
    if (operator === undefined) return unreadable(text, at, wordEnd, name);
    if (operator === '===') {
      const versionStart = skipSpace(text, at + 3, wordEnd);
      const partStart = at;
      at = skipPart(text, versionStart, wordEnd);
      clauses.push(toClause(source, partStart, operator, versionStart, at));
    } else {
      const clauseEnd = readClause(source, at, wordEnd, operator, name, clauses);
      if (typeof clauseEnd !== 'number') return clauseEnd;
      at = clauseEnd;
    }
  }
  return wordEnd;
}

function invalidClause(
  text: string,
  place: { readonly start: number; readonly versionStart: number; readonly wordEnd: number; readonly end: number },
  operator: Operator,
  name: string,
): Fault {
  const { start, versionStart, wordEnd } = place;
  const version = text.slice(versionStart, wordEnd);
  if (version === '') {
    return {
      code: 'requirement.incomplete',
      message: `The version of ${name} is missing after "${operator}". Write one, as in "${operator}1.0".`,
      start,
      end: Math.max(wordEnd, start + operator.length),
      incomplete: true,
    };
  }
  const halfTyped = wordEnd === place.end && canGoOn(version, operator);
  return {
    code: halfTyped ? 'requirement.incomplete' : 'requirement.invalid-specifier',
    message: `${quote(operator + version)} is not a valid version specifier for ${name}: ${reasonFor(version, operator)}.`,
    start,
    end: wordEnd,
    ...(halfTyped ? { incomplete: true } : {}),
  };
}

function reasonFor(version: string, operator: Operator): string {
  const variable = /\$\{([A-Z0-9_]+)\}/.exec(version)?.[1];
  if (variable !== undefined) return `the environment variable ${variable} is not set here`;
  if (/\{\{|\{%/u.test(version)) return 'it looks like a template that is not filled in';
  if (version.includes('[')) return 'extras come before the version';
  const anyForm: VersionForm = { wildcard: true, local: true, minimumReleaseParts: 1 };
  const end = scanVersion(version, 0, anyForm);
  if (end !== version.length) return 'the version does not follow PEP 440';
  if (version.endsWith('.*')) return 'a wildcard goes only with "==" and "!="';
  if (version.includes('+')) return 'a local version goes only with "==" and "!="';
  return operator === '~=' ? '"~=" needs at least two release parts, as in "~=1.0"' : 'the version is not allowed here';
}

/** Whether more typing can make a version of it: `1.`, `1.0+`, `~=1`. */
function canGoOn(version: string, operator: Operator): boolean {
  return operator === '~=' ? /^v?[\d.!]*$/i.test(version) : /^v?(?:\d[\w.!+-]*)?[.!+_-]$|^v$/i.test(version);
}

function toClause(source: SourceText, start: number, operator: Operator, versionStart: number, end: number): Clause {
  const version = source.text.slice(versionStart, end);
  return {
    operator,
    operatorSpan: spanOf(source, start, start + operator.length),
    version,
    versionSpan: spanOf(source, versionStart, end),
    wildcard: operator !== '===' && version.endsWith('.*'),
  };
}

function toSpecifier(source: SourceText, start: number, list: ClauseList): Specifier | undefined {
  if (list.end <= start) return undefined;
  return { ...tokenOf(source, start, list.end), clauses: list.clauses };
}

function operatorAt(text: string, at: number): Operator | undefined {
  const code = text.charCodeAt(at);
  if (code !== 0x21 && code !== 0x7e && (code < 0x3c || code > 0x3e)) return undefined;
  return longestFirst.find((operator) => text.startsWith(operator, at));
}

function readOperatorRun(text: string, start: number, end: number): string {
  let at = start;
  while (at < end && '=<>~!^*'.includes(text.charAt(at))) at++;
  return text.slice(start, at);
}

/** The end of what stands together: up to white space, `,`, `)` or `;`. */
function skipWord(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) !== 0x2c && !isArbitraryEnd(text.charCodeAt(at))) at++;
  return at;
}

function skipPart(text: string, start: number, end: number): number {
  const comma = text.indexOf(',', start);
  return comma < 0 || comma > end ? end : comma;
}

function skipCommas(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && text.charCodeAt(at) === 0x2c) at++;
  return at;
}

function isArbitraryEnd(code: number): boolean {
  return code === 0x3b || code === 0x29 || isSpace(code);
}
