import { entriesOf, itemsOf, nodeAt, tableOf, type TableNode, textAt } from '../../text/tree/tree.ts';
import type { LockShape, ShapedPackage } from '../reading/lock/lockShape.ts';
import type { LockEdge } from '../reading/lock/parents.ts';
import type { Elsewhere } from '../reading/tableDraft.ts';
import { lockFormat } from './lockFormat.ts';

const shape: LockShape = {
  list: 'package',
  oldList: 'distribution', // as uv called it before 0.4
  packageIn,
  membersIn: (root) =>
    itemsOf(nodeAt(root, 'manifest', 'members')).flatMap((node) => (node.kind === 'text' ? [node.value] : [])),
};

export const uvLockFormat = lockFormat(
  {
    id: 'uv.lock',
    matches: (path) => /(?:^|\/)uv\.lock$/iu.test(path),
    lockAgain: (...names) => `uv lock ${upgrading(names)}`,
  },
  shape,
);

/** `NAME.py.lock` beside a script, of `uv lock --script`. */
export const scriptLockFormat = lockFormat(
  {
    id: 'script.lock',
    matches: (path) => /(?:^|\/)[^/]+\.py\.lock$/iu.test(path),
    lockAgain: (...names) => `uv lock --script <script> ${upgrading(names)}`,
  },
  shape,
);

function upgrading(names: readonly string[]): string {
  return names.map((name) => `--upgrade-package ${name}`).join(' ');
}

function packageIn(table: TableNode): ShapedPackage {
  return {
    version: textAt(table, 'version'),
    elsewhere: elsewhereIn(table),
    isProject: isProject(table),
    isUnplaced: nodeAt(table, 'source') === undefined,
    index: indexIn(table),
    edges: edgesIn(table),
  };
}

/** What is from somewhere that nobody knows is not taken for a release of the public index. */
function indexIn(table: TableNode): string | undefined {
  const isSomewhere = nodeAt(table, 'source') !== undefined && elsewhereIn(table) === undefined;
  return textAt(table, 'source', 'registry')?.value ?? (isSomewhere ? '' : undefined);
}

function edgesIn(table: TableNode): readonly LockEdge[] {
  const lists = [
    nodeAt(table, 'dependencies'),
    ...entriesOf(nodeAt(table, 'optional-dependencies')).map(({ value }) => value),
    ...entriesOf(nodeAt(table, 'dev-dependencies')).map(({ value }) => value),
  ];
  return lists.flatMap(itemsOf).flatMap((edge) => {
    const child = textAt(edge, 'name');
    return child === undefined ? [] : [{ child: child.value, version: textAt(edge, 'version')?.value }];
  });
}

/** uv puts the project beside its lock among the packages, and in a workspace its members. */
function isProject(table: TableNode): boolean {
  return ['editable', 'virtual'].some((key) => textAt(table, 'source', key)?.value === '.');
}

const kinds = [
  ['git', 'git'],
  ['url', 'url'],
  ['path', 'path'],
  ['directory', 'path'],
  ['editable', 'editable'],
  ['virtual', 'workspace'],
] as const;

function elsewhereIn(table: TableNode): Elsewhere | undefined {
  const source = tableOf(nodeAt(table, 'source'));
  const kind = kinds.findLast(([key]) => source?.has(key) === true);
  return kind && { source: kind[1], location: textAt(table, 'source', kind[0]) };
}
