import { mergedAt } from '../../text/yaml/mergedAt.ts';
import { readYaml } from '../../text/yaml/readYaml.ts';
import { itemsOf, nodeAt, sourceOf, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { tableDrafts, textDrafts } from '../reading/expected.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { pipLineDrafts } from '../reading/pipLine.ts';
import { syntaxDrafts } from '../reading/problems.ts';

export const preCommitFormat: ReadFormat = {
  id: 'pre-commit',
  matches: (path) => /(?:^|\/)\.pre-commit-config\.ya?ml$/iu.test(path),
  read: (text) => {
    const { root, faults } = readYaml(text);
    // The first versions of pre-commit had the list alone.
    const repositories = root?.kind === 'list' ? root : nodeAt(root, 'repos');
    return [
      ...syntaxDrafts(faults),
      ...tableDrafts(repositories, 'repos', (one) => tableDrafts(mergedAt(one, 'hooks'), 'hooks', hookDrafts)),
    ];
  },
};

/** The language of a hook from elsewhere is in its own repository: where it is not named here, the entries have to show it. */
function hookDrafts(hook: TreeNode): readonly Draft[] {
  const list = mergedAt(hook, 'additional_dependencies');
  const nodes = (list?.kind === 'text' ? [list] : itemsOf(list)).filter(
    (node): node is TextNode => node.kind === 'text',
  );
  const language = textOf(mergedAt(hook, 'language'));
  const isPython =
    language === 'python' ||
    (nodes.some(({ value }) => looksPython(value)) && !nodes.some(({ value }) => looksForeign(value)));
  if (!isPython || (language !== undefined && language !== 'python')) return [];
  const scope = `hook:${textOf(mergedAt(hook, 'id')) ?? ''}`;
  return textDrafts(list, 'additional_dependencies', (node) => {
    if (node.value.trim() === '') return [];
    return /^[./-]|:\/\//u.test(node.value) ? pipLineDrafts(sourceOf(node), scope) : [pep508Draft(node, scope)];
  });
}

function textOf(node: TreeNode | undefined): string | undefined {
  return node?.kind === 'text' ? node.value : undefined;
}

function looksPython(value: string): boolean {
  return /[A-Za-z0-9\]]\s*(?:==|>=|<=|~=|!=|<|>)\s*\d/u.test(value) || /^[\w.-]+\[[\w, -]+\]/u.test(value);
}

/** As npm, Go and the like write their packages. */
function looksForeign(value: string): boolean {
  const isForeign = /^@|^[^\s@[<>=!~;]+@[^\s/]|:\d|^[a-z.]+\/[^\s]*@?|^\S+\/\S+$/u.test(value);
  return isForeign && !value.includes(' @ ') && !value.includes('://') && !/^[./]/u.test(value);
}
