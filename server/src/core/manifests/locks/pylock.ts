import { isTrue, itemsOf, nodeAt, type TableNode, textAt } from '../../text/tree/tree.ts';
import type { ShapedPackage } from '../reading/lock/lockShape.ts';
import { type Elsewhere, markerOf } from '../reading/tableDraft.ts';
import { lockFormat } from './lockFormat.ts';

/** pylock.toml and pylock.NAME.toml (PEP 751). */
export const pylockFormat = lockFormat(
  {
    id: 'pylock',
    matches: (path) => /(?:^|\/)pylock(?:\.[^./]+)?\.toml$/iu.test(path),
    lockAgain: () => 'the command that made the file',
  },
  {
    list: 'packages',
    packageIn,
  },
);

function packageIn(table: TableNode): ShapedPackage {
  return {
    version: textAt(table, 'version'),
    elsewhere: elsewhereIn(table),
    marker: markerOf(textAt(table, 'marker')),
    index: textAt(table, 'index')?.value,
    edges: itemsOf(nodeAt(table, 'dependencies')).flatMap((edge) => {
      const child = textAt(edge, 'name');
      return child === undefined ? [] : [{ child: child.value, version: textAt(edge, 'version')?.value }];
    }),
  };
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
