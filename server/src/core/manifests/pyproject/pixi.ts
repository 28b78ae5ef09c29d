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
import { shownText } from '../shownText.ts';
import type { Specifier } from '../requirement.ts';
import { condaDraft } from '../reading/condaDraft.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import { entryDrafts, notTable } from '../reading/expected.ts';
import { type KeyedFormat, keyedDrafts } from '../reading/keyedEntry.ts';
import { problem } from '../reading/problems.ts';
import { elsewhereOf, isPublicIndex, markerOf, spanOfEntry } from '../reading/tableDraft.ts';

/** The packages that Pixi installs; those of conda are skipped. `pixi` is `[tool.pixi]`, or all of pixi.toml. */
export function pixiDrafts(pixi: TreeNode | undefined): readonly Draft[] {
  const targets = (table: TreeNode | undefined, scope: string): readonly Draft[] => [
    ...packageDrafts(table, scope || 'dependencies'),
    ...entryDrafts(nodeAt(table, 'target'), 'target', ({ key, value }) =>
      packageDrafts(value, `${scope && `${scope}/`}target:${shownText({ text: key.value })}`),
    ),
  ];
  return [
    ...targets(pixi, ''),
    ...packageDrafts(nodeAt(pixi, 'package'), 'dependencies'),
    ...['extra-dependencies', 'run-exports'].flatMap((name) =>
      entryDrafts(nodeAt(pixi, 'package', name), name, ({ key, value }) =>
        key.value.endsWith('-constraints') ? [] : condaDrafts(value, key.value, 'build'),
      ),
    ),
    ...entryDrafts(nodeAt(pixi, 'feature'), 'feature', ({ key, value }) =>
      targets(value, `feature:${shownText({ text: key.value })}`),
    ),
    // The environments that are lists name features.
    ...entriesOf(nodeAt(pixi, 'environments')).flatMap(({ key, value }) =>
      value.kind === 'table' ? targets(value, `env:${key.value}`) : [],
    ),
  ];
}

function packageDrafts(table: TreeNode | undefined, scope: string): readonly Draft[] {
  if (table !== undefined && table.kind !== 'table') return [notTable(table, scope)];
  return [
    ...entryDrafts(nodeAt(table, 'pypi-dependencies'), 'pypi-dependencies', (entry) =>
      keyedDrafts(entry, scope, pixiEntries),
    ),
    ...entryDrafts(nodeAt(table, 'pypi-options', 'dependency-overrides'), 'dependency-overrides', (entry) =>
      unlisted(keyedDrafts(entry, 'override', pixiEntries)),
    ),
    ...condaTables.flatMap((name) => condaDrafts(nodeAt(table, name), name, name === 'dependencies' ? scope : 'build')),
  ];
}

const condaTables = ['dependencies', 'host-dependencies', 'build-dependencies', 'run-dependencies'];

/** The entries of a table of conda packages; `"if(linux)"` in it is a table of those that a condition asks for. */
function condaDrafts(table: TreeNode | undefined, what: string, scope: string): readonly Draft[] {
  return entryDrafts(table, what, (entry) =>
    /^if\(.*\)$/su.test(entry.key.value)
      ? entryDrafts(entry.value, entry.key.value, (one) => [condaEntry(one, scope)])
      : [condaEntry(entry, scope)],
  );
}

function condaEntry({ key, value }: TableEntry, scope: string): Draft {
  const version = value.kind === 'text' ? value : textAt(value, 'version');
  return condaDraft(spanOfEntry(key, value), `${key.value} ${version?.value ?? ''}`.trim(), scope);
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

const pixiEntries: KeyedFormat = {
  versionOf: (node, name) => (node.value.trim() === '*' ? 'any' : readClauses(node, name)),
  markerOf: (table, key) => {
    const node = nodeAt(table, 'env-markers');
    const marker = markerOf(textAt(table, 'env-markers'));
    return marker ?? (node && problem(node.span, 'marker', `The marker of ${key.value} cannot be read.`));
  },
  elsewhereOf,
  isOwnIndex: (index) => !isPublicIndex(index),
};
