import { readToml } from '../../text/toml/readToml.ts';
import { entriesOf, itemsOf, nodeAt, sourceOf, type TableEntry, textAt, type TextNode } from '../../text/tree/tree.ts';
import type { SourceText } from '../../text/sourceText.ts';
import type { Content } from '../manifest.ts';
import { isFault } from '../pep508/fault.ts';
import { readSpecifier } from '../pep508/specifiers.ts';
import type { Specifier } from '../requirement.ts';
import { entryDrafts } from '../reading/expected.ts';
import type { Draft, ItemFacts } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { specifierText } from '../reading/pep508Draft.ts';
import { problem, problemDraft, syntaxDrafts } from '../reading/problems.ts';
import {
  elsewhereContent,
  elsewhereItem,
  extrasItem,
  extrasOf,
  isPublicIndex,
  nameToken,
  spanOfEntry,
} from '../reading/tableDraft.ts';
import { pipenvElsewhere, pipenvMarker } from './pipenvTable.ts';

export const pipfileFormat: ReadFormat = {
  id: 'Pipfile',
  matches: (path) => /(?:^|\/)Pipfile$/iu.test(path),
  read: readPipfile,
};

const otherTables = new Set(['source', 'requires', 'scripts', 'pipenv']);

function readPipfile(text: string): readonly Draft[] {
  const { root, faults } = readToml(text);
  const indexes = new Map(
    itemsOf(nodeAt(root, 'source')).map((one) => [textAt(one, 'name')?.value ?? '', textAt(one, 'url')?.value ?? '']),
  );
  return [
    ...syntaxDrafts(faults),
    ...entriesOf(root)
      .filter(({ key }) => !otherTables.has(key.value))
      .flatMap(({ key, value }) => {
        const scope = scopes.get(key.value) ?? `group:${key.value}`;
        return entryDrafts(value, `The table ${key.value}`, (entry) => entryDraft(entry, scope, indexes));
      }),
  ];
}

const scopes: ReadonlyMap<string, string> = new Map([
  ['packages', 'dependencies'],
  ['dev-packages', 'group:dev'],
]);

function entryDraft({ key, value }: TableEntry, scope: string, indexes: ReadonlyMap<string, string>): readonly Draft[] {
  const table = value.kind === 'table' ? value : undefined;
  if (table?.isOpen === true) return [];
  if (table === undefined && value.kind !== 'text') {
    return [problemDraft(key.inner, 'requirement', `${key.value} needs a version: a text or a table.`)];
  }
  const span = spanOfEntry(key, value);
  const name = nameToken(key);
  const version = table === undefined ? (value as TextNode) : textAt(table, 'version');
  const specifier = version && readVersions(version, key.value);
  const marker = table && pipenvMarker(table);
  const problems =
    marker === 'unreadable' ? [problem(key.inner, 'marker', `The markers of ${key.value} cannot be read.`)] : [];
  const valid = marker === 'unreadable' ? undefined : marker;
  const elsewhere = table && pipenvElsewhere(table);
  const text = `${key.value} ${version?.value ?? ''} ${elsewhere?.location?.value ?? ''}`;
  if (version !== undefined && specifier === undefined) {
    const message = `"${version.value}" is no version specifier. Correct the one of ${key.value}.`;
    const content: Content = { kind: 'unread', text, span, name, message, scope, hasOwnIndex: false };
    return [{ span, content, problems: [...problems, problem(key.inner, 'requirement', message)] }];
  }
  const extras = extrasOf(table);
  const item: ItemFacts = {
    k: 'requirement',
    scope,
    name: key.value,
    nameSpan: key.inner,
    source: 'registry',
    ...extrasItem(extras),
    ...(valid && { marker: valid.normal }),
    ...(version && { written: version.value, ...(version.value !== '' && { specSpan: version.inner }) }),
    ...(specifier && { specifier: specifierText(specifier.clauses) }),
    ...(elsewhere && elsewhereItem(elsewhere)),
  };
  if (elsewhere !== undefined) {
    return [
      { span, problems, item, content: elsewhereContent(name, elsewhere, { text, scope, extras, marker: valid }) },
    ];
  }
  const index = textAt(table, 'index')?.value;
  const content: Content = {
    kind: 'index',
    text,
    scope,
    name,
    extras,
    hashes: [],
    hasOwnIndex: index !== undefined && !isPublicIndex(indexes.get(index) ?? index),
    ...(valid && { marker: valid }),
    ...(specifier && specifier.clauses.length > 0 && { specifier }),
  };
  return [{ span, problems, item, content }];
}

/** `*` is any version, a bare number is a pin. `undefined` where it is neither, nor clauses of PEP 440. */
function readVersions(node: TextNode, name: string): Specifier | undefined {
  const source = sourceOf(node);
  const text = source.text.trim();
  if (text === '' || text === '*') return { text: node.value, span: node.inner, clauses: [] };
  const start = source.text.length - source.text.trimStart().length;
  const isBare = /^\d/u.test(text);
  const read: SourceText = isBare ? withPin(source, start) : source;
  const end = read.text.trimEnd().length;
  const found = readSpecifier(read, start, end, name);
  if (isFault(found) || found.end < end || found.specifier === undefined) return undefined;
  return { ...found.specifier, text: node.value, span: node.inner };
}

/** The text with `==` before it, which takes no place. */
function withPin({ text, pieces }: SourceText, at: number): SourceText {
  const from = (pieces[0]?.from ?? 0) + at;
  return {
    text: `${text.slice(0, at)}==${text.slice(at)}`,
    pieces: [
      { start: 0, from: pieces[0]?.from ?? 0, to: from, verbatim: true },
      { start: at, from, to: from, verbatim: false },
      ...pieces.map((piece, index) =>
        index === 0 ? { ...piece, start: at + 2, from: piece.from + at } : { ...piece, start: piece.start + 2 },
      ),
    ],
  };
}
