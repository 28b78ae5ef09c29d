import { isTrue, itemsOf, nodeAt, type TableNode, textAt, type TreeNode } from '../../text/tree/tree.ts';
import type { ShapedPackage } from '../reading/lock/lockShape.ts';
import { type Elsewhere, markerOf } from '../reading/tableDraft.ts';
import { lockFormat } from './lockFormat.ts';

export const pdmLockFormat = lockFormat(
  {
    id: 'pdm.lock',
    matches: (path) => /(?:^|\/)pdm[^/]*\.lock$/iu.test(path),
    lockAgain: (...names) => `pdm update ${names.join(' ')}`,
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
    groups: [...textsIn(nodeAt(table, 'groups'))].sort(),
    extras: textsIn(nodeAt(table, 'extras')),
    marker: markerOf(textAt(table, 'marker')),
    edges: textsIn(nodeAt(table, 'dependencies')).flatMap((edge) => {
      const child = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/u.exec(edge)?.[1];
      return child === undefined ? [] : [{ child }];
    }),
  };
}

function textsIn(list: TreeNode | undefined): readonly string[] {
  return itemsOf(list).flatMap((node) => (node.kind === 'text' ? [node.value] : []));
}

function elsewhereIn(table: TableNode): Elsewhere | undefined {
  const [git, hg, path, url] = ['git', 'hg', 'path', 'url'].map((key) => textAt(table, key));
  if (git !== undefined) return { source: 'git', location: git, rev: textAt(table, 'revision')?.value };
  if (hg !== undefined) return { source: 'vcs', location: hg };
  if (path !== undefined) return { source: isTrue(nodeAt(table, 'editable')) ? 'editable' : 'path', location: path };
  return url && { source: 'url', location: url };
}
