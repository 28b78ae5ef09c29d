import { shortText } from '../shownText.ts';
import { Repeats } from '../../text/yaml/repeats.ts';
import { readYaml } from '../../text/yaml/readYaml.ts';
import { entriesOf, itemsOf, nodeAt, sourceOf, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import { sliceSource, spanOf } from '../../text/sourceText.ts';
import { condaDraft } from '../reading/condaDraft.ts';
import type { Draft } from '../reading/draft.ts';
import type { ReadFormat } from '../reading/entryManifest.ts';
import { isNothing, notList } from '../reading/expected.ts';
import { pipLineDrafts } from '../reading/pipLine.ts';
import { dynamicDraft, problemDraft, syntaxDrafts } from '../reading/problems.ts';

/** The environment of conda: what its `pip` list asks for. The packages of conda are skipped, as OSV knows none. */
export const environmentFormat: ReadFormat = {
  id: 'environment.yml',
  word: 'dependencies',
  matches: (path) => usual.test(path) && !/conda-lock\.ya?ml$/iu.test(path),
  read: readEnvironment,
};

const usual = /(?:^|\/)(?:[^/]*(?:env|conda)[^/]*|requirements\/[^/]+)\.ya?ml$/iu;

function readEnvironment(text: string): readonly Draft[] {
  const { root, faults } = readYaml(text);
  const dependencies = nodeAt(root, 'dependencies');
  const repeats = new Repeats();
  return [
    ...syntaxDrafts(faults),
    ...(dependencies !== undefined && isWrongList(root, dependencies) ? [notList(dependencies, 'dependencies')] : []),
    ...itemsOf(dependencies).flatMap((one) => pipDrafts(nodeAt(one, 'pip'), repeats)),
    ...(isOfConda(root) ? condaDrafts(dependencies, repeats) : []),
  ];
}

/** Files of other programs have such names, and lists of that name, too. */
function isOfConda(root: TreeNode | undefined): boolean {
  return (
    ['name', 'channels', 'prefix'].some((key) => nodeAt(root, key) !== undefined) ||
    itemsOf(nodeAt(root, 'dependencies')).some(
      (one) => nodeAt(one, 'pip') !== undefined || (one.kind === 'text' && /^(?:python|pip)\b/u.test(one.value)),
    )
  );
}

/** Each text of the list; conda itself knows no tables there but `pip`, and programs around it have conditions. */
function condaDrafts(list: TreeNode | undefined, repeats: Repeats): readonly Draft[] {
  if (list === undefined || !repeats.isDue(list)) return [];
  return itemsOf(list).flatMap((one): readonly Draft[] => {
    if (one.kind === 'text')
      return isNothing(one) || one.value.trim() === '' ? [] : [condaDraft(one.inner, one.value.trim(), 'conda')];
    if (one.kind !== 'table') return isNothing(one) ? [] : [notEntry(one)];
    return entriesOf(one).flatMap(({ key }) =>
      key.value === 'pip' ? [] : [condaDraft(key.inner, key.value, 'conda')],
    );
  });
}

function notEntry({ span }: TreeNode): Draft {
  const place = { start: span.start, end: Math.max(span.end, span.start + 1) };
  return problemDraft(place, 'requirement', 'An entry of dependencies is no text and no table, so it is not read.');
}

/** Many files have such a name: only of what is about pip or of conda it is said that it is no list. */
function isWrongList(root: TreeNode | undefined, dependencies: TreeNode): boolean {
  if (dependencies.kind === 'list' || isNothing(dependencies)) return false;
  // Other programs have names and tables of dependencies, too.
  const isOurs = dependencies.kind === 'table' ? nodeAt(root, 'channels') !== undefined : isOfConda(root);
  return isOurs || isAboutPip(dependencies);
}

function isAboutPip(dependencies: TreeNode): boolean {
  if (dependencies.kind === 'table') return nodeAt(dependencies, 'pip') !== undefined;
  const text =
    dependencies.kind === 'text' ? dependencies.value : dependencies.kind === 'other' ? dependencies.text : '';
  return /\bpip\b/u.test(text);
}

function pipDrafts(list: TreeNode | undefined, repeats: Repeats): readonly Draft[] {
  if (isNothing(list) || !repeats.isDue(list)) return [];
  return list.kind === 'list' ? list.items.flatMap(lineDrafts) : [notList(list, 'pip')];
}

function lineDrafts(node: TreeNode): readonly Draft[] {
  if (isNothing(node)) return [];
  if (node.kind === 'text') return requirementDrafts(node);
  const message = 'This entry of the pip list is no text on one line, so it is not read.';
  return [dynamicDraft(node.span, 'pip', 'pip', message)];
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
          `"${shortText(source.text)}" holds a variable: only what fills it in knows it.`,
        ),
      ]
    : pipLineDrafts(source, 'pip');
}
