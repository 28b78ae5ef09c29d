import type { Hover, HoverParams } from 'vscode-languageserver';
import { hoverFor } from '../../features/hover.ts';
import type { Words } from '../../core/words/words.ts';
import { plainHover } from '../../features/plainHover.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { ClientAbilities } from '../client/capabilities.ts';
import type { DataAge } from '../publish/dataAge.ts';

/** `textDocument/hover`. */
export function hover(
  workspace: Workspace,
  age: DataAge,
  { markdownHovers, editorCommands }: Pick<ClientAbilities, 'markdownHovers' | 'editorCommands'>,
  words: Words,
): (params: HoverParams) => Hover | null {
  return ({ textDocument, position }) => {
    const file = workspace.snapshot(fileId(textDocument.uri));
    const found =
      file &&
      hoverFor(file, position, { ...age.now(), uri: file.uri, commands: editorCommands && markdownHovers, words });
    return found === undefined || markdownHovers ? (found ?? null) : plainHover(found);
  };
}
