import { nodeAt, sourceOf, type TableNode, type TextNode } from '../../text/tree/tree.ts';
import { isFault } from '../pep508/fault.ts';
import { readMarker } from '../pep508/markers.ts';
import { problem } from '../reading/problems.ts';
import type { Marker, Problem } from '../requirement.ts';
import { readPoetryConstraint } from './poetryConstraint.ts';

/** When an entry holds. What of it cannot be read is a problem; then nothing is known of when the entry holds. */
export interface HoldsWhen {
  readonly marker?: Marker | undefined;
  readonly problems: readonly Problem[];
}

/** What `markers`, `python` and `platform` of an entry of Poetry say, which all have to hold. */
export function poetryMarker(table: TableNode, name: string): HoldsWhen {
  const parts: { readonly node: TextNode; readonly text: string }[] = [];
  const problems: Problem[] = [];
  for (const [key, read] of readers) {
    const node = nodeAt(table, key);
    if (node === undefined) continue;
    const text = node.kind === 'text' ? read(node) : undefined;
    if (node.kind !== 'text' || text === undefined) {
      problems.push(problem(node.kind === 'text' ? node.inner : node.span, 'marker', unreadText(key, name)));
    } else if (text !== '') {
      parts.push({ node, text });
    }
  }
  const [first] = parts;
  if (first === undefined || problems.length > 0) return { problems };
  const text = parts.map((part) => `(${part.text})`).join(' and ');
  const { start, end } = first.node.inner;
  const read = readMarker({ text, pieces: [{ start: 0, from: start, to: end, verbatim: false }] }, 0, text.length);
  return isFault(read)
    ? { problems: [problem(first.node.inner, 'marker', unreadText('markers', name))] }
    : { marker: read, problems };
}

function unreadText(key: string, name: string): string {
  return key === 'markers'
    ? `The marker of ${name} cannot be read.`
    : `The ${key} of ${name} cannot be read, so it is not known when it is installed.`;
}

/** Each is empty where it says nothing, `undefined` where it cannot be read. */
const readers: readonly (readonly [key: string, read: (node: TextNode) => string | undefined])[] = [
  ['markers', markersText],
  ['python', pythonText],
  ['platform', platformText],
];

function markersText(node: TextNode): string | undefined {
  const source = sourceOf(node);
  return isFault(readMarker(source, 0, source.text.length)) ? undefined : node.value;
}

/** `^3.8` is `python_version >= "3.8" and python_version < "4"`, as Poetry has it. */
function pythonText(node: TextNode): string | undefined {
  const constraint = readPoetryConstraint(sourceOf(node));
  if (constraint === undefined || constraint.text === '') return constraint?.text;
  const alternatives = constraint.text.split(' || ').map((clauses) => clauses.split(',').map(pythonClause));
  return alternatives.some((clauses) => clauses.includes(undefined))
    ? undefined
    : alternatives.map((clauses) => clauses.join(' and ')).join(' or ');
}

function pythonClause(clause: string): string | undefined {
  const [, operator, version] = /^(\D+)(\d.*)$/u.exec(clause.trim()) ?? [];
  if (operator === undefined || version === undefined) return undefined;
  // A short version is one of the language, not of a release: "3.9" is every 3.9.
  const variable = version.replace(/\.\*$/u, '').split('.').length < 3 ? 'python_version' : 'python_full_version';
  return `${variable} ${operator} "${version}"`;
}

/** `linux || darwin`, `!=win32,!=cygwin`. */
function platformText({ value }: TextNode): string | undefined {
  const text = value.trim();
  if (text === '' || text === '*') return '';
  const alternatives = text.split(/\|\|?/u).map((one) =>
    one
      .trim()
      .split(/\s*,\s*/u)
      .map(platformClause),
  );
  return alternatives.some((clauses) => clauses.includes(undefined))
    ? undefined
    : alternatives.map((clauses) => clauses.join(' and ')).join(' or ');
}

function platformClause(clause: string): string | undefined {
  const [, operator, name] = /^(==?|!=)?\s*([\w.-]+)$/u.exec(clause) ?? [];
  return name === undefined ? undefined : `sys_platform ${operator === '!=' ? '!=' : '=='} "${name}"`;
}
