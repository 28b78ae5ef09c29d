import type { Clause, Operator } from '../../../versions/clause.ts';
import type { TextChange } from '../../rewrite.ts';
import type { RequirementsFile } from '../model.ts';
import { writtenAt, type WrittenRequirement } from './writtenAt.ts';

export interface ClauseText {
  readonly operator: Operator;
  readonly version: string;
}

/** A change of a specifier, and all its clauses as they are then. */
export interface SpecifierChange {
  readonly changes: readonly TextChange[];
  readonly clauses: readonly ClauseText[];
}

/** Where new clauses go. */
export type Addition = { readonly kind: 'before' | 'after'; readonly clause: number };

/** Writes another operator and version in place of a clause's; the space between them stays. */
export function replaceClause(
  { file, index, item }: WrittenRequirement,
  at: number,
  text: ClauseText,
): SpecifierChange | undefined {
  const clauses = item.specifier?.clauses ?? [];
  const clause = clauses[at];
  const places = clause && placesOf(file, index, clause);
  if (clause === undefined || places === undefined) {
    return undefined;
  }
  const operator = { ...places.operator, text: text.operator };
  const version = { ...places.version, text: text.version };
  return {
    changes: clause.operator === text.operator ? [version] : [operator, version],
    clauses: clauses.map((other, position) => (position === at ? text : other)),
  };
}

/** Writes clauses beside another one, spaced as the line is; where there is none, behind the name and its extras. */
export function addClause(
  written: WrittenRequirement,
  texts: readonly ClauseText[],
  where: Addition,
): SpecifierChange | undefined {
  const { file, index, item } = written;
  const clauses = item.specifier?.clauses ?? [];
  const beside = clauses[where.clause];
  if (beside === undefined) {
    const start = endOfName(written);
    return start === undefined ? undefined : insertion(start, texts.map(closeTogether).join(','), texts);
  }
  const places = placesOf(file, index, beside);
  if (places === undefined) {
    return undefined;
  }
  const { space, comma } = styleOf(file, index, clauses, beside);
  const added = texts.map(({ operator, version }) => operator + space + version).join(comma);
  const position = where.kind === 'before' ? where.clause : where.clause + 1;
  const all = [...clauses.slice(0, position), ...texts, ...clauses.slice(position)];
  return where.kind === 'before'
    ? insertion(places.operator.start, added + comma, all)
    : insertion(places.version.end, comma + added, all);
}

function insertion(start: number, text: string, clauses: readonly ClauseText[]): SpecifierChange {
  return { changes: [{ start, end: start, text }], clauses };
}

function closeTogether({ operator, version }: ClauseText): string {
  return operator + version;
}

function placesOf(file: RequirementsFile, index: number, clause: Clause) {
  const operator = writtenAt(file, index, { text: clause.operator, span: clause.operatorSpan });
  const version = writtenAt(file, index, { text: clause.version, span: clause.versionSpan });
  return operator && version && { operator, version };
}

/** The space behind an operator and the comma with its space, as the line has them. */
function styleOf(
  file: RequirementsFile,
  index: number,
  clauses: readonly Clause[],
  model: Clause,
): { readonly space: string; readonly comma: string } {
  const between = (start: number, end: number): string => {
    const origin = file.starts[index] ?? 0;
    return file.text.slice(origin + start, origin + end);
  };
  const space = between(model.operatorSpan.end, model.versionSpan.start);
  const [first, second] = clauses;
  const comma = first && second ? between(first.versionSpan.end, second.operatorSpan.start) : '';
  const isBlank = /^[ \t]{0,8}$/.test(space);
  return {
    space: isBlank ? space : '',
    comma: /^[ \t]{0,8},[ \t]{0,8}$/.test(comma) ? comma : isBlank && space !== '' ? ', ' : ',',
  };
}

/** Behind the name, its extras, or the parenthesis that opens an empty list. */
function endOfName({ file, index, item }: WrittenRequirement): number | undefined {
  const name = writtenAt(file, index, item.name);
  if (name === undefined) {
    return undefined;
  }
  const origin = file.starts[index] ?? 0;
  const lastExtra = item.extras.at(-1);
  const rest = file.text.slice(lastExtra ? origin + lastExtra.span.end : name.end, origin + item.span.end);
  const brackets = (lastExtra ? /^[\s\\]*\]/ : /^[\s\\]*\[[\s\\]*\]/).exec(rest)?.[0] ?? '';
  const end = lastExtra === undefined ? name.end : origin + lastExtra.span.end;
  const opened = item.specifier && /^[\s\\]*\(/.exec(rest.slice(brackets.length))?.[0];
  return end + brackets.length + (opened?.length ?? 0);
}
