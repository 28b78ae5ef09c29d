import { type CancellationToken, languages, ProgressLocation, Uri, window } from 'vscode';
import { serverCommands } from '../../../protocol/ids.ts';
import type { RescanParams, RescanResult } from '../../../protocol/messages/rescan.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { scopedText, type SearchedScope } from '../searchedScope.ts';
import { rescanText } from '../texts/rescanText.ts';
import type { Translate } from '../texts/translate.ts';
import { workspaceScope } from '../workspaceScope.ts';

const messageMs = 5_000;

export async function scanFile(client: PinwatchClient, argument: unknown, t: Translate): Promise<void> {
  const uri = meantFile(client, argument);
  if (uri === undefined) {
    window.setStatusBarMessage(t('Pinwatch: open a requirements file first, then scan it.'), messageMs);
    return;
  }
  const params: RescanParams = { uris: [uri.toString()] };
  showResult(await client.execute<RescanResult>(serverCommands.rescan, [params]), t);
}

/** Menus hand over the file they were opened on, a code lens its address; the palette means the active one. */
export function meantFile(client: PinwatchClient, argument: unknown): Uri | undefined {
  if (argument instanceof Uri) {
    return argument;
  }
  if (typeof argument === 'string') {
    return Uri.parse(argument);
  }
  const document = window.activeTextEditor?.document;
  return document !== undefined && languages.match(client.filters, document) > 0 ? document.uri : undefined;
}

export async function scanWorkspace(client: PinwatchClient, t: Translate): Promise<void> {
  const progress = {
    location: ProgressLocation.Notification,
    title: t('Pinwatch: scanning all requirements files'),
    cancellable: true,
  };
  await window.withProgress(progress, async (_progress, token: CancellationToken) => {
    try {
      showResult(await client.execute<RescanResult>(serverCommands.rescan, [], token), t, workspaceScope());
    } catch (error) {
      if (!token.isCancellationRequested) {
        throw error;
      }
    }
  });
}

function showResult(result: RescanResult, t: Translate, scope: SearchedScope = 'everyFolder'): void {
  window.setStatusBarMessage(`Pinwatch: ${scopedText(rescanText(result, t), scope, t)}`, messageMs);
}
