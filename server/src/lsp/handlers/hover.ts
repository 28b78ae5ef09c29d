import type { Hover, HoverParams } from 'vscode-languageserver';
import { hoverFor, lineAt } from '../../features/hover/hover.ts';
import type { Words } from '../../core/words/words.ts';
import { plainHover } from '../../features/hover/plainHover.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { ClientAbilities } from '../client/capabilities.ts';
import type { Raises } from '../tasks/raises.ts';
import type { DataAge } from '../publish/dataAge.ts';

/** `textDocument/hover`. */
export function hover(
  workspace: Workspace,
  age: DataAge,
  { markdownHovers, editorCommands }: Pick<ClientAbilities, 'markdownHovers' | 'editorCommands'>,
  { words, raises }: { readonly words: Words; readonly raises: Pick<Raises, 'lookInto' | 'of'> },
): (params: HoverParams) => Promise<Hover | null> {
  return async ({ textDocument, position }) => {
    const id = fileId(textDocument.uri);
    const before = workspace.snapshot(id);
    const line = before && lineAt(before.lines, position);
    if (before !== undefined && line?.comes !== undefined) await raises.lookInto(before, line);
    const file = workspace.snapshot(id);
    const found =
      file &&
      hoverFor(file, position, {
        ...age.now(),
        uri: file.uri,
        commands: editorCommands && markdownHovers,
        words,
        raiseOf: (comes, coming) => raises.of(comes, coming),
      });
    return found === undefined || markdownHovers ? (found ?? null) : plainHover(found);
  };
}
