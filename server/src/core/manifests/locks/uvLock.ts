import { isPublicIndex } from '../reading/tableDraft.ts';
import { readToml } from '../../text/toml/readToml.ts';
import { entriesOf, itemsOf, nodeAt, tableOf, type TableNode, textAt } from '../../text/tree/tree.ts';
import { normalizeName } from '../../packages/packageName.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import type { Elsewhere } from '../reading/tableDraft.ts';
import { mainIndex } from '../reading/mainIndex.ts';
import { lockDraft, namelessDrafts, packagesIn, Parents } from '../reading/lockDraft.ts';

export const uvLockFormat: ReadFormat = {
  id: 'uv.lock',
  matches: (path) => /(?:^|\/)uv\.lock$/iu.test(path),
  read: readUvLock,
  lockAgain: (...names) => `uv lock ${names.map((name) => `--upgrade-package ${name}`).join(' ')}`,
};

function readUvLock(text: string): readonly Draft[] {
  const { root, faults } = readToml(text);
  const list = nodeAt(root, 'package') ?? nodeAt(root, 'distribution'); // as uv called it before 0.4
  const packages = packagesIn(list);
  const parents = new Parents();
  for (const { table, name } of packages) {
    const lists = [
      nodeAt(table, 'dependencies'),
      ...entriesOf(nodeAt(table, 'optional-dependencies')).map(({ value }) => value),
      ...entriesOf(nodeAt(table, 'dev-dependencies')).map(({ value }) => value),
    ];
    for (const edge of lists.flatMap(itemsOf)) {
      const child = textAt(edge, 'name');
      if (child !== undefined) parents.add(name.value, child.value, textAt(edge, 'version')?.value);
    }
  }
  const members = new Set(
    itemsOf(nodeAt(root, 'manifest', 'members')).flatMap((node) =>
      node.kind === 'text' ? [normalizeName(node.value)] : [],
    ),
  );
  const main = mainIndex(packages.map(({ table }) => textAt(table, 'source', 'registry')?.value));
  return [
    ...syntaxDrafts(faults),
    ...namelessDrafts(list, 'package'),
    ...packages.map(({ table, name }) => {
      const version = textAt(table, 'version');
      const registry = textAt(table, 'source', 'registry')?.value;
      return lockDraft({
        name,
        version,
        elsewhere: elsewhereIn(table),
        isProject: isProject(table) || members.has(normalizeName(name.value)),
        isUnplaced: nodeAt(table, 'source') === undefined,
        hasOwnIndex: registry !== undefined && registry !== main && !isPublicIndex(registry),
        via: parents.of(name.value, version?.value),
      });
    }),
  ];
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
