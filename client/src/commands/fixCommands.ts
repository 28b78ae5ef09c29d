import { type CancellationToken, ProgressLocation, Range, Uri, window, workspace } from 'vscode';
import { serverCommands } from '../../../protocol/ids.ts';
import type { FixAllParams, FixAllResult, LeftRequirement } from '../../../protocol/messages/fixAll.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { readOnlySchemes } from '../readOnlyFiles.ts';
import { scopedText, type SearchedScope } from '../searchedScope.ts';
import { fixText, isSomethingLeft } from '../texts/fixText.ts';
import type { Translate } from '../texts/translate.ts';
import { workspaceScope } from '../workspaceScope.ts';

/** `majors`: those that were left for review, in a preview. */
export async function fixFile(client: PinwatchClient, uri: Uri, t: Translate, majors = false): Promise<void> {
  const params: FixAllParams = {
    uris: [uri.toString()],
    readOnlySchemes: readOnlySchemes(),
    ...(majors ? { majors } : {}),
  };
  const result = await client.execute<FixAllResult>(serverCommands.fixAll, [params]);
  // Not awaited: the command is over, though the message may stand for long.
  void report(result, t, 'everyFolder', () => fixFile(client, uri, t, true));
}

/** The server has the editor show every change first. */
export async function fixWorkspace(client: PinwatchClient, t: Translate): Promise<void> {
  const progress = {
    location: ProgressLocation.Notification,
    title: t('Pinwatch: preparing updates for all requirements files. Select the updates to apply.'),
    cancellable: true,
  };
  const params: FixAllParams = { readOnlySchemes: readOnlySchemes() };
  await window.withProgress(progress, async (_progress, token: CancellationToken) => {
    try {
      const result = await client.execute<FixAllResult>(serverCommands.fixAll, [params], token);
      void report(result, t, workspaceScope());
    } catch (error) {
      if (!token.isCancellationRequested) {
        throw error;
      }
    }
  });
}

async function report(
  result: FixAllResult,
  t: Translate,
  scope: SearchedScope,
  reviewMajors?: () => Promise<void>,
): Promise<void> {
  const [review, show] = [t('Review'), t('Show')];
  const hasMajors = reviewMajors !== undefined && (result.majors ?? 0) > 0;
  const buttons = [...(hasMajors ? [review] : []), ...(isSomethingLeft(result) ? [show] : [])];
  const message = `Pinwatch: ${scopedText(fixText(result, t), scope, t)}`;
  const chosen = await window.showInformationMessage(message, ...buttons);
  if (chosen === review) {
    await reviewMajors?.();
  } else if (chosen === show) {
    await showLeft(result.left, t);
  }
}

/** What needs a person, each with its reason; a pick goes to its line. */
export async function showLeft(left: readonly LeftRequirement[], t: Translate): Promise<void> {
  const picks = left.map(({ uri, line, name, reason }) => ({
    label: name,
    description: `${workspace.asRelativePath(Uri.parse(uri))}:${line + 1}`,
    detail: reason,
    uri: Uri.parse(uri),
    line,
  }));
  const options = { title: t('Not fixed'), matchOnDescription: true, matchOnDetail: true };
  const picked = await window.showQuickPick(picks, options);
  if (picked !== undefined) {
    await window.showTextDocument(picked.uri, { selection: new Range(picked.line, 0, picked.line, 0) });
  }
}
