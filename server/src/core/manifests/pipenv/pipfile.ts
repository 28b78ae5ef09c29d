import { readToml } from '../../text/toml/readToml.ts';
import { normalizeName } from '../../packages/packageName.ts';
import { entriesOf, itemsOf, nodeAt, sourceOf, type TableEntry, textAt, type TextNode } from '../../text/tree/tree.ts';
import type { SourceText } from '../../text/sourceText.ts';
import { isFault } from '../pep508/fault.ts';
import { readSpecifier } from '../pep508/specifiers.ts';
import type { NameToken, Specifier } from '../requirement.ts';
import { entryDrafts, indexListDrafts } from '../reading/expected.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { type KeyedFormat, keyedDrafts } from '../reading/keyedEntry.ts';
import { problem, syntaxDrafts } from '../reading/problems.ts';
import { extrasItem, isPublicIndex } from '../reading/tableDraft.ts';
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
  const format = entriesWith(indexes);
  return [
    ...syntaxDrafts(faults),
    ...indexListDrafts(nodeAt(root, 'source'), 'source'),
    ...entriesOf(root)
      .filter(({ key }) => !otherTables.has(key.value))
      .flatMap(({ key, value }) => {
        const scope = scopes.get(key.value) ?? `group:${key.value}`;
        return entryDrafts(value, key.value, (entry) => pipenvDrafts(entry, scope, format));
      }),
  ];
}

/** Pipenv takes extras in the name, too: `"flask[async]" = "*"`. */
function pipenvDrafts({ key, value }: TableEntry, scope: string, format: KeyedFormat): readonly Draft[] {
  const [, name, list] = /^([^[\]]*)\[([^[\]]*)\]$/u.exec(key.value) ?? [];
  const { start, end } = key.inner;
  if (name === undefined || list === undefined || end - start !== key.value.length) {
    return keyedDrafts({ key, value }, scope, format);
  }
  const nameNode = { ...key, value: name, inner: { start, end: start + name.length } };
  const added = [...list.matchAll(/[^\s,]+/gu)].map(({ 0: text, index }): NameToken => {
    const at = start + name.length + 1 + index;
    return { text, normalized: normalizeName(text), span: { start: at, end: at + text.length } };
  });
  return keyedDrafts({ key: nameNode, value }, scope, format).map((draft) => {
    const { content, item } = draft;
    const known = content !== undefined && 'extras' in content ? content.extras : [];
    const extras = [...added, ...known.filter(({ normalized }) => added.every((one) => one.normalized !== normalized))];
    return {
      ...draft,
      ...(content !== undefined && 'extras' in content && { content: { ...content, extras } }),
      ...(item && { item: { ...item, ...extrasItem(extras) } }),
    };
  });
}

const scopes: ReadonlyMap<string, string> = new Map([
  ['packages', 'dependencies'],
  ['dev-packages', 'group:dev'],
]);

function entriesWith(indexes: ReadonlyMap<string, string>): KeyedFormat {
  return {
    versionOf: readVersions,
    markerOf: (table, key) => {
      const marker = pipenvMarker(table);
      return marker === 'unreadable'
        ? problem(key.inner, 'marker', `The markers of ${key.value} cannot be read.`)
        : marker;
    },
    elsewhereOf: pipenvElsewhere,
    isOwnIndex: (index) => !isPublicIndex(indexes.get(index) ?? index),
  };
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
