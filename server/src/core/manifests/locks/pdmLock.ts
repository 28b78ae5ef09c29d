import { readToml } from '../../text/toml/readToml.ts';
import { isTrue, itemsOf, nodeAt, type TableNode, textAt, type TreeNode } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { type Elsewhere, markerOf } from '../reading/tableDraft.ts';
import { lockDraft, namelessDrafts, packagesIn, Parents } from '../reading/lockDraft.ts';

export const pdmLockFormat: ReadFormat = {
  id: 'pdm.lock',
  matches: (path) => /(?:^|\/)pdm[^/]*\.lock$/iu.test(path),
  read: readPdmLock,
  lockAgain: (...names) => `pdm update ${names.join(' ')}`,
};

function readPdmLock(text: string): readonly Draft[] {
  const { root, faults } = readToml(text);
  const packages = packagesIn(nodeAt(root, 'package'));
  const parents = new Parents();
  for (const { table, name } of packages) {
    for (const edge of textsIn(nodeAt(table, 'dependencies'))) {
      const child = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/u.exec(edge)?.[1];
      if (child !== undefined) parents.add(name.value, child);
    }
  }
  return [
    ...syntaxDrafts(faults),
    ...namelessDrafts(nodeAt(root, 'package'), 'package'),
    ...packages.map(({ table, name }) =>
      lockDraft({
        name,
        version: textAt(table, 'version'),
        elsewhere: elsewhereIn(table),
        via: parents.of(name.value, undefined),
        groups: [...textsIn(nodeAt(table, 'groups'))].sort(),
        extras: textsIn(nodeAt(table, 'extras')),
        marker: markerOf(textAt(table, 'marker')),
      }),
    ),
  ];
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
