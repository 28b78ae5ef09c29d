import type { CodeLens, CodeLensParams, Command } from 'vscode-languageserver';
import { editorCommands, serverCommands } from '../../../../protocol/ids.ts';
import type { RescanParams } from '../../../../protocol/messages.ts';
import { codeLenses } from '../../features/codeLens.ts';
import { fileId } from '../../project/fileId.ts';
import type { Workspace } from '../../project/workspace/workspace.ts';
import type { ClientAbilities } from '../client/capabilities.ts';
import type { DataAge } from '../publish/dataAge.ts';

/** `textDocument/codeLens`: one line of counts. */
export function codeLens(
  workspace: Workspace,
  age: DataAge,
  abilities: Pick<ClientAbilities, 'editorCommands'>,
): (params: CodeLensParams) => CodeLens[] {
  return ({ textDocument: { uri } }) => {
    const file = workspace.snapshot(fileId(uri));
    return file === undefined || !file.settings.codeLensEnabled
      ? []
      : codeLenses(file, rescanCommand(uri, abilities), age.now());
  };
}

/** Our own extension has a command that also says what came of it; other clients run the server's. */
function rescanCommand(
  uri: string,
  { editorCommands: hasCommands }: Pick<ClientAbilities, 'editorCommands'>,
): Omit<Command, 'title'> {
  return hasCommands
    ? { command: editorCommands.rescan, arguments: [uri] }
    : { command: serverCommands.rescan, arguments: [{ uris: [uri] } satisfies RescanParams] };
}
