import type { MarkerValues } from '../../markers/holdsIn.ts';
import { readJson } from '../../text/json/readJson.ts';
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
import { normalizeName } from '../../packages/packageName.ts';
import type { TreeNeed } from '../lockedTree.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { lockDraft } from '../reading/lock/lockDraft.ts';
import { Parents } from '../reading/lock/parents.ts';
import { problemDraft } from '../reading/problems.ts';
import type { Elsewhere } from '../reading/tableDraft.ts';
import { neededBy } from '../pep508/neededBy.ts';

/**
 * The packages of an environment, as a list in JSON that the host makes of their metadata: `{"markers": {…}, "extras": {"name":
 * […]}, "ownIndex": […], "packages": [{"name", "version", "requires": […], "isRequested", "source"?, "location"?}], "unread":
 * […]}`. `markers` is what the variables of markers stand for there, `extras` what the manifests ask for, and `ownIndex` has the
 * names for which they have an index of their own; each may be absent.
 */
export const installedFormat: ReadFormat = {
  id: 'environment',
  matches: () => false,
  read: readInstalled,
  lockAgain: (...names) => `python -m pip install --upgrade ${names.join(' ')}`,
};

function readInstalled(text: string): readonly Draft[] {
  const { root } = readJson(text);
  const values = markersIn(root);
  const packages = itemsOf(nodeAt(root, 'packages')).flatMap((table) => {
    const name = table.kind === 'table' ? textAt(table, 'name') : undefined;
    return table.kind === 'table' && name !== undefined ? [{ table, name, needs: needsOf(table, values) }] : [];
  });
  const asked = extrasAskedFor([...extrasIn(root), ...packages.flatMap(({ needs }) => needs)]);
  const ownIndex = new Set(textsOf(nodeAt(root, 'ownIndex')).map(({ value }) => normalizeName(value)));
  const parents = new Parents();
  for (const { name, needs } of packages) {
    const extras = asked.get(normalizeName(name.value)) ?? new Set<string>();
    for (const need of needs) {
      if (need.extra === undefined || extras.has(need.extra)) parents.add(name.value, need.name);
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
        hasOwnIndex: ownIndex.has(normalizeName(name.value)),
        via: parents.of(name.value, undefined),
      }),
      isDirect: isTrue(nodeAt(table, 'isRequested')),
    })),
  ];
}

function needsOf(table: TableNode, values: MarkerValues): readonly TreeNeed[] {
  return textsOf(nodeAt(table, 'requires')).flatMap(({ value }) => neededBy(value, values));
}

function markersIn(root: TreeNode | undefined): MarkerValues {
  const entries = entriesOf(nodeAt(root, 'markers'));
  return new Map(entries.flatMap(({ key, value }) => (value.kind === 'text' ? [[key.value, value.value]] : [])));
}

function extrasIn(root: TreeNode | undefined): readonly TreeNeed[] {
  return entriesOf(nodeAt(root, 'extras')).map(({ key, value }) => ({
    name: normalizeName(key.value),
    extras: textsOf(value).map((extra) => normalizeName(extra.value)),
  }));
}

function textsOf(list: TreeNode | undefined): readonly TextNode[] {
  return itemsOf(list).flatMap((node) => (node.kind === 'text' ? [node] : []));
}

function extrasAskedFor(needs: readonly TreeNeed[]): ReadonlyMap<string, ReadonlySet<string>> {
  const asked = new Map<string, Set<string>>();
  for (const { name, extras = [] } of needs) {
    if (extras.length === 0) continue;
    const known = asked.get(name) ?? new Set();
    extras.forEach((extra) => known.add(extra));
    asked.set(name, known);
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
