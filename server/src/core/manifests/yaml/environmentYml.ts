import { readYaml } from '../../text/yaml/readYaml.ts';
import { itemsOf, nodeAt, sourceOf, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import { sliceSource, spanOf } from '../../text/sourceText.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { pipLineDrafts } from '../reading/pipLine.ts';
import { dynamicDraft, syntaxDrafts } from '../reading/problems.ts';

/** The environment of conda: its `pip` list alone, as OSV knows no packages of conda. */
export const environmentFormat: ReadFormat = {
  id: 'environment.yml',
  isNameWeak: true,
  matches: (path) => /(?:^|\/)[^/]*env[^/]*\.ya?ml$/iu.test(path),
  read: readEnvironment,
};

function readEnvironment(text: string): readonly Draft[] {
  const { root, faults } = readYaml(text);
  const lists = itemsOf(nodeAt(root, 'dependencies')).flatMap((one) => itemsOf(nodeAt(one, 'pip')));
  return [...syntaxDrafts(faults), ...lists.flatMap(lineDrafts)];
}

function lineDrafts(node: TreeNode): readonly Draft[] {
  if (node.kind !== 'text') {
    const isEmpty = node.kind === 'other' && node.text === '';
    return isEmpty
      ? []
      : [
          dynamicDraft(
            node.span,
            'pip',
            'pip',
            'This entry of the pip list is no text on one line, so it is not read.',
          ),
        ];
  }
  return requirementDrafts(node);
}

function requirementDrafts(node: TextNode): readonly Draft[] {
  const whole = sourceOf(node);
  const end = /(?:^|\s)#/u.exec(whole.text)?.index ?? whole.text.length;
  const source = sliceSource(whole, 0, whole.text.slice(0, end).trimEnd().length);
  if (source.text.trim() === '') return [];
  return /\$\{?\w|\{\{/u.test(source.text)
    ? [
        dynamicDraft(
          spanOf(source, 0, source.text.length),
          source.text,
          'pip',
          `"${source.text.slice(0, 80)}" holds a variable: only what fills it in knows it.`,
        ),
      ]
    : pipLineDrafts(source, 'pip');
}
