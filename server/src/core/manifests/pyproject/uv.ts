import { readToml } from '../../text/toml/readToml.ts';
import { isTrue, nodeAt, type TreeNode } from '../../text/tree/tree.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { entryDrafts, indexListDrafts, notBoolean, notList, textDrafts, wayDrafts } from '../reading/expected.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { uvSources, type UvSources, withUvSource } from '../reading/uvSources.ts';
import { listDrafts } from './listDrafts.ts';

/** uv.toml: of what `[tool.uv]` has, all but what is about one project. */
export const uvTomlFormat: ReadFormat = {
  id: 'uv',
  matches: (path) => /(?:^|\/)uv\.toml$/iu.test(path),
  read: (text) => {
    const { root, faults } = readToml(text);
    return [
      ...syntaxDrafts(faults),
      ...uvDrafts(root, uvSources(undefined)),
      ...indexListDrafts(nodeAt(root, 'index'), 'index'),
    ];
  },
};

/** What uv asks for beside the project: its own lists, and what it adds to the builds of other packages. */
export function uvDrafts(uv: TreeNode | undefined, sources: UvSources): readonly Draft[] {
  const noIndex = [nodeAt(uv, 'no-index'), nodeAt(uv, 'pip', 'no-index')].find(isTrue);
  return [
    ...(noIndex === undefined ? [] : [{ span: noIndex.span, isNoIndex: true } as const]),
    ...[nodeAt(uv, 'no-index'), nodeAt(uv, 'pip', 'no-index')].flatMap((node) => notBoolean(node, 'no-index')),
    ...wayDrafts(uv, [['pip']]),
    ...uvLists.flatMap(([key, scope]) => listDrafts(nodeAt(uv, key), scope, sources, key)),
    ...entryDrafts(nodeAt(uv, 'extra-build-dependencies'), 'extra-build-dependencies', ({ key, value }) =>
      unlisted(requirementListDrafts(value, `extra-build-dependencies.${key.value}`, sources)),
    ),
  ];
}

/** Texts, or tables with a text: `{ requirement = "torch", match-runtime = true }`. */
function requirementListDrafts(list: TreeNode, what: string, sources: UvSources): readonly Draft[] {
  if (list.kind !== 'list') return [notList(list, what)];
  const texts = list.items.map((one) => (one.kind === 'table' ? (nodeAt(one, 'requirement') ?? one) : one));
  return textDrafts({ ...list, items: texts }, what, (node) => [withUvSource(pep508Draft(node, 'build'), sources)]);
}

const uvLists = [
  ['dev-dependencies', 'group:dev'],
  ['constraint-dependencies', 'constraint'],
  ['override-dependencies', 'override'],
  ['build-constraint-dependencies', 'build-constraint'],
] as const;
