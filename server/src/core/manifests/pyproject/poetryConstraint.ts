import type { SourceText } from '../../text/sourceText.ts';
import { spanOf } from '../../text/sourceText.ts';
import type { Clause, Operator } from '../../versions/clause.ts';
import { admittedVersions, parseClause } from '../../versions/specifier.ts';
import { parseVersion, type Version } from '../../versions/version.ts';
import { hasRelease } from '../../versions/boundary.ts';
import { subtract, union, type VersionSet } from '../../versions/versionSet.ts';
import { specifierText } from '../reading/pep508Draft.ts';

/** A constraint of Poetry, as PEP 440 has it. */
export interface PoetryConstraint {
  /** For people and `pinwatch parse`: alternatives with ` || ` between them, empty for any version. */
  readonly text: string;
  /** What all versions have to fulfil; `undefined` where the alternatives are no single list of clauses. */
  readonly clauses: readonly Clause[] | undefined;
}

/** Reads `^1.2`, `~1.2`, `1.*`, `>=1,<2`, `^1 || ^2` and a bare version, which is a pin. `undefined` where it is none of these. */
export function readPoetryConstraint(source: SourceText): PoetryConstraint | undefined {
  const { text } = source;
  if (text.trim() === '' || text.length > longest) return undefined;
  const alternatives: (readonly Clause[])[] = [];
  let start = 0;
  for (const separator of [...text.matchAll(/\|\|?/gu), undefined]) {
    const end = separator?.index ?? text.length;
    const clauses = /^[\s,]*$/u.test(text.slice(start, end)) ? undefined : readAlternative(source, start, end);
    if (clauses === undefined) return undefined;
    alternatives.push(clauses);
    start = (separator?.index ?? 0) + (separator?.[0].length ?? 0);
  }
  const isAny = alternatives.some((clauses) => clauses.length === 0);
  return isAny
    ? { text: '', clauses: [] }
    : { text: alternatives.map(specifierText).join(' || '), clauses: together(alternatives) };
}

// People write a few dozen characters.
const longest = 2_000;

const clausePattern = /(\^|~=|~|===|==|!=|<>|>=|<=|>|<|=)?\s*v?(\d[^\s,|]*|\*|x|dev)/iuy;
const betweenClauses = /\s*,\s*|\s+|$/uy;

function readAlternative(source: SourceText, from: number, to: number): readonly Clause[] | undefined {
  const written = source.text.slice(from, to);
  const end = from + written.replace(/[\s,]*$/u, '').length;
  let at = from + (written.length - written.trimStart().length);
  const clauses: Clause[] = [];
  const text = source.text.slice(0, end);
  while (at < end) {
    clausePattern.lastIndex = at;
    const match = clausePattern.exec(text);
    if (match === null) return undefined;
    const [whole, operator = '', version = ''] = match;
    const behind = at + whole.length;
    const read = readClause(operator, version);
    if (read === undefined) return undefined;
    const versionSpan = spanOf(source, behind - version.length, behind);
    const operatorSpan = spanOf(source, at, at + operator.length);
    clauses.push(...read.map((clause) => ({ ...clause, operatorSpan, versionSpan })));
    betweenClauses.lastIndex = behind;
    const between = betweenClauses.exec(text);
    if (between === null) return undefined;
    at = behind + between[0].length;
  }
  return clauses;
}

type ClauseText = Pick<Clause, 'operator' | 'version' | 'wildcard'>;

/** One or two clauses of PEP 440, or none for any version. */
function readClause(operator: string, version: string): readonly ClauseText[] | undefined {
  if (/^[*x]$/iu.test(version)) return operator === '' ? [] : undefined;
  const isBare = operator === '' || operator === '=' || operator === '==';
  const wild = /^(\d+(?:\.\d+)*)(?:\.\*)+$/u.exec(version)?.[1];
  if (wild !== undefined) {
    return isBare || operator === '!='
      ? [{ operator: isBare ? '==' : '!=', version: `${wild}.*`, wildcard: true }]
      : undefined;
  }
  const parsed = parseVersion(version);
  if (parsed === undefined) return undefined;
  if (operator === '^' || operator === '~') {
    return [exact('>=', version), exact('<', upperBound(parsed, operator))];
  }
  if (isBare) return [exact('==', version)];
  const known = operator === '<>' ? undefined : (operator as Operator);
  return known !== undefined && parseClause(known, version) !== undefined ? [exact(known, version)] : undefined;
}

function exact(operator: Operator, version: string): ClauseText {
  return { operator, version, wildcard: false };
}

/**
 * Of a caret, the first of the first three parts that is not zero may not change, or the last one where all are; of a tilde the
 * second, or the only one.
 */
function upperBound({ epoch, release }: Version, operator: '^' | '~'): string {
  const leading = release.slice(0, 3);
  const changing = leading.findIndex((part) => !/^0+$/u.test(part));
  const caret = changing < 0 ? leading.length - 1 : changing;
  const kept = operator === '^' ? caret : Math.min(release.length - 1, 1);
  const parts = [...release.slice(0, kept), String(BigInt(release[kept] ?? '0') + 1n)];
  return (epoch === '0' ? '' : `${epoch}!`) + parts.join('.');
}

/** One list of clauses that allows just what the alternatives allow, where there is one: `^1 || ^2` is `>=1,<3`. */
function together(alternatives: readonly (readonly Clause[])[]): readonly Clause[] | undefined {
  const [first] = alternatives;
  if (alternatives.length <= 1 || alternatives.length > mostAlternatives)
    return alternatives.length === 1 ? first : undefined;
  const wanted = union(alternatives.map(setOf));
  const all = alternatives.flat();
  const [lower, upper] = [
    all.filter(({ operator }) => /^>=?$/u.test(operator)),
    all.filter(({ operator }) => /^<=?$/u.test(operator)),
  ];
  for (const low of lower) {
    for (const high of [undefined, ...upper]) {
      const clauses = high === undefined ? [low] : [low, high];
      if (isSame(setOf(clauses), wanted)) return clauses;
    }
  }
  return undefined;
}

const mostAlternatives = 8;

function setOf(clauses: readonly Clause[]): VersionSet {
  return admittedVersions(clauses.flatMap(({ operator, version }) => parseClause(operator, version) ?? []));
}

/** The same but for pre-releases: `<2` leaves out those of 2.0, which nobody means. */
function isSame(a: VersionSet, wanted: VersionSet): boolean {
  return subtract(wanted, a).length === 0 && subtract(a, wanted).every((stretch) => !hasRelease(stretch, false));
}
