import { sliceSource, spanOf } from '../../text/sourceText.ts';
import { entriesOf, itemsOf, nodeAt, sourceOf, type TreeNode } from '../../text/tree/tree.ts';
import { commandTextDrafts } from '../reading/commands/commandText.ts';
import type { Draft } from '../reading/draft.ts';
import { textDrafts } from '../reading/expected.ts';
import { requirementDraft } from '../reading/pep508Draft.ts';

/**
 * What `[tool.cibuildwheel]` installs for all platforms, for one, or for some builds: for tests a list, or a text with blanks between, and what
 * commands before them install.
 */
export function cibuildwheelDrafts(tool: TreeNode | undefined): readonly Draft[] {
  const platforms = entriesOf(tool).flatMap(({ value }) => (value.kind === 'table' ? [value] : []));
  return [tool, ...platforms, ...itemsOf(nodeAt(tool, 'overrides'))].flatMap((one) => [
    ...testDrafts(nodeAt(one, 'test-requires')),
    ...['before-all', 'before-build', 'before-test'].flatMap((key) => commandDrafts(nodeAt(one, key))),
  ]);
}

/** A command, or a list of them. */
function commandDrafts(node: TreeNode | undefined): readonly Draft[] {
  return [node, ...itemsOf(node)].flatMap((one) => (one?.kind === 'text' ? commandTextDrafts(one, scope) : []));
}

function testDrafts(node: TreeNode | undefined): readonly Draft[] {
  if (node?.kind !== 'text') {
    return textDrafts(node, 'test-requires', (one) => [requirementDraft(sourceOf(one), one.inner, scope)]);
  }
  const source = sourceOf(node);
  return [...source.text.matchAll(/\S+/gu)].map(({ 0: word, index }) => {
    const part = sliceSource(source, index, index + word.length);
    return requirementDraft(part, spanOf(part, 0, word.length), scope);
  });
}

const scope = 'env:cibuildwheel';
