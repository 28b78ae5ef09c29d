import { normalizeName, type PackageName } from '../../packages/packageName.ts';
import { readToml } from '../../text/toml/readToml.ts';
import { nodeAt, textAt, type TreeNode } from '../../text/tree/tree.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { entryDrafts, wayDrafts } from '../reading/expected.ts';
import { withoutOwnExtras } from '../reading/ownExtras.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { sourceDrafts, uvSources, type UvSources } from '../reading/uvSources.ts';
import { cibuildwheelDrafts } from './cibuildwheel.ts';
import { dynamicDrafts } from './dynamic.ts';
import { groupDrafts } from './groups.ts';
import { hatchDrafts } from './hatch.ts';
import { listDrafts } from './listDrafts.ts';
import { pdmDrafts } from './pdm.ts';
import { pixiDrafts } from './pixi.ts';
import { poetryDrafts } from './poetry.ts';
import { uvDrafts } from './uv.ts';

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
  const drafts = [
    ...syntaxDrafts(faults),
    ...wayDrafts(root, tables),
    ...project,
    ...dynamicDrafts(root, sources),
    ...groupDrafts(nodeAt(root, 'dependency-groups'), sources),
    ...uvDrafts(uv, sources),
    ...sourceDrafts(uv),
    ...poetryDrafts(nodeAt(tool, 'poetry'), declared),
    ...pdmDrafts(nodeAt(tool, 'pdm')),
    ...hatchDrafts(nodeAt(tool, 'hatch')),
    ...pixiDrafts(nodeAt(tool, 'pixi')),
    ...unlisted(cibuildwheelDrafts(nodeAt(tool, 'cibuildwheel'))),
    ...listDrafts(nodeAt(tool, 'rye', 'dev-dependencies'), 'group:dev', sources, 'dev-dependencies'),
    ...listDrafts(nodeAt(tool, 'flit', 'metadata', 'requires'), 'dependencies', sources, 'requires'),
    ...listDrafts(nodeAt(tool, 'flit', 'metadata', 'dev-requires'), 'optional:dev', sources, 'dev-requires'),
    ...entryDrafts(nodeAt(tool, 'flit', 'metadata', 'requires-extra'), 'requires-extra', ({ key, value }) =>
      listDrafts(value, `optional:${key.value}`, sources, `requires-extra.${key.value}`),
    ),
  ];
  const name = textAt(root, 'project', 'name') ?? textAt(tool, 'poetry', 'name');
  return withoutOwnExtras(drafts, name && normalizeName(name.value));
}

const tables = [
  ['project'],
  ['build-system'],
  ['tool', 'uv'],
  ['tool', 'poetry'],
  ['tool', 'pdm', 'resolution', 'overrides'],
  ['tool', 'hatch', 'build', 'targets'],
  ['tool', 'hatch', 'build', 'hooks'],
  ['tool', 'hatch', 'env'],
  ['tool', 'cibuildwheel'],
  ['tool', 'pixi', 'pypi-options'],
  ['tool', 'rye'],
  ['tool', 'flit', 'metadata'],
  ['tool', 'setuptools', 'dynamic'],
];

function projectDrafts(root: TreeNode | undefined, sources: UvSources): readonly Draft[] {
  return [
    ...listDrafts(nodeAt(root, 'project', 'dependencies'), 'dependencies', sources),
    ...entryDrafts(nodeAt(root, 'project', 'optional-dependencies'), 'optional-dependencies', ({ key, value }) =>
      listDrafts(value, `optional:${key.value}`, sources, `optional-dependencies.${key.value}`),
    ),
    ...listDrafts(nodeAt(root, 'build-system', 'requires'), 'build', sources, 'build-system.requires'),
  ];
}
