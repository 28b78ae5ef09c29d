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
import type { Draft } from './draft.ts';
import { type Elsewhere, elsewhereContent, elsewhereOf, isPublicIndex } from './tableDraft.ts';

/** What `[tool.uv.sources]` says of where packages come from. */
export interface UvSources {
  readonly byName: ReadonlyMap<PackageName, TreeNode>;
  /** The addresses of `[[tool.uv.index]]`. */
  readonly indexes: ReadonlyMap<string, string>;
}

export function uvSources(uv: TreeNode | undefined): UvSources {
  const indexes = itemsOf(nodeAt(uv, 'index')).flatMap((one) => {
    const [name, url] = [textAt(one, 'name'), textAt(one, 'url')];
    return name === undefined || url === undefined ? [] : [[name.value, url.value] as const];
  });
  return {
    byName: new Map(entriesOf(nodeAt(uv, 'sources')).map(({ key, value }) => [normalizeName(key.value), value])),
    indexes: new Map(indexes),
  };
}

const limiting = new Set(['constraint', 'override', 'build-constraint']);

/** A requirement with the source that uv takes its package from. */
export function withUvSource(draft: Draft, { byName, indexes }: UvSources): Draft {
  const { content, item } = draft;
  const node = content?.kind === 'index' ? byName.get(content.name.normalized) : undefined;
  if (content?.kind !== 'index' || item === undefined || node === undefined || limiting.has(item.scope)) return draft;
  const all = node.kind === 'list' ? node.items : [node];
  const own = all.filter((one): one is TableNode => one.kind === 'table' && holdsIn(one, item.scope));
  const sources = own.flatMap((one) => sourceOf(one) ?? []);
  const [only] = sources;
  if (only === undefined) return draft;
  const kinds = [...new Set(sources.map(({ source }) => source))].sort();
  const facts = { source: kinds.join('|'), ...(all.length === 1 && placeOf(only)) };
  if (only.source === 'registry' || sources.length > 1) {
    const hasOwnIndex = own.some((one) => isPrivate(textAt(one, 'index'), indexes));
    return { ...draft, content: { ...content, hasOwnIndex }, item: { ...item, ...facts } };
  }
  return {
    ...draft,
    content: elsewhereContent(content.name, only, { ...content, scope: item.scope }),
    item: { ...item, ...facts },
  };
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
