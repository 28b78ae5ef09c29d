import { normalizeName } from '../../packages/packageName.ts';
import type { Span } from '../../text/position.ts';
import {
  isTrue,
  itemsOf,
  nodeAt,
  sourceOf,
  type TableNode,
  textAt,
  type TextNode,
  type TreeNode,
} from '../../text/tree/tree.ts';
import type { Content } from '../manifest.ts';
import { isFault } from '../pep508/fault.ts';
import { readMarker } from '../pep508/markers.ts';
import type { Marker, NameToken, Token } from '../requirement.ts';
import type { ItemFacts } from './draft.ts';
import { fileOf } from './pep508Draft.ts';

/** Where a package comes from that is not taken from an index. */
export interface Elsewhere {
  readonly source: 'git' | 'vcs' | 'url' | 'path' | 'editable' | 'workspace';
  readonly location: TextNode | undefined;
  readonly rev?: string | undefined;
}

export function nameToken(node: TextNode): NameToken {
  return { text: node.value, span: node.inner, normalized: normalizeName(node.value) };
}

export function tokenOfText(node: TextNode): Token {
  return { text: node.value, span: node.inner };
}

/** From the name to the end of its value; of a table with a header of its own, the name alone. */
export function spanOfEntry(key: TextNode, value: TreeNode): Span {
  const isBehind = value.span.start > key.span.end && value.span.end > value.span.start;
  return { start: key.inner.start, end: isBehind ? value.span.end : key.inner.end };
}

/** `git`, `url`, `path` and their like, as the tables of Poetry, uv, Pixi and Pipenv have them. */
export function elsewhereOf(table: TableNode): Elsewhere | undefined {
  const rev = ['rev', 'tag', 'branch'].flatMap((key) => textAt(table, key)?.value ?? [])[0];
  const git = textAt(table, 'git');
  if (git !== undefined) return { source: 'git', location: git, rev };
  const url = textAt(table, 'url');
  const path = textAt(table, 'path') ?? textAt(table, 'file');
  if (path !== undefined) {
    const isEditable = isTrue(nodeAt(table, 'editable')) || isTrue(nodeAt(table, 'develop'));
    return { source: isEditable ? 'editable' : 'path', location: path };
  }
  return url && { source: 'url', location: url };
}

/** The facts of `pinwatch parse` about it. */
export function elsewhereItem({ source, location, rev }: Elsewhere): Pick<ItemFacts, 'source' | 'location' | 'rev'> {
  return { source, ...(location && { location: location.value }), ...(rev !== undefined && { rev }) };
}

/** A package from elsewhere, as an entry of a manifest. */
export function elsewhereContent(
  name: NameToken,
  { source, location }: Elsewhere,
  more: {
    readonly text: string;
    readonly scope: string;
    readonly extras?: readonly NameToken[];
    readonly marker?: Marker | undefined;
  },
): Content {
  const { text, scope, extras = [], marker } = more;
  const place: Token = location === undefined ? { text: name.text, span: name.span } : tokenOfText(location);
  const common = { text, scope, extras, hashes: [], hasOwnIndex: false, name, ...(marker && { marker }) };
  switch (source) {
    case 'git':
    case 'vcs':
      return { kind: 'url', ...common, url: place, isNamed: true };
    case 'url':
      return { kind: 'url', ...common, url: place, isNamed: true, ...fileOf(place.text) };
    case 'path':
      return { kind: 'path', ...common, path: place };
    case 'editable':
    case 'workspace':
      return { kind: 'editable', ...common, target: place };
  }
}

/** The extras of a table; what is no text is left out. */
export function extrasOf(table: TableNode | undefined): readonly NameToken[] {
  return itemsOf(nodeAt(table, 'extras')).flatMap((node) => (node.kind === 'text' ? [nameToken(node)] : []));
}

export function extrasItem(extras: readonly NameToken[]): Pick<ItemFacts, 'extras'> {
  return extras.length === 0 ? {} : { extras: extras.map(({ text }) => text).sort() };
}

/** A marker that is a text of its own; `undefined` where it cannot be read. */
export function markerOf(node: TextNode | undefined): Marker | undefined {
  if (node === undefined) return undefined;
  const source = sourceOf(node);
  const read = readMarker(source, 0, source.text.length);
  return isFault(read) ? undefined : read;
}

/** Indexes that everybody may be asked about. */
export function isPublicIndex(url: string): boolean {
  return /^https:\/\/(?:pypi\.org|files\.pythonhosted\.org|pypi\.python\.org|download\.pytorch\.org)(?:\/|$)/iu.test(
    url,
  );
}
