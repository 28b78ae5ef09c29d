import { entriesOf, isTrue, itemsOf, nodeAt, type TableNode, textAt } from '../../text/tree/tree.ts';
import type { ShapedPackage } from '../reading/lock/lockShape.ts';
import { type Elsewhere, markerOf } from '../reading/tableDraft.ts';
import { lockFormat } from './lockFormat.ts';

export const poetryLockFormat = lockFormat(
  {
    id: 'poetry.lock',
    matches: (path) => /(?:^|\/)[^/]*poetry[^/]*\.lock$/iu.test(path),
    lockAgain: (...names) => `poetry update ${names.join(' ')}`,
  },
  {
    list: 'package',
    packageIn,
  },
);

function packageIn(table: TableNode): ShapedPackage {
  return {
    version: textAt(table, 'version'),
    elsewhere: elsewhereIn(table),
    groups: groupsOf(table),
    marker: markerOf(textAt(table, 'markers')),
    index: ownIndex(table) ?? pypi,
    edges: entriesOf(nodeAt(table, 'dependencies')).map(({ key }) => ({ child: key.value })),
  };
}

const pypi = 'https://pypi.org/simple';

/** Poetry says so of an index that is not PyPI. What is from somewhere that nobody knows is not taken for a release of PyPI. */
function ownIndex(table: TableNode): string | undefined {
  if (nodeAt(table, 'source') === undefined || elsewhereIn(table) !== undefined) return undefined;
  return textAt(table, 'source', 'type')?.value === 'legacy' ? (textAt(table, 'source', 'url')?.value ?? '') : '';
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
