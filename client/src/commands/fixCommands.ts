import { type CancellationToken, Position, ProgressLocation, Range, Uri, window } from 'vscode';
import { serverCommands } from '../../../protocol/ids.ts';
import type { FixAllParams, FixAllResult, LeftRequirement } from '../../../protocol/messages.ts';
import { fixText } from '../texts/fixText.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { readOnlySchemes } from '../readOnlyFiles.ts';
import { scopedText, type SearchedScope } from '../searchedScope.ts';
import type { Translate } from '../texts/translate.ts';
import { workspaceScope } from '../workspaceScope.ts';

/** `majors`: with a preview, for what was left for review. */
export async function fixFile(client: PinwatchClient, uri: Uri, t: Translate, majors = false): Promise<void> {
  const params: FixAllParams = {
    uris: [uri.toString()],
    readOnlySchemes: readOnlySchemes(),
    ...(majors ? { majors } : {}),
  };
  const result = await client.execute<FixAllResult>(serverCommands.fixAll, [params]);
  tell(result, t, 'everyFolder', () => fixFile(client, uri, t, true));
}

/** The server has the editor show every change first. */
export async function fixWorkspace(client: PinwatchClient, t: Translate): Promise<void> {
  const progress = {
    location: ProgressLocation.Notification,
    title: t('Pinwatch: fixing every requirements file. Major updates and sources of compiled files are not ticked.'),
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
function tell(result: FixAllResult, t: Translate, scope: SearchedScope, review?: () => Promise<void>): void {
  const reviewed = review !== undefined && (result.majors ?? 0) > 0 ? t('Review') : undefined;
  const [left] = result.left;
  const shown = left === undefined ? undefined : t('Show');
  const buttons = [reviewed, shown].filter((button) => button !== undefined);
  const message = `Pinwatch: ${scopedText(fixText(result, t), scope, t)}`;
  void window.showInformationMessage(message, ...buttons).then(async (chosen) => {
    if (chosen === undefined) return;
    await (chosen === reviewed ? review?.() : left && show(left));
  });
}

/** The first of what was left; the others are marked in the text. */
async function show({ uri, line }: LeftRequirement): Promise<void> {
  const start = new Position(line, 0);
  await window.showTextDocument(Uri.parse(uri), { selection: new Range(start, start) });
}
