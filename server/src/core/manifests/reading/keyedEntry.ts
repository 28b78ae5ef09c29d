import type { Span } from '../../text/position.ts';
import { nodeAt, type TableEntry, type TableNode, textAt, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import type { Content } from '../manifest.ts';
import type { Marker, NameToken, Problem, Specifier } from '../requirement.ts';
import type { Draft, ItemFacts } from './draft.ts';
import { specifierText } from './pep508Draft.ts';
import { problem, problemDraft } from './problems.ts';
import {
  type Elsewhere,
  elsewhereContent,
  elsewhereItem,
  extrasItem,
  extrasOf,
  nameToken,
  spanOfEntry,
} from './tableDraft.ts';

// `name = "version"` and `name = { version = "…", … }`, as Poetry, Pixi and Pipenv have them.

/** How a format reads such an entry whose versions are clauses of PEP 440. */
export interface KeyedFormat {
  /** `undefined` where it is no version. */
  readonly versionOf: (node: TextNode, name: string) => Specifier | 'any' | undefined;
  /** A problem where there is one that cannot be read. */
  readonly markerOf: (table: TableNode, key: TextNode) => Marker | Problem | undefined;
  readonly elsewhereOf: (table: TableNode) => Elsewhere | undefined;
  /** Whether the index of this name or address is not for everybody. */
  readonly isOwnIndex: (index: string) => boolean;
}

export function keyedDrafts({ key, value }: TableEntry, scope: string, format: KeyedFormat): readonly Draft[] {
  const parts = keyedParts(key, value, 'version', scope);
  if ('drafts' in parts) return parts.drafts;
  const { table, version } = parts;
  const span = spanOfEntry(key, value);
  const name = nameToken(key);
  const specifier = version && format.versionOf(version, key.value);
  const clauses = specifier === undefined || specifier === 'any' ? [] : specifier.clauses;
  const readMarker = table && format.markerOf(table, key);
  const problems = readMarker !== undefined && 'code' in readMarker ? [readMarker] : [];
  const marker = readMarker !== undefined && 'code' in readMarker ? undefined : readMarker;
  const elsewhere = table && format.elsewhereOf(table);
  const text = `${key.value} ${version?.value ?? ''} ${elsewhere?.location?.value ?? ''}`;
  if (version !== undefined && specifier === undefined) {
    const message = `"${version.value}" is no version specifier. Correct the one of ${key.value}.`;
    return [unreadVersion(key, { span, name, text, scope, message, problems })];
  }
  const extras = extrasOf(table);
  const item: ItemFacts = {
    ...registryItem(key, scope, extras, marker),
    ...(version && { written: version.value, ...(version.value !== '' && { specSpan: version.inner }) }),
    ...(specifier !== undefined && specifier !== 'any' && { specifier: specifierText(clauses) }),
    ...(elsewhere && elsewhereItem(elsewhere)),
  };
  if (elsewhere !== undefined) {
    return [{ span, problems, item, content: elsewhereContent(name, elsewhere, { text, scope, extras, marker }) }];
  }
  const index = textAt(table, 'index')?.value;
  const content: Content = {
    kind: 'index',
    text,
    scope,
    name,
    extras,
    hashes: [],
    hasOwnIndex: index !== undefined && format.isOwnIndex(index),
    ...(marker && { marker }),
    ...(specifier !== undefined && specifier !== 'any' && clauses.length > 0 && { specifier }),
  };
  return [{ span, problems, item, content }];
}

/** The table of an entry, if it is one, and its version; or all that is to be said of the entry. */
export function keyedParts(
  key: TextNode,
  value: TreeNode,
  wanted: 'version' | 'constraint',
  scope: string,
):
  | { readonly table: TableNode | undefined; readonly version: TextNode | undefined }
  | { readonly drafts: readonly Draft[] } {
  if (value.kind === 'text') return { table: undefined, version: value };
  if (value.kind === 'table') {
    if (value.isOpen === true) return { drafts: [] };
    const wrong = decisive.find((one) => nodeAt(value, one) !== undefined && textAt(value, one) === undefined);
    if (wrong === undefined) return { table: value, version: textAt(value, 'version') };
    const message = `The ${wrong} of ${key.value} is no text, so ${key.value} is not checked.`;
    const span = spanOfEntry(key, value);
    return {
      drafts: [unreadVersion(key, { span, name: nameToken(key), text: key.value, scope, message, problems: [] })],
    };
  }
  const message =
    wanted === 'version'
      ? `${key.value} needs a version: a text or a table.`
      : `${key.value} needs a constraint: a text or a table.`;
  return { drafts: [problemDraft(key.inner, 'requirement', message)] };
}

/** What decides which package it is: none of it is left out where it is no text. */
const decisive = ['version', 'git', 'hg', 'svn', 'bzr', 'url', 'path', 'file', 'index', 'source'];

/** An entry whose version cannot be read. */
export function unreadVersion(
  key: TextNode,
  {
    problems,
    ...facts
  }: {
    readonly span: Span;
    readonly name: NameToken;
    readonly text: string;
    readonly scope: string;
    readonly message: string;
    readonly problems: readonly Problem[];
  },
): Draft {
  return {
    span: facts.span,
    content: { kind: 'unread', ...facts, hasOwnIndex: false },
    problems: [...problems, problem(key.inner, 'requirement', facts.message)],
  };
}

/** What `pinwatch parse` prints of an entry, as long as nothing says that it is from elsewhere. */
export function registryItem(
  key: TextNode,
  scope: string,
  extras: readonly NameToken[],
  marker: Marker | undefined,
): ItemFacts {
  return {
    k: 'requirement',
    scope,
    name: key.value,
    nameSpan: key.inner,
    source: 'registry',
    ...extrasItem(extras),
    ...(marker && { marker: marker.normal }),
  };
}
