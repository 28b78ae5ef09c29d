import { normalizeName, type PackageName } from '../../packages/packageName.ts';
import { readToml } from '../../text/toml/readToml.ts';
import { entriesOf, itemsOf, nodeAt, textAt, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { dynamicDraft, syntaxDrafts } from '../reading/problems.ts';
import { uvSources, type UvSources, withUvSource } from '../reading/uvSources.ts';
import { groupDrafts } from './groups.ts';
import { pdmDrafts } from './pdm.ts';
import { pixiDrafts } from './pixi.ts';
import { poetryDrafts } from './poetry.ts';

/** pyproject.toml: the tables of the standards, and those of uv, Poetry, PDM, Hatch, Pixi, Flit and Rye. */
export const pyprojectFormat: ReadFormat = {
  id: 'pyproject',
  matches: (path) => /(?:^|\/)pyproject\.toml$/iu.test(path),
  read: readPyproject,
};

/** pixi.toml: the same as `[tool.pixi]`. */
export const pixiFormat: ReadFormat = {
  id: 'pixi',
  matches: (path) => /(?:^|\/)pixi\.toml$/iu.test(path),
  read: (text) => {
    const { root, faults } = readToml(text);
    return [...syntaxDrafts(faults), ...pixiDrafts(root)];
  },
};

function readPyproject(text: string): readonly Draft[] {
  const { root, faults } = readToml(text);
  const tool = nodeAt(root, 'tool');
  const uv = nodeAt(tool, 'uv');
  const sources = uvSources(uv);
  const project = projectDrafts(root, sources);
  const declared = new Set(
    project.flatMap(({ item }): readonly PackageName[] => (item?.name === undefined ? [] : [normalizeName(item.name)])),
  );
  return [
    ...syntaxDrafts(faults),
    ...project,
    ...dynamicDrafts(root),
    ...groupDrafts(nodeAt(root, 'dependency-groups'), sources),
    ...uvLists.flatMap(([key, scope]) => listDrafts(nodeAt(uv, key), scope, sources)),
    ...poetryDrafts(nodeAt(tool, 'poetry'), declared),
    ...pdmDrafts(nodeAt(tool, 'pdm')),
    ...hatchDrafts(nodeAt(tool, 'hatch')),
    ...pixiDrafts(nodeAt(tool, 'pixi')),
    ...listDrafts(nodeAt(tool, 'rye', 'dev-dependencies'), 'group:dev', sources),
    ...listDrafts(nodeAt(tool, 'flit', 'metadata', 'requires'), 'dependencies', sources),
    ...entriesOf(nodeAt(tool, 'flit', 'metadata', 'requires-extra')).flatMap(({ key, value }) =>
      listDrafts(value, `optional:${key.value}`, sources),
    ),
  ];
}

const uvLists = [
  ['dev-dependencies', 'group:dev'],
  ['constraint-dependencies', 'constraint'],
  ['override-dependencies', 'override'],
  ['build-constraint-dependencies', 'build-constraint'],
] as const;

function projectDrafts(root: TreeNode | undefined, sources: UvSources): readonly Draft[] {
  return [
    ...listDrafts(nodeAt(root, 'project', 'dependencies'), 'dependencies', sources),
    ...entriesOf(nodeAt(root, 'project', 'optional-dependencies')).flatMap(({ key, value }) =>
      listDrafts(value, `optional:${key.value}`, sources),
    ),
    ...listDrafts(nodeAt(root, 'build-system', 'requires'), 'build', sources),
  ];
}

function listDrafts(list: TreeNode | undefined, scope: string, sources: UvSources): readonly Draft[] {
  return itemsOf(list).flatMap((node) =>
    node.kind === 'text' ? [withUvSource(pep508Draft(node, scope), sources)] : [],
  );
}

/**
 * What the build backend fills in: the files that setuptools reads are included, the tables of Poetry are in this file, and
 * what else there is only a run of the backend knows.
 */
function dynamicDrafts(root: TreeNode | undefined): readonly Draft[] {
  const setuptools = nodeAt(root, 'tool', 'setuptools', 'dynamic');
  const files = [
    ...filesOf(nodeAt(setuptools, 'dependencies', 'file'), 'dependencies'),
    ...entriesOf(nodeAt(setuptools, 'optional-dependencies')).flatMap(({ key, value }) =>
      filesOf(nodeAt(value, 'file'), `optional:${key.value}`),
    ),
  ];
  const dynamic = itemsOf(nodeAt(root, 'project', 'dynamic')).filter((node): node is TextNode => node.kind === 'text');
  const isFilled: Readonly<Record<string, boolean>> = {
    dependencies: nodeAt(setuptools, 'dependencies') !== undefined || nodeAt(root, 'tool', 'poetry') !== undefined,
    'optional-dependencies':
      nodeAt(setuptools, 'optional-dependencies') !== undefined || nodeAt(root, 'tool', 'poetry') !== undefined,
  };
  const backend = textAt(root, 'build-system', 'build-backend')?.value ?? 'the build backend';
  return [
    ...files,
    ...dynamic
      .filter(({ value }) => isFilled[value] === false)
      .map(({ inner, value }) =>
        dynamicDraft(
          inner,
          value,
          value,
          `The ${value.replace('-', ' ')} are dynamic: only a run of ${backend.slice(0, 60)} knows them.`,
        ),
      ),
  ];
}

function filesOf(node: TreeNode | undefined, scope: string): readonly Draft[] {
  const names = node?.kind === 'list' ? node.items : node === undefined ? [] : [node];
  return names.flatMap((name) =>
    name.kind === 'text'
      ? [
          {
            span: name.inner,
            content: { kind: 'include', text: name.value, target: { text: name.value, span: name.inner } },
            item: { k: 'include', scope, location: name.value },
          } as const,
        ]
      : [],
  );
}

/** Environments of Hatch, and what its build hooks need. */
function hatchDrafts(hatch: TreeNode | undefined): readonly Draft[] {
  const none = uvSources(undefined);
  return [
    ...entriesOf(nodeAt(hatch, 'envs')).flatMap(({ key, value }) =>
      ['dependencies', 'extra-dependencies'].flatMap((list) =>
        listDrafts(nodeAt(value, list), `env:${key.value}`, none),
      ),
    ),
    ...buildDrafts(nodeAt(hatch, 'build'), 0),
  ];
}

// `[tool.hatch.build.targets.wheel.hooks.custom]` is the deepest that there is.
const deepestBuild = 8;

function buildDrafts(node: TreeNode | undefined, depth: number): readonly Draft[] {
  return entriesOf(node).flatMap(({ key, value }): readonly Draft[] =>
    key.value === 'dependencies'
      ? listDrafts(value, 'build', uvSources(undefined))
      : depth < deepestBuild
        ? buildDrafts(value, depth + 1)
        : [],
  );
}
