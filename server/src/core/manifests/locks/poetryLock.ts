import { readToml } from '../../text/toml/readToml.ts';
import { entriesOf, isTrue, itemsOf, nodeAt, type TableNode, textAt } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { type Elsewhere, isPublicIndex, markerOf } from '../reading/tableDraft.ts';
import { lockDraft, namelessDrafts, packagesIn, Parents } from '../reading/lockDraft.ts';
import { mainIndex } from '../reading/mainIndex.ts';

export const poetryLockFormat: ReadFormat = {
  id: 'poetry.lock',
  matches: (path) => /(?:^|\/)[^/]*poetry[^/]*\.lock$/iu.test(path),
  read: readPoetryLock,
  lockAgain: (...names) => `poetry update ${names.join(' ')}`,
};

function readPoetryLock(text: string): readonly Draft[] {
  const { root, faults } = readToml(text);
  const packages = packagesIn(nodeAt(root, 'package'));
  const parents = new Parents();
  for (const { table, name } of packages) {
    for (const { key } of entriesOf(nodeAt(table, 'dependencies'))) parents.add(name.value, key.value);
  }
  const indexes = packages.map(({ table }) => ownIndex(table));
  const main = mainIndex(indexes.map((url) => url ?? pypi));
  return [
    ...syntaxDrafts(faults),
    ...namelessDrafts(nodeAt(root, 'package'), 'package'),
    ...packages.map(({ table, name }, at) => {
      const index = indexes[at];
      return lockDraft({
        name,
        version: textAt(table, 'version'),
        elsewhere: elsewhereIn(table),
        hasOwnIndex: index !== undefined && index !== main && !isPublicIndex(index),
        via: parents.of(name.value, undefined),
        groups: groupsOf(table),
        marker: markerOf(textAt(table, 'markers')),
      });
    }),
  ];
}

const pypi = 'https://pypi.org/simple';

/** Poetry says so of an index that is not PyPI. */
function ownIndex(table: TableNode): string | undefined {
  return textAt(table, 'source', 'type')?.value === 'legacy'
    ? (textAt(table, 'source', 'url')?.value ?? '')
    : undefined;
}

function elsewhereIn(table: TableNode): Elsewhere | undefined {
  const location = textAt(table, 'source', 'url');
  switch (textAt(table, 'source', 'type')?.value) {
    case 'git':
      return { source: 'git', location, rev: textAt(table, 'source', 'resolved_reference')?.value };
    case 'url':
      return { source: 'url', location };
    case 'file':
      return { source: 'path', location };
    case 'directory':
      return { source: isTrue(nodeAt(table, 'develop')) ? 'editable' : 'path', location };
    default:
      return undefined;
  }
}

function groupsOf(table: TableNode): readonly string[] {
  const groups = nodeAt(table, 'groups');
  if (groups?.kind === 'list')
    return itemsOf(groups)
      .flatMap((node) => (node.kind === 'text' ? [node.value] : []))
      .sort();
  const category = textAt(table, 'category')?.value;
  return category === undefined ? [] : [category];
}
