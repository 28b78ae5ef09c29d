import { type CancellationToken, ProgressLocation, type Uri, window } from 'vscode';
import { serverCommands } from '../../../protocol/ids.ts';
import type { FixAllParams, FixAllResult } from '../../../protocol/messages.ts';
import { fixText } from '../texts/fixText.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { readOnlySchemes } from '../readOnlyFiles.ts';
import { scopedText, type SearchedScope } from '../searchedScope.ts';
import type { Translate } from '../texts/translate.ts';
import { workspaceScope } from '../workspaceScope.ts';

export async function fixFile(client: PinwatchClient, uri: Uri, t: Translate): Promise<void> {
  const params: FixAllParams = { uris: [uri.toString()], readOnlySchemes: readOnlySchemes() };
  tell(await client.execute<FixAllResult>(serverCommands.fixAll, [params]), t);
}

/** The server has the editor show every change first. */
export async function fixWorkspace(client: PinwatchClient, t: Translate): Promise<void> {
  const progress = {
    location: ProgressLocation.Notification,
    title: t('Pinwatch: fixing every requirements file. Tick in the preview what is to be changed, then apply it.'),
    cancellable: true,
  };
  const params: FixAllParams = { readOnlySchemes: readOnlySchemes() };
  await window.withProgress(progress, async (_progress, token: CancellationToken) => {
    try {
      tell(await client.execute<FixAllResult>(serverCommands.fixAll, [params], token), t, workspaceScope());
    } catch (error) {
      if (!token.isCancellationRequested) {
        throw error;
      }
    }
  });
}

/** Not awaited: the command is over, though the message may stand for long. */
function tell(result: FixAllResult, t: Translate, scope: SearchedScope = 'everyFolder'): void {
  void window.showInformationMessage(`Pinwatch: ${scopedText(fixText(result, t), scope, t)}`);
}
