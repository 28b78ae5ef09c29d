import { nodeAt, textAt, type TextNode, type TreeNode } from '../../text/tree/tree.ts';
import { type Draft, unlisted } from '../reading/draft.ts';
import { entryDrafts, notTable, textDrafts } from '../reading/expected.ts';
import { pep508Draft } from '../reading/pep508Draft.ts';
import { dynamicDraft } from '../reading/problems.ts';
import { type UvSources, withUvSource } from '../reading/uvSources.ts';
import { shortText } from '../shownText.ts';

/**
 * What the build backend fills in: the files that setuptools and a hook of Hatch read are included, the lists of another hook and the
 * tables of Poetry are in this file, and what else there is only a run of the backend knows.
 */
export function dynamicDrafts(root: TreeNode | undefined, sources: UvSources): readonly Draft[] {
  const setuptools = nodeAt(root, 'tool', 'setuptools', 'dynamic');
  const hooks = nodeAt(root, 'tool', 'hatch', 'metadata', 'hooks');
  const files = nodeAt(hooks, 'requirements_txt');
  const lists = nodeAt(hooks, 'uv-dynamic-versioning');
  const isPoetry = nodeAt(root, 'tool', 'poetry') !== undefined;
  const isFilled: Readonly<Record<string, boolean>> = {
    dependencies:
      isPoetry ||
      [nodeAt(setuptools, 'dependencies'), nodeAt(files, 'files'), nodeAt(lists, 'dependencies')].some(isThere),
    'optional-dependencies':
      isPoetry || [setuptools, files, lists].some((one) => isThere(nodeAt(one, 'optional-dependencies'))),
  };
  const backend = textAt(root, 'build-system', 'build-backend')?.value ?? 'the build backend';
  return [
    ...ofBoth(setuptools, 'dependencies', filesOf),
    ...ofBoth(files, 'files', fileListDrafts),
    ...ofBoth(lists, 'dependencies', (list, scope) => templateDrafts(list, scope, sources)),
    ...textDrafts(nodeAt(root, 'project', 'dynamic'), 'dynamic', ({ inner, value }) => {
      if (isFilled[value] !== false) return [];
      const what = value.replace('-', ' ');
      const message = `The ${what} are dynamic: only a run of ${shortText(backend)} knows them.`;
      return [dynamicDraft(inner, value, value, message)];
    }),
  ];
}

function isThere(node: TreeNode | undefined): boolean {
  return node !== undefined;
}

type ReadPart = (node: TreeNode | undefined, scope: string) => readonly Draft[];

/** What is at `key`, and at each extra below `optional-dependencies`. */
function ofBoth(table: TreeNode | undefined, key: string, read: ReadPart): readonly Draft[] {
  return [
    ...read(nodeAt(table, key), 'dependencies'),
    ...entryDrafts(nodeAt(table, 'optional-dependencies'), 'optional-dependencies', (entry) =>
      read(entry.value, `optional:${entry.key.value}`),
    ),
  ];
}

/** `{ file = ["a.txt"] }`, or the name of one file. */
function filesOf(directive: TreeNode | undefined, scope: string): readonly Draft[] {
  if (directive === undefined) return [];
  if (directive.kind !== 'table') return [notTable(directive, scope)];
  const files = nodeAt(directive, 'file');
  return files?.kind === 'text' ? [fileDraft(files, scope)] : fileListDrafts(files, scope);
}

function fileDraft({ value, inner }: TextNode, scope: string): Draft {
  return {
    span: inner,
    content: { kind: 'include', text: value, target: { text: value, span: inner } },
    item: { k: 'include', scope, location: value },
  };
}

function fileListDrafts(list: TreeNode | undefined, scope: string): readonly Draft[] {
  return textDrafts(list, scope, (name) => [fileDraft(name, scope)]);
}

/** Requirements; what has `{{ version }}` in it is filled in by a run. */
function templateDrafts(list: TreeNode | undefined, scope: string, sources: UvSources): readonly Draft[] {
  return textDrafts(list, scope, (node) => {
    if (!node.value.includes('{{')) return unlisted([withUvSource(pep508Draft(node, scope), sources)]);
    const message = `"${shortText(node.value)}" holds a variable: only what fills it in knows it.`;
    return [dynamicDraft(node.inner, node.value, scope, message)];
  });
}
