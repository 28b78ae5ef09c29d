import { readToml } from '../../text/toml/readToml.ts';
import { isTrue, itemsOf, nodeAt, type TableNode, textAt } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { type Elsewhere, isPublicIndex, markerOf } from '../reading/tableDraft.ts';
import { lockDraft, namelessDrafts, packagesIn, Parents } from '../reading/lockDraft.ts';
import { mainIndex } from '../reading/mainIndex.ts';

/** pylock.toml and pylock.NAME.toml (PEP 751). */
export const pylockFormat: ReadFormat = {
  id: 'pylock',
  matches: (path) => /(?:^|\/)pylock(?:\.[^./]+)?\.toml$/iu.test(path),
  read: readPylock,
  lockAgain: () => 'the command that made the file',
};

function readPylock(text: string): readonly Draft[] {
  const { root, faults } = readToml(text);
  const packages = packagesIn(nodeAt(root, 'packages'));
  const parents = new Parents();
  for (const { table, name } of packages) {
    for (const edge of itemsOf(nodeAt(table, 'dependencies'))) {
      const child = textAt(edge, 'name');
      if (child !== undefined) parents.add(name.value, child.value, textAt(edge, 'version')?.value);
    }
  }
  const main = mainIndex(packages.map(({ table }) => textAt(table, 'index')?.value));
  return [
    ...syntaxDrafts(faults),
    ...namelessDrafts(nodeAt(root, 'packages'), 'packages'),
    ...packages.map(({ table, name }) => {
      const version = textAt(table, 'version');
      const index = textAt(table, 'index')?.value;
      return lockDraft({
        name,
        version,
        elsewhere: elsewhereIn(table),
        hasOwnIndex: index !== undefined && index !== main && !isPublicIndex(index),
        via: parents.of(name.value, version?.value),
        marker: markerOf(textAt(table, 'marker')),
      });
    }),
  ];
}

function elsewhereIn(table: TableNode): Elsewhere | undefined {
  const locationIn = (key: string) => textAt(table, key, 'url') ?? textAt(table, key, 'path');
  if (nodeAt(table, 'vcs')?.kind === 'table') {
    const isGit = textAt(table, 'vcs', 'type')?.value === 'git';
    return {
      source: isGit ? 'git' : 'vcs',
      location: locationIn('vcs'),
      rev: textAt(table, 'vcs', 'commit-id')?.value,
    };
  }
  if (nodeAt(table, 'directory')?.kind === 'table') {
    const isEditable = isTrue(nodeAt(table, 'directory', 'editable'));
    return { source: isEditable ? 'editable' : 'path', location: textAt(table, 'directory', 'path') };
  }
  if (nodeAt(table, 'archive')?.kind === 'table') {
    const url = textAt(table, 'archive', 'url');
    return { source: url === undefined ? 'path' : 'url', location: locationIn('archive') };
  }
  return undefined;
}
