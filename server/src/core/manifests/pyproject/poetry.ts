import {
  itemsOf,
  nodeAt,
  sourceOf,
  type TableEntry,
  textAt,
  type TextNode,
  type TreeNode,
} from '../../text/tree/tree.ts';
import type { Span } from '../../text/position.ts';
import type { PackageName } from '../../packages/packageName.ts';
import type { Content } from '../manifest.ts';
import type { NameToken } from '../requirement.ts';
import { problemDraft } from '../reading/problems.ts';
import { type Draft, type ItemFacts, unlisted } from '../reading/draft.ts';
import {
  elsewhereContent,
  elsewhereItem,
  elsewhereOf,
  extrasOf,
  isPublicIndex,
  markerOf,
  nameToken,
  spanOfEntry,
} from '../reading/tableDraft.ts';
import { entryDrafts, indexListDrafts, notTable } from '../reading/expected.ts';
import { keyedParts, registryItem, unreadVersion } from '../reading/keyedEntry.ts';
import { readPoetryConstraint } from './poetryConstraint.ts';
import { type HoldsWhen, poetryMarker } from './poetryMarker.ts';

/** What `[tool.poetry]` asks for. `declared`: what `[project]` has already, which a table of Poetry then only adds to. */
export function poetryDrafts(poetry: TreeNode | undefined, declared: ReadonlySet<PackageName>): readonly Draft[] {
  const context: Context = { indexes: indexesOf(poetry), declared };
  return [
    ...indexListDrafts(nodeAt(poetry, 'source'), 'tool.poetry.source'),
    ...tableDrafts(nodeAt(poetry, 'dependencies'), 'dependencies', context),
    ...tableDrafts(nodeAt(poetry, 'dev-dependencies'), 'group:dev', context),
    ...tableDrafts(nodeAt(poetry, 'requires-plugins'), 'build', context),
    ...entryDrafts(nodeAt(poetry, 'build-constraints'), 'build-constraints', ({ value }) =>
      unlisted(tableDrafts(value, 'build-constraint', context)),
    ),
    ...entryDrafts(nodeAt(poetry, 'group'), 'group', ({ key, value }) => {
      const scope = `group:${key.value}`;
      if (value.kind !== 'table') return [notTable(value, `group.${key.value}`)];
      return [
        ...tableDrafts(nodeAt(value, 'dependencies'), scope, context),
        ...itemsOf(nodeAt(value, 'include-groups')).flatMap((node): readonly Draft[] =>
          node.kind === 'text' ? [{ span: node.inner, item: { k: 'include', scope, location: node.value } }] : [],
        ),
      ];
    }),
  ];
}

interface Context {
  readonly indexes: ReadonlyMap<string, string>;
  readonly declared: ReadonlySet<PackageName>;
}

function indexesOf(poetry: TreeNode | undefined): ReadonlyMap<string, string> {
  return new Map(
    itemsOf(nodeAt(poetry, 'source')).flatMap((one) => {
      const name = textAt(one, 'name')?.value;
      return name === undefined ? [] : [[name, textAt(one, 'url')?.value ?? ''] as const];
    }),
  );
}

function tableDrafts(table: TreeNode | undefined, scope: string, context: Context): readonly Draft[] {
  return entryDrafts(table, scope, (entry) =>
    entry.key.value.toLowerCase() === 'python' ? [] : valueDrafts(entry, scope, context),
  );
}

function valueDrafts({ key, value }: TableEntry, scope: string, context: Context): readonly Draft[] {
  if (value.kind === 'list') {
    return value.items.length === 0 && value.isOpen !== true
      ? [problemDraft(key.inner, 'requirement', `${key.value} has no constraint. Write one, or remove it.`)]
      : value.items.flatMap((one, at) =>
          entryDraft(key, one, scope, at === 0 ? context : { ...context, isLater: true }),
        );
  }
  return entryDraft(key, value, scope, context);
}

function entryDraft(
  key: TextNode,
  value: TreeNode,
  scope: string,
  context: Context & { readonly isLater?: true },
): readonly Draft[] {
  const parts = keyedParts(key, value, 'constraint', scope);
  if ('drafts' in parts) return parts.drafts;
  const { table, version } = parts;
  // Several values of one name: each is an entry of its own, where it stands; `[[tool.poetry.dependencies.NAME]]` names it again.
  const place = context.isLater === true ? table?.headerKey : key;
  const span = place === undefined ? value.span : spanOfEntry(place, value);
  const name: NameToken = { ...nameToken(key), span: place?.inner ?? firstCharacter(value.span) };
  const marker = markerOf(textAt(table, 'markers'));
  const { marker: holdsWhen, problems } = table === undefined ? always : poetryMarker(table, key.value);
  const extras = extrasOf(table);
  const index = textAt(table, 'source')?.value;
  const elsewhere = table && elsewhereOf(table);
  const item: ItemFacts = {
    ...registryItem(key, scope, extras, marker),
    ...optional('python', textAt(table, 'python')),
    ...optional('platform', textAt(table, 'platform')),
    ...(index !== undefined && { index }),
    ...(elsewhere && elsewhereItem(elsewhere)),
  };
  const constraint = version && readPoetryConstraint(sourceOf(version));
  if (version !== undefined && constraint === undefined) {
    const message = `"${version.value}" is no version constraint of Poetry. Correct the one of ${key.value}.`;
    return [unreadVersion(key, { span, name, text: version.value, scope, message, problems })];
  }
  const text = [key.value, version?.value ?? '', elsewhere?.location?.value ?? ''].join(' ');
  const more = { text, scope, extras, marker: holdsWhen };
  const facts = {
    ...item,
    ...(version && { written: version.value, specSpan: version.inner }),
    ...(constraint && { specifier: constraint.text }),
  };
  if (elsewhere !== undefined)
    return [{ span, content: elsewhereContent(name, elsewhere, more), problems, item: facts }];
  if (version === undefined || constraint === undefined) {
    const content = context.declared.has(name.normalized) ? undefined : indexContent(name, more, false);
    return [{ span, content, problems, item: { ...facts, incomplete: true } }];
  }
  const hasOwnIndex =
    index !== undefined && index.toLowerCase() !== 'pypi' && !isPublicIndex(context.indexes.get(index) ?? '');
  const { clauses } = constraint;
  if (clauses === undefined) {
    const message = `${key.value}: "${version.value}" has alternatives, which Pinwatch does not compare.`;
    return [
      {
        span,
        problems,
        item: facts,
        content: { kind: 'unread', text, span, name, message, scope, hasOwnIndex, skipped: 'dynamic' },
      },
    ];
  }
  const specifier = clauses.length === 0 ? {} : { specifier: { text: version.value, span: version.inner, clauses } };
  return [{ span, problems, item: facts, content: { ...indexContent(name, more, hasOwnIndex), ...specifier } }];
}

const always: HoldsWhen = { problems: [] };

function indexContent(
  name: NameToken,
  {
    text,
    scope,
    extras,
    marker,
  }: {
    readonly text: string;
    readonly scope: string;
    readonly extras: readonly NameToken[];
    readonly marker: ReturnType<typeof markerOf>;
  },
  hasOwnIndex: boolean,
): Content & { readonly kind: 'index' } {
  return { kind: 'index', text, scope, name, extras, hashes: [], hasOwnIndex, ...(marker && { marker }) };
}

function optional<Key extends string>(key: Key, node: TextNode | undefined): Partial<Record<Key, string>> {
  return node === undefined ? {} : ({ [key]: node.value } as Record<Key, string>);
}

function firstCharacter({ start }: Span): Span {
  return { start, end: start + 1 };
}
