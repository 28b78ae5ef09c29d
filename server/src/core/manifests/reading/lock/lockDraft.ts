import type { PackageName } from '../../../packages/packageName.ts';
import { parseVersion } from '../../../versions/version.ts';
import { itemsOf, type TableNode, textAt, type TextNode, type TreeNode } from '../../../text/tree/tree.ts';
import type { Content } from '../../manifest.ts';
import type { Marker } from '../../requirement.ts';
import type { Draft, ItemFacts } from '../draft.ts';
import { notList } from '../expected.ts';
import { problemDraft } from '../problems.ts';
import { type Elsewhere, elsewhereContent, elsewhereItem, extrasItem, nameToken } from '../tableDraft.ts';

/** A package of a lock. */
export interface LockedEntry {
  readonly name: TextNode;
  readonly version: TextNode | undefined;
  /** `lock` where absent. */
  readonly scope?: string;
  /** Absent for what is from an index. */
  readonly elsewhere?: Elsewhere | undefined;
  /** It is the project itself, or a member of its workspace. */
  readonly isProject?: boolean;
  /** The file says nothing of where it is from. */
  readonly isUnplaced?: boolean;
  /** From an index of its own. */
  readonly hasOwnIndex?: boolean;
  readonly via?: readonly PackageName[];
  readonly groups?: readonly string[];
  readonly marker?: Marker | undefined;
  readonly extras?: readonly string[];
}

/** The entry, as a draft. Its version is a pin, wherever it is written. */
export function lockDraft(entry: LockedEntry): Draft {
  const {
    scope = 'lock',
    name,
    version,
    elsewhere,
    hasOwnIndex = false,
    via = [],
    groups,
    marker,
    extras = [],
  } = entry;
  const token = nameToken(name);
  const isAfter = version !== undefined && version.span.start > name.span.end;
  const span = { start: name.inner.start, end: isAfter ? version.inner.end : name.inner.end };
  const written = version?.value.replace(/^\s*={2,3}\s*/u, '');
  const item: ItemFacts = {
    k: 'requirement',
    scope,
    name: name.value,
    nameSpan: name.inner,
    ...(written !== undefined && { version: written }),
    ...(version !== undefined && version.value !== '' && { specSpan: version.inner }),
    ...(entry.isUnplaced !== true && { source: 'registry' }),
    ...(elsewhere && elsewhereItem(elsewhere)),
    ...(marker && { marker: marker.normal }),
    ...(extras.length > 0 && extrasItem(extras.map((text) => ({ ...token, text })))),
    ...(via.length > 0 && { via }),
    ...(groups && { groups }),
  };
  return { span, item, via, content: contentOf({ ...entry, scope }, written, hasOwnIndex) };
}

function contentOf(
  { scope = 'lock', name, version, elsewhere, groups, marker, isProject = false }: LockedEntry,
  written: string | undefined,
  hasOwnIndex: boolean,
): Content {
  const token = nameToken(name);
  const text = `${name.value} ${version?.value ?? ''} ${elsewhere?.location?.value ?? ''}`;
  const more = { text, scope, marker };
  const own = groups === undefined || groups.length === 0 ? {} : { groups };
  if (elsewhere !== undefined) {
    const content = { ...elsewhereContent(token, elsewhere, more), ...own };
    return isProject && content.kind === 'editable' ? { ...content, isProject } : content;
  }
  if (version === undefined || written === undefined || parseVersion(written) === undefined) {
    const message = `The lock does not say which version of ${name.value} is installed.`;
    return { kind: 'unread', text, span: token.span, name: token, message, scope, hasOwnIndex };
  }
  const start = version.inner.end - written.trimEnd().length;
  const versionSpan =
    version.pieces === undefined && start >= version.inner.start ? { start, end: version.inner.end } : version.inner;
  const operatorSpan = { start: versionSpan.start, end: versionSpan.start };
  const clause = { operator: '==', operatorSpan, version: written, versionSpan, wildcard: false } as const;
  return {
    kind: 'index',
    text,
    scope,
    name: token,
    extras: [],
    hashes: [],
    hasOwnIndex,
    specifier: { text: `==${written}`, span: version.inner, clauses: [clause] },
    ...(marker && { marker }),
    ...own,
  };
}

/** The tables of a lock that are packages: those with a name. */
export function packagesIn(
  list: TreeNode | undefined,
): readonly { readonly table: TableNode; readonly name: TextNode }[] {
  return itemsOf(list).flatMap((table) => {
    const name = table.kind === 'table' ? textAt(table, 'name') : undefined;
    return table.kind === 'table' && name !== undefined ? [{ table, name }] : [];
  });
}

/** What of the list is no such table: which package it is nobody knows, so it is a problem. */
export function namelessDrafts(list: TreeNode | undefined, key: string): readonly Draft[] {
  if (list === undefined) return [];
  if (list.kind !== 'list') return [notList(list, key)];
  return list.items.flatMap((node) => {
    if (node.kind === 'table' && textAt(node, 'name') !== undefined) return [];
    const { start, end } = node.span;
    const place = { start, end: Math.max(end, start + 1) };
    return [problemDraft(place, 'requirement', 'This package of the lock has no name, so it is not checked.')];
  });
}
