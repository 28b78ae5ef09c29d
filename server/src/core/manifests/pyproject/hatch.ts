import { readToml } from '../../text/toml/readToml.ts';
import { entriesOf, nodeAt, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { entryDrafts, notTable, textDrafts } from '../reading/expected.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { dynamicDraft, syntaxDrafts } from '../reading/problems.ts';
import { uvSources } from '../reading/uvSources.ts';
import { commandTextDrafts } from '../reading/commands/commandText.ts';
import { shortText } from '../shownText.ts';
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
      ...(value.kind === 'table' ? [] : [notTable(value, `envs.${key.value}`)]),
      ...['dependencies', 'extra-dependencies'].flatMap((list) =>
        textDrafts(nodeAt(value, list), `envs.${key.value}.${list}`, (one) => [filledDraft(one, `env:${key.value}`)]),
      ),
      ...['pre-install-commands', 'post-install-commands'].flatMap((list) =>
        unlisted(
          textDrafts(nodeAt(value, list), `envs.${key.value}.${list}`, (one) =>
            commandTextDrafts(one, `env:${key.value}`),
          ),
        ),
      ),
      ...overrideDrafts(nodeAt(value, 'overrides'), `env:${key.value}`),
    ]),
    ...listDrafts(nodeAt(hatch, 'env', 'requires'), 'build', none),
    ...[build, ...targets, ...hooks].flatMap((one) => listDrafts(nodeAt(one, 'dependencies'), 'build', none)),
  ];
}

/** A requirement in which Hatch fills in what is between braces: the matrix, a variable. A path with braces is one anyway. */
function filledDraft(node: TextNode, scope: string): Draft {
  const draft = pep508Draft(node, scope);
  if (draft.content?.kind !== 'unread' || !node.value.includes('{')) return draft;
  const message = `"${shortText(node.value)}" is filled in by Hatch: only a run of it knows.`;
  return dynamicDraft(node.inner, node.value, scope, message);
}

/**
 * What an environment asks for besides, on a platform, by a variable or in a part of its matrix: texts, or tables with a
 * `value`. With braces only a run of Hatch knows it.
 */
function overrideDrafts(overrides: TreeNode | undefined, scope: string): readonly Draft[] {
  const options = ['platform', 'env', 'matrix', 'name'].flatMap((source) =>
    entriesOf(nodeAt(overrides, source)).flatMap(({ value }) => entriesOf(value)),
  );
  return options.flatMap(({ key, value }) => {
    if (!/^(?:set-)?(?:extra-)?dependencies$/u.test(key.value)) return [];
    const items = value.kind === 'list' ? value.items : [value];
    return items.flatMap((one) => {
      const text = one.kind === 'table' ? nodeAt(one, 'value') : one;
      const isRead = text?.kind === 'text' && !text.value.includes('{');
      const message = 'This depends on the matrix of Hatch: only a run of it knows what is asked for.';
      return [isRead ? pep508Draft(text, scope) : dynamicDraft(text?.span ?? key.inner, key.value, scope, message)];
    });
  });
}

const none = uvSources(undefined);
