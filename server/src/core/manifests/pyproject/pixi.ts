import {
  entriesOf,
  nodeAt,
  sourceOf,
  type TableEntry,
  textAt,
  type TextNode,
  type TreeNode,
} from '../../text/tree/tree.ts';
import { isFault } from '../pep508/fault.ts';
import { readSpecifier } from '../pep508/specifiers.ts';
import { skipBlanks } from '../../text/characters.ts';
import type { Content } from '../manifest.ts';
import { shownText } from '../shownText.ts';
import type { Specifier } from '../requirement.ts';
import type { Draft, ItemFacts } from '../reading/draft.ts';
import { entryDrafts, notTable } from '../reading/expected.ts';
import { specifierText } from '../reading/pep508Draft.ts';
import { problem, problemDraft } from '../reading/problems.ts';
import {
  elsewhereContent,
  elsewhereItem,
  elsewhereOf,
  extrasItem,
  extrasOf,
  isPublicIndex,
  markerOf,
  nameToken,
  spanOfEntry,
} from '../reading/tableDraft.ts';

/** The packages of PyPI that Pixi installs. `pixi` is `[tool.pixi]`, or all of pixi.toml. */
export function pixiDrafts(pixi: TreeNode | undefined): readonly Draft[] {
  const targets = (table: TreeNode | undefined, scope: string): readonly Draft[] => [
    ...packageDrafts(table, scope || 'dependencies'),
    ...entryDrafts(nodeAt(table, 'target'), 'target', ({ key, value }) =>
      packageDrafts(value, `${scope && `${scope}/`}target:${shownText({ text: key.value })}`),
    ),
  ];
  return [
    ...targets(pixi, ''),
    ...entryDrafts(nodeAt(pixi, 'feature'), 'feature', ({ key, value }) =>
      targets(value, `feature:${shownText({ text: key.value })}`),
    ),
    // The environments that are lists name features.
    ...entriesOf(nodeAt(pixi, 'environments')).flatMap(({ key, value }) =>
      value.kind === 'table' ? packageDrafts(value, `env:${key.value}`) : [],
    ),
  ];
}

function packageDrafts(table: TreeNode | undefined, scope: string): readonly Draft[] {
  if (table !== undefined && table.kind !== 'table') return [notTable(table, `The table of ${scope}`)];
  return entryDrafts(nodeAt(table, 'pypi-dependencies'), 'pypi-dependencies', (entry) => pixiEntry(entry, scope));
}

/** All of a text as version clauses; `undefined` where it is none. */
export function readClauses(node: TextNode, name: string): Specifier | undefined {
  const source = sourceOf(node);
  const { length } = source.text;
  const start = skipBlanks(source.text, 0, length);
  const read = readSpecifier(source, start, length, name);
  if (isFault(read) || skipBlanks(source.text, read.end, length) < length) return undefined;
  return read.specifier ?? { text: '', span: node.inner, clauses: [] };
}

function pixiEntry({ key, value }: TableEntry, scope: string): readonly Draft[] {
  const table = value.kind === 'table' ? value : undefined;
  if (table?.isOpen === true) return [];
  if (table === undefined && value.kind !== 'text') {
    return [problemDraft(key.inner, 'requirement', `${key.value} needs a version: a text or a table.`)];
  }
  const span = spanOfEntry(key, value);
  const name = nameToken(key);
  const version = table === undefined ? (value as TextNode) : textAt(table, 'version');
  const isAny = version?.value.trim() === '*';
  const specifier = version === undefined || isAny ? undefined : readClauses(version, key.value);
  const markerText = textAt(table, 'env-markers');
  const marker = markerOf(markerText);
  const problems =
    markerText !== undefined && marker === undefined
      ? [problem(markerText.inner, 'marker', `The marker of ${key.value} cannot be read.`)]
      : [];
  const text = `${key.value} ${version?.value ?? ''}`;
  if (version !== undefined && !isAny && specifier === undefined) {
    const message = `"${version.value}" is no version specifier. Correct the one of ${key.value}.`;
    const content: Content = { kind: 'unread', text, span, name, message, scope, hasOwnIndex: false };
    return [{ span, content, problems: [...problems, problem(key.inner, 'requirement', message)] }];
  }
  const extras = extrasOf(table);
  const elsewhere = table && elsewhereOf(table);
  const item: ItemFacts = {
    k: 'requirement',
    scope,
    name: key.value,
    nameSpan: key.inner,
    source: 'registry',
    ...extrasItem(extras),
    ...(marker && { marker: marker.normal }),
    ...(version && { written: version.value, specSpan: version.inner }),
    ...(specifier && { specifier: specifierText(specifier.clauses) }),
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
    hasOwnIndex: index !== undefined && !isPublicIndex(index),
    ...(marker && { marker }),
    ...(specifier && specifier.clauses.length > 0 && { specifier }),
  };
  return [{ span, problems, item, content }];
}
