import { textAt, sourceOf, type TableNode, type TextNode } from '../../text/tree/tree.ts';
import { isFault } from '../pep508/fault.ts';
import { readMarker } from '../pep508/markers.ts';
import type { Marker } from '../requirement.ts';
import { readPoetryConstraint } from './poetryConstraint.ts';

/** When an entry of Poetry holds: its `markers`, `python` and `platform`, all of them. What cannot be read of the latter two is left out. */
export function poetryMarker(table: TableNode): Marker | undefined {
  const parts = (['markers', 'python', 'platform'] as const).flatMap((key) => {
    const node = textAt(table, key);
    const text = node && readers[key](node);
    return node === undefined || text === undefined ? [] : [{ node, text }];
  });
  const [first] = parts;
  if (first === undefined) return undefined;
  const text = parts.map((part) => `(${part.text})`).join(' and ');
  const { start, end } = first.node.inner;
  const read = readMarker({ text, pieces: [{ start: 0, from: start, to: end, verbatim: false }] }, 0, text.length);
  return isFault(read) ? undefined : read;
}

const readers = {
  markers: (node: TextNode): string | undefined => node.value,
  python: pythonText,
  platform: platformText,
};

/** `^3.8` is `python_version >= "3.8" and python_version < "4"`, as Poetry has it. */
function pythonText(node: TextNode): string | undefined {
  const constraint = readPoetryConstraint(sourceOf(node));
  if (constraint === undefined || constraint.text === '') return undefined;
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

function platformText({ value }: TextNode): string | undefined {
  const alternatives = value.split(/\|\|?/u).map((one) => {
    const [, operator, name] = /^\s*(==?|!=)?\s*([\w.-]+)\s*$/u.exec(one) ?? [];
    return name === undefined ? undefined : `sys_platform ${operator === '!=' ? '!=' : '=='} "${name}"`;
  });
  return alternatives.includes(undefined) ? undefined : alternatives.join(' or ');
}
