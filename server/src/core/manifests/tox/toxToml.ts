import { readToml } from '../../text/toml/readToml.ts';
import { sliceSource } from '../../text/sourceText.ts';
import {
  entriesOf,
  nodeAt,
  sourceOf,
  type TableNode,
  textAt,
  type TextNode,
  type TreeNode,
} from '../../text/tree/tree.ts';
import { shortText } from '../shownText.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { entryDrafts, isNothing, notList, notTable } from '../reading/expected.ts';
import { dynamicDraft, problemDraft, syntaxDrafts } from '../reading/problems.ts';
import { commandKeys, commandListDrafts } from './toxCommands.ts';
import { toxIniDrafts } from './toxIni.ts';
import { toxLineDrafts } from './toxLine.ts';

export const toxTomlFormat: ReadFormat = {
  id: 'tox.toml',
  matches: (path) => /(?:^|\/)tox\.toml$/iu.test(path),
  read: (text) => {
    const { root, faults } = readToml(text);
    return [...syntaxDrafts(faults), ...toxTableDrafts(root)];
  },
};

/** `[tool.tox]` of pyproject.toml; what is wrong with the file itself is said by who reads the rest of it. */
export function toxInPyproject(text: string): readonly Draft[] {
  if (!text.includes('tox')) return [];
  const tox = nodeAt(readToml(text).root, 'tool', 'tox');
  const ini = textAt(tox, 'legacy_tox_ini');
  return ini === undefined ? toxTableDrafts(tox) : toxIniDrafts(sourceOf(ini));
}

function toxTableDrafts(tox: TreeNode | undefined): readonly Draft[] {
  if (!isNothing(tox) && tox.kind !== 'table') return [notTable(tox, 'tox')];
  return [
    ...depsDrafts(nodeAt(tox, 'requires'), 'env:tox', tox),
    ...['env_run_base', 'env_pkg_base'].flatMap((base) => envDrafts(nodeAt(tox, base), base, tox)),
    ...['env', 'env_base'].flatMap((table) =>
      entryDrafts(nodeAt(tox, table), table, ({ key, value }) => envDrafts(value, key.value, tox)),
    ),
  ];
}

function envDrafts(env: TreeNode | undefined, name: string, tox: TreeNode | undefined): readonly Draft[] {
  if (isNothing(env)) return [];
  return env.kind === 'table'
    ? [
        ...depsDrafts(nodeAt(env, 'deps'), `env:${name}`, tox),
        ...commandKeys.flatMap((key) => commandListDrafts(nodeAt(env, key), `env:${name}`)),
      ]
    : [notTable(env, name)];
}

/** A list of lines of pip, one text of such lines, or a table that stands for one. */
function depsDrafts(deps: TreeNode | undefined, scope: string, tox: TreeNode | undefined): readonly Draft[] {
  if (isNothing(deps)) return [];
  switch (deps.kind) {
    case 'text':
      return linesDrafts(deps, scope);
    case 'list':
      return deps.items.flatMap((one) => (one.kind === 'list' ? [notEntry(one)] : depsDrafts(one, scope, tox)));
    case 'table':
      return replaceDrafts(deps, scope, tox);
    case 'other':
      return [notList(deps, 'deps')];
  }
}

function notEntry({ span }: TreeNode): Draft {
  return problemDraft(span, 'requirement', 'An entry of deps is no text and no table, so it is not read.');
}

function linesDrafts(node: TextNode, scope: string): readonly Draft[] {
  const source = sourceOf(node);
  return [...source.text.matchAll(/[^\r\n]+/gu)].flatMap(({ 0: line, index }) =>
    toxLineDrafts(sliceSource(source, index, index + line.length), scope),
  );
}

/** `{ replace = "ref", of = ["env_run_base", "deps"], extend = true }` and its like. */
function replaceDrafts(table: TableNode, scope: string, tox: TreeNode | undefined): readonly Draft[] {
  const [first] = entriesOf(table);
  if (first === undefined) return [];
  const span = { start: first.key.span.start, end: Math.max(first.value.span.end, first.key.span.end) };
  const by = textAt(table, 'replace')?.value;
  // What is there in either case is read.
  const written = ['then', 'else', 'default'].flatMap((key) => depsDrafts(nodeAt(table, key), scope, tox));
  if (by === 'if') return written;
  if (by === 'ref' && isReadElsewhere(table, tox)) return written;
  if (by === undefined) {
    const message = 'A table in deps has to say what it is replaced by (replace = …), so it is not read.';
    return [problemDraft(span, 'requirement', message)];
  }
  const text = `replace = "${by}"`;
  return [
    dynamicDraft(span, text, scope, `"${shortText(text)}" is filled in by tox: only a run of it knows.`),
    ...written,
  ];
}

/** Whether a reference leads to `deps` of an environment that is read at its own place. */
function isReadElsewhere(table: TableNode, tox: TreeNode | undefined): boolean {
  const of = nodeAt(table, 'of');
  const path = of?.kind === 'list' ? of.items.flatMap((one) => (one.kind === 'text' ? [one.value] : [])) : [];
  const [env, key] = [textAt(table, 'env')?.value, textAt(table, 'key')?.value];
  const keys = of === undefined && env !== undefined && key !== undefined ? ['env', env, key] : path;
  const isDeps = keys.at(-1) === 'deps' || (keys.length === 1 && keys[0] === 'requires');
  const isRead = /^(?:env_run_base|env_pkg_base|env|env_base|requires)$/u.test(keys[0] ?? '');
  return isDeps && isRead && nodeAt(tox, ...keys) !== undefined;
}
