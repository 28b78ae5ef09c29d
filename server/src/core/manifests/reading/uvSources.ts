import { type PackageName, normalizeName } from '../../packages/packageName.ts';
import {
  entriesOf,
  isTrue,
  itemsOf,
  nodeAt,
  type TableNode,
  textAt,
  type TextNode,
  type TreeNode,
} from '../../text/tree/tree.ts';
import type { IndexRequirement } from '../requirement.ts';
import type { Draft, ItemFacts } from './draft.ts';
import { entryDrafts, indexListDrafts, notTable } from './expected.ts';
import { problem, problemDraft } from './problems.ts';
import { type Elsewhere, elsewhereContent, elsewhereOf, isPublicIndex } from './tableDraft.ts';

/** What `[tool.uv.sources]` says of where packages come from. */
export interface UvSources {
  readonly byName: ReadonlyMap<PackageName, TreeNode>;
  /** The addresses of `[[tool.uv.index]]`. */
  readonly indexes: ReadonlyMap<string, string>;
  /** What was found for a name in a part of the project. */
  readonly found: Map<string, Found>;
}

interface Found {
  readonly sources: readonly Source[];
  /** What they are, with `|` between. */
  readonly kinds: string;
  readonly hasOwnIndex: boolean;
  /** One of them says nothing that could be read: nobody knows where the package comes from. */
  readonly isUnread: boolean;
}

export function uvSources(uv: TreeNode | undefined): UvSources {
  const indexes = itemsOf(nodeAt(uv, 'index')).flatMap((one) => {
    const [name, url] = [textAt(one, 'name'), textAt(one, 'url')];
    return name === undefined || url === undefined ? [] : [[name.value, url.value] as const];
  });
  return {
    byName: new Map(entriesOf(nodeAt(uv, 'sources')).map(({ key, value }) => [normalizeName(key.value), value])),
    indexes: new Map(indexes),
    found: new Map(),
  };
}

const limiting = new Set(['constraint', 'override', 'build-constraint']);

/** A requirement with the source that uv takes its package from. */
export function withUvSource(draft: Draft, uv: UvSources): Draft {
  const { content, item } = draft;
  const node = content?.kind === 'index' ? uv.byName.get(content.name.normalized) : undefined;
  if (content?.kind !== 'index' || item === undefined || node === undefined || limiting.has(item.scope)) return draft;
  const { sources, kinds, hasOwnIndex, isUnread } = foundIn(uv, node, content.name.normalized, item.scope);
  if (isUnread) return withoutSource(draft, content, item);
  const [only] = sources;
  if (only === undefined) return draft;
  const isAlone = node.kind !== 'list' || node.items.length === 1;
  const facts = { source: kinds, ...(isAlone && placeOf(only)) };
  if (only.source === 'registry' || sources.length > 1) {
    return { ...draft, content: { ...content, hasOwnIndex }, item: { ...item, ...facts } };
  }
  return {
    ...draft,
    content: elsewhereContent(content.name, only, { ...content, scope: item.scope }),
    item: { ...item, ...facts },
  };
}

/** It is not asked about as if it were from PyPI. */
function withoutSource(draft: Draft, { name, text }: IndexRequirement, item: ItemFacts): Draft {
  const facts: Omit<ItemFacts, 'source'> & { source?: string } = { ...item };
  delete facts.source;
  const message = `The source of ${name.text} in tool.uv.sources cannot be read, so ${name.text} is not checked.`;
  return {
    ...draft,
    problems: [...(draft.problems ?? []), problem(name.span, 'requirement', message)],
    content: { kind: 'unread', text, span: draft.span, name, message, scope: item.scope, hasOwnIndex: true },
    item: facts,
  };
}

/** What in `[tool.uv.sources]` and `[[tool.uv.index]]` has not the shape that uv wants, each at its place. */
export function sourceDrafts(uv: TreeNode | undefined): readonly Draft[] {
  const drafts = entryDrafts(nodeAt(uv, 'sources'), 'tool.uv.sources', ({ key, value }) => {
    const all = value.kind === 'list' ? value.items : [value];
    const isEmpty = value.kind === 'list' && all.length === 0 && value.isOpen !== true;
    return isEmpty ? [sourcelessDraft(key)] : all.flatMap((one) => faultDrafts(key, one));
  });
  return [...drafts, ...indexListDrafts(nodeAt(uv, 'index'), 'tool.uv.index')];
}

function faultDrafts(key: TextNode, one: TreeNode): readonly Draft[] {
  if (one.kind !== 'table') return [notTable(one, `tool.uv.sources.${key.value}`)];
  if (one.isOpen === true) return [];
  const unknown = entriesOf(one).filter((entry) => !sourceKeys.has(entry.key.value));
  return [
    ...unknown.map((entry) =>
      problemDraft(entry.key.inner, 'requirement', `uv knows no key "${entry.key.value}" in the source of a package.`),
    ),
    ...(isUnreadSource(one) ? [sourcelessDraft(key)] : []),
  ];
}

function sourcelessDraft(key: TextNode): Draft {
  const message = `The source of ${key.value} has to name a git, url, path, index or workspace, so it cannot be read.`;
  return problemDraft(key.inner, 'requirement', message);
}

const sourceKeys: ReadonlySet<string> = new Set(
  'git rev tag branch lfs subdirectory url path editable package index workspace marker extra group'.split(' '),
);

function isUnreadSource(one: TreeNode): boolean {
  if (one.kind !== 'table') return true;
  const isWrong = (key: string): boolean => nodeAt(one, key) !== undefined && textAt(one, key) === undefined;
  const workspace = nodeAt(one, 'workspace');
  const isKnown =
    ['git', 'url', 'path', 'index'].some((key) => nodeAt(one, key) !== undefined) ||
    (workspace?.kind === 'other' && /^(?:true|false)$/u.test(workspace.text));
  return !isKnown || ['git', 'url', 'path', 'index', 'extra', 'group', 'marker'].some(isWrong);
}

function foundIn({ found, indexes }: UvSources, node: TreeNode, name: PackageName, scope: string): Found {
  const key = `${name} ${scope}`;
  const known = found.get(key);
  if (known !== undefined) return known;
  const all = node.kind === 'list' ? node.items : [node];
  const own = all.filter((one): one is TableNode => one.kind === 'table' && holdsIn(one, scope));
  const sources = own.flatMap((one) => sourceOf(one) ?? []);
  const made = {
    isUnread:
      all.length === 0 || all.some((one) => isUnreadSource(one) && (one.kind !== 'table' || holdsIn(one, scope))),
    sources,
    kinds: [...new Set(sources.map(({ source }) => source))].sort().join('|'),
    hasOwnIndex: own.some((one) => isPrivate(textAt(one, 'index'), indexes)),
  };
  found.set(key, made);
  return made;
}

type Source = Elsewhere | { readonly source: 'registry' };

function sourceOf(table: TableNode): Source | undefined {
  if (isTrue(nodeAt(table, 'workspace'))) return { source: 'workspace', location: undefined };
  return elsewhereOf(table) ?? (nodeAt(table, 'index') && { source: 'registry' });
}

function placeOf(source: Source): { readonly location?: string; readonly rev?: string } {
  if (source.source === 'registry' || source.location === undefined) return {};
  return { location: source.location.value, ...(source.rev !== undefined && { rev: source.rev }) };
}

/** `extra` and `group` narrow a source to a part of the project. */
function holdsIn(table: TableNode, scope: string): boolean {
  const [extra, group] = [textAt(table, 'extra'), textAt(table, 'group')];
  return (
    (extra === undefined || scope === `optional:${extra.value}`) &&
    (group === undefined || scope === `group:${group.value}`)
  );
}

/** What is not known to be public is not. */
function isPrivate(index: TextNode | undefined, indexes: ReadonlyMap<string, string>): boolean {
  return index !== undefined && !isPublicIndex(indexes.get(index.value) ?? '');
}
