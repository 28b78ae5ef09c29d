import { readJson } from '../../text/json/readJson.ts';
import { isTrue, itemsOf, nodeAt, type TableNode, textAt, type TextNode } from '../../text/tree/tree.ts';
import { normalizeName } from '../../packages/packageName.ts';
import type { MarkerTree } from '../../markers/markerTree.ts';
import { isFault } from '../pep508/fault.ts';
import { readRequirement } from '../pep508/requirement.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { lockDraft } from '../reading/lockDraft.ts';
import { Parents } from '../reading/parents.ts';
import { problemDraft } from '../reading/problems.ts';
import type { Elsewhere } from '../reading/tableDraft.ts';

/**
 * The packages of an environment, as a list in JSON that the host makes of their metadata: `{"packages": [{"name", "version",
 * "requires": […], "isRequested", "source"?, "location"?}], "unread": […]}`.
 */
export const installedFormat: ReadFormat = {
  id: 'environment',
  matches: () => false,
  read: readInstalled,
  lockAgain: (name) => `python -m pip install --upgrade ${name}`,
};

function readInstalled(text: string): readonly Draft[] {
  const { root } = readJson(text);
  const packages = itemsOf(nodeAt(root, 'packages')).flatMap((table) => {
    const name = table.kind === 'table' ? textAt(table, 'name') : undefined;
    return table.kind === 'table' && name !== undefined ? [{ table, name, edges: edgesOf(table) }] : [];
  });
  const asked = extrasAskedFor(packages.flatMap(({ edges }) => edges));
  const parents = new Parents();
  for (const { name, edges } of packages) {
    const extras = asked.get(normalizeName(name.value)) ?? new Set<string>();
    for (const edge of edges) {
      if (edge.extra === undefined || extras.has(edge.extra)) parents.add(name.value, edge.child);
    }
  }
  return [
    ...itemsOf(nodeAt(root, 'unread')).flatMap((node) =>
      node.kind === 'text' ? [problemDraft(node.inner, 'requirement', node.value)] : [],
    ),
    ...packages.map(({ table, name }) => ({
      ...lockDraft({
        name,
        version: textAt(table, 'version'),
        scope: 'installed',
        elsewhere: elsewhereIn(table),
        via: parents.of(name.value, undefined),
      }),
      isDirect: isTrue(nodeAt(table, 'isRequested')),
    })),
  ];
}

interface Edge {
  readonly child: string;
  readonly extras: readonly string[];
  /** Only with this extra of the parent. */
  readonly extra: string | undefined;
}

function edgesOf(table: TableNode): readonly Edge[] {
  return itemsOf(nodeAt(table, 'requires')).flatMap((node) => (node.kind === 'text' ? (edgeOf(node) ?? []) : []));
}

function edgeOf({ value }: TextNode): Edge | undefined {
  const whole = { text: value, pieces: [{ start: 0, from: 0, to: value.length, verbatim: true }] };
  const read = readRequirement(whole, 0, value.length);
  if (isFault(read)) return undefined;
  return {
    child: read.name.normalized,
    extras: read.extras.map(({ normalized }) => normalized),
    extra: read.marker && extraIn(read.marker.tree),
  };
}

/** `extra == "x"` anywhere in it: what is besides decided whether the package is there at all. */
function extraIn(tree: MarkerTree): string | undefined {
  if (tree.kind !== 'compare') return tree.operands.map(extraIn).find((extra) => extra !== undefined);
  const { left, right } = tree;
  const isExtra = left.kind === 'variable' && left.name === 'extra' && right.kind === 'literal';
  return isExtra ? normalizeName(right.value) : undefined;
}

function extrasAskedFor(edges: readonly Edge[]): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>();
  for (const { child, extras } of edges) {
    const known = asked.get(child) ?? new Set();
    extras.forEach((extra) => known.add(extra));
    asked.set(child, known);
  }
  return asked;
}

function elsewhereIn(table: TableNode): Elsewhere | undefined {
  const source = textAt(table, 'source')?.value;
  const location = textAt(table, 'location');
  return source === 'git' || source === 'vcs' || source === 'url' || source === 'path' || source === 'editable'
    ? { source, location }
    : undefined;
}
