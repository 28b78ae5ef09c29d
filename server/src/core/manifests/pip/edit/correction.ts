import { withoutInvisible } from '../../../text/invisible.ts';
import type { TextChange } from '../../rewrite.ts';
import type { RequirementsFile } from '../model.ts';
import { applyEdits } from './applyEdits.ts';

/** A slip, and what is plainly meant instead. */
export interface Correction {
  /** Of an action: "Write == instead of =". */
  readonly title: string;
  readonly changes: readonly TextChange[];
}

/**
 * What the line at `index` plainly means, where it cannot be read: `=` for `==`, a missing operator, an invisible character, a
 * hash whose requirement does not go on. The result is read again: nothing is proposed that pip could not read.
 */
export function correctionOf(file: RequirementsFile, index: number): Correction | undefined {
  const item = file.items[index];
  if (item === undefined || item.problems.length === 0) return undefined;
  if (item.kind === 'option') {
    const joined = strayHash(file, index);
    return joined !== undefined && joinsHash(file, index, joined) ? joined : undefined;
  }
  if (item.kind !== 'error') return undefined;
  const start = (file.starts[index] ?? 0) + item.span.start;
  const text = file.slice(start, start + item.span.end - item.span.start);
  if (text.length > longest || /[\r\n]/u.test(text)) return undefined;
  return slips.flatMap(({ title, pattern, by }) => {
    const written = typeof by === 'string' ? text.replace(pattern, by) : by(text);
    if (written === text) return [];
    const changes = [difference(text, written, start)];
    return isRead(file, index, changes) ? [{ title, changes }] : [];
  })[0];
}

const longest = 1_000;

interface Slip {
  readonly title: string;
  readonly pattern: RegExp;
  readonly by: string | ((text: string) => string);
}

const nameAndExtras = '^([A-Za-z0-9][\\w.-]*(?:\\s*\\[[^\\]]*\\])?\\s*)';

const slips: readonly Slip[] = [
  { title: 'Remove the invisible characters', pattern: /^/u, by: withoutInvisible },
  { title: 'Write "==" instead of "="', pattern: new RegExp(`${nameAndExtras}=(?=\\s*v?\\d)`, 'u'), by: '$1==' },
  { title: 'Write ">=" instead of "=>"', pattern: /=>(?=\s*v?\d)/u, by: '>=' },
  { title: 'Write "<=" instead of "=<"', pattern: /=<(?=\s*v?\d)/u, by: '<=' },
  { title: 'Write "~=" instead of "~"', pattern: /~(?=\s*v?\d)/u, by: '~=' },
  { title: 'Write "!=" instead of "<>"', pattern: /<>(?=\s*v?\d)/u, by: '!=' },
  { title: 'Write ">=" instead of "≥"', pattern: /\u2265(?=\s*v?\d)/u, by: '>=' },
  { title: 'Write "<=" instead of "≤"', pattern: /\u2264(?=\s*v?\d)/u, by: '<=' },
  { title: 'Write "==" instead of "＝"', pattern: /\uFF1D{1,2}(?=\s*v?\d)/u, by: '==' },
  {
    title: 'Write "==" before the version',
    pattern: new RegExp(`${nameAndExtras.replace('\\s*)', ')')}\\s+(?=v?\\d)`, 'u'),
    by: '$1==',
  },
  { title: 'Put a comma between the clauses', pattern: /(\d)\s*(?=[<>=!~]=?\s*v?\d)/gu, by: '$1,' },
  { title: 'Remove the quotes', pattern: /^(["'])(.*)\1$/u, by: '$2' },
];

/** The smallest change that makes one text of the other. */
function difference(from: string, to: string, at: number): TextChange {
  let start = 0;
  while (start < from.length && start < to.length && from[start] === to[start]) start++;
  let end = 0;
  while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end++;
  return { start: at + start, end: at + from.length - end, text: to.slice(start, to.length - end) };
}

function isRead(file: RequirementsFile, index: number, changes: readonly TextChange[]): boolean {
  const edited = applyEdits(file, changes);
  const item = edited.items[index];
  return edited.items.length === file.items.length && item?.kind === 'requirement' && item.problems.length === 0;
}

/** The line before, which pip takes to end there: because its backslash is missing, or a comment stands between. */
function strayHash(file: RequirementsFile, index: number): Correction | undefined {
  const [before, item] = [file.items[index - 1], file.items[index]];
  if (before?.kind !== 'requirement' || item === undefined) return undefined;
  const end = (file.starts[index - 1] ?? 0) + before.span.end;
  const between = file.slice(end, (file.starts[index] ?? 0) + item.span.start);
  const missing = /^[ \t]*(?=(?:\r\n|\r|\n)[ \t]*$)/u.exec(between);
  if (missing !== null) {
    const changes = [{ start: end, end: end + missing[0].length, text: ' \\' }];
    return { title: `Continue the line of ${before.name.text} with this hash`, changes };
  }
  const [, first = '', comments] =
    /^([ \t]*\\(?:\r\n|\r|\n))((?:[ \t]*#[^\r\n]*(?:\r\n|\r|\n))+)[ \t]*$/u.exec(between) ?? [];
  if (comments === undefined) return undefined;
  const start = end + first.length;
  return {
    title: `Remove the comment between ${before.name.text} and its hash`,
    changes: [{ start, end: start + comments.length, text: '' }],
  };
}

function joinsHash(file: RequirementsFile, index: number, { changes }: Correction): boolean {
  const [before, edited] = [file.items[index - 1], applyEdits(file, changes)];
  const joined = edited.items[index - 1];
  return (
    edited.items.length === file.items.length - 1 &&
    before?.kind === 'requirement' &&
    joined?.kind === 'requirement' &&
    joined.hashes.length > before.hashes.length
  );
}
