import { isTrue, nodeAt, type TableNode, textAt, type TextNode } from '../../text/tree/tree.ts';
import { isFault } from '../pep508/fault.ts';
import { readMarker } from '../pep508/markers.ts';
import { urlFacts } from '../reading/pep508Draft.ts';
import { isNothing } from '../reading/expected.ts';
import type { Marker } from '../requirement.ts';
import type { Elsewhere } from '../reading/tableDraft.ts';

/** Where an entry of Pipenv takes its package from, if that is no index. */
export function pipenvElsewhere(table: TableNode): Elsewhere | undefined {
  for (const key of ['git', 'hg', 'svn', 'bzr']) {
    const location = textAt(table, key);
    if (location !== undefined) {
      return { source: key === 'git' ? 'git' : 'vcs', location, rev: textAt(table, 'ref')?.value };
    }
  }
  const path = textAt(table, 'path');
  if (path !== undefined) return { source: isTrue(nodeAt(table, 'editable')) ? 'editable' : 'path', location: path };
  const file = textAt(table, 'file') ?? textAt(table, 'url') ?? textAt(table, 'uri');
  if (file === undefined) return undefined;
  const { source, rev } = urlFacts(file.value);
  return { source: source as Elsewhere['source'], location: file, rev };
}

const variables = [
  'os_name',
  'sys_platform',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_version',
  'python_full_version',
  'implementation_name',
  'implementation_version',
] as const;

/** `markers`, and the keys that are named like variables of markers: all of them hold. */
export function pipenvMarker(table: TableNode): Marker | 'unreadable' | undefined {
  const isWrong = (key: string): boolean => !isNothing(nodeAt(table, key)) && textAt(table, key) === undefined;
  if (['markers', ...variables].some(isWrong)) return 'unreadable';
  const markers = textAt(table, 'markers');
  const parts: TextNode[] = markers === undefined || markers.value.trim() === '' ? [] : [markers];
  const texts = parts.map(({ value }) => value);
  for (const key of variables) {
    const node = textAt(table, key);
    if (node === undefined) continue;
    parts.push(node);
    texts.push(`${key} ${node.value}`);
  }
  const [first] = parts;
  if (first === undefined) return undefined;
  const text = texts.map((one) => (texts.length > 1 && one.includes(' or ') ? `(${one})` : one)).join(' and ');
  const { start, end } = first.inner;
  const read = readMarker({ text, pieces: [{ start: 0, from: start, to: end, verbatim: false }] }, 0, text.length);
  return isFault(read) ? 'unreadable' : read;
}
