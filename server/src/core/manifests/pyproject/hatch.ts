import { readToml } from '../../text/toml/readToml.ts';
import { entriesOf, nodeAt, type TreeNode } from '../../text/tree/tree.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { entryDrafts, notTable } from '../reading/expected.ts';
import { syntaxDrafts } from '../reading/problems.ts';
import { uvSources } from '../reading/uvSources.ts';
import { listDrafts } from './listDrafts.ts';

/** hatch.toml: the same as `[tool.hatch]`. */
export const hatchFormat: ReadFormat = {
  id: 'hatch',
  matches: (path) => /(?:^|\/)hatch\.toml$/iu.test(path),
  read: (text) => {
    const { root, faults } = readToml(text);
    return [...syntaxDrafts(faults), ...hatchDrafts(root)];
  },
};

/** Environments of Hatch, and what its build targets and hooks need. */
export function hatchDrafts(hatch: TreeNode | undefined): readonly Draft[] {
  const build = nodeAt(hatch, 'build');
  const targets = entriesOf(nodeAt(build, 'targets')).map(({ value }) => value);
  const hooks = [build, ...targets].flatMap((one) => entriesOf(nodeAt(one, 'hooks')).map(({ value }) => value));
  return [
    ...entryDrafts(nodeAt(hatch, 'envs'), 'envs', ({ key, value }) => [
      ...(value.kind === 'table' ? [] : [notTable(value, `The environment ${key.value}`)]),
      ...['dependencies', 'extra-dependencies'].flatMap((list) =>
        listDrafts(nodeAt(value, list), `env:${key.value}`, none),
      ),
    ]),
    ...unlisted(listDrafts(nodeAt(hatch, 'env', 'requires'), 'plugins', none)),
    ...[build, ...targets, ...hooks].flatMap((one) => listDrafts(nodeAt(one, 'dependencies'), 'build', none)),
  ];
}

const none = uvSources(undefined);
