import { sourceOf, type TextNode } from '../../../text/tree/tree.ts';
import type { Draft } from '../draft.ts';
import { mentionsPip, pipInstalls, unclosedDraft } from './pipInstalls.ts';
import { shellCommands } from './shellWords.ts';

/** What a text of commands installs with pip. One that cannot be read is said only where it may be such a command. */
export function commandTextDrafts(node: TextNode, scope: string): readonly Draft[] {
  const source = sourceOf(node);
  const commands = shellCommands(source, 0, source.text.length);
  if (commands !== undefined) return pipInstalls(commands, { scope, more: {} });
  return mentionsPip(source.text) ? [unclosedDraft(node.inner, scope)] : [];
}
