import { Repeats } from '../../text/yaml/repeats.ts';
import { mergedAt } from '../../text/yaml/mergedAt.ts';
import { readYaml } from '../../text/yaml/readYaml.ts';
import { itemsOf, nodeAt, sourceOf, type TreeNode } from '../../text/tree/tree.ts';
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
    const seen: Seen = { repeats: new Repeats(), python: new Map() };
    const hooks = tableDrafts(repositories, 'repos', (one) =>
      tableDrafts(due(mergedAt(one, 'hooks'), seen), 'hooks', (hook) => hookDrafts(hook, seen)),
    );
    return [...syntaxDrafts(faults), ...hooks];
  },
};

/** Aliases lead to the same lists again. */
interface Seen {
  readonly repeats: Repeats;
  /** Whether they look as if they were for Python. */
  readonly python: Map<TreeNode, boolean>;
}

/** The language of a hook from elsewhere is in its own repository: where it is not named here, the entries have to show it. */
function hookDrafts(hook: TreeNode, seen: Seen): readonly Draft[] {
  const list = mergedAt(hook, 'additional_dependencies');
  const language = textOf(mergedAt(hook, 'language'));
  const isPython =
    language === undefined ? list !== undefined && isForPython(list, seen) : /^python(?:_venv)?$/u.test(language);
  if (!isPython) return [];
  const scope = `hook:${textOf(mergedAt(hook, 'id')) ?? ''}`;
  return textDrafts(due(list, seen), 'additional_dependencies', (node) => {
    if (node.value.trim() === '') return [];
    return /^[./-]|:\/\//u.test(node.value) ? pipLineDrafts(sourceOf(node), scope) : [pep508Draft(node, scope)];
  });
}

function due(list: TreeNode | undefined, { repeats }: Seen): TreeNode | undefined {
  return list !== undefined && repeats.isDue(list) ? list : undefined;
}

function isForPython(list: TreeNode, { python }: Seen): boolean {
  const known = python.get(list);
  if (known !== undefined) return known;
  const texts = (list.kind === 'text' ? [list] : itemsOf(list)).flatMap((one) => textOf(one) ?? []);
  const found = texts.some(looksPython) && !texts.some(looksForeign);
  python.set(list, found);
  return found;
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
