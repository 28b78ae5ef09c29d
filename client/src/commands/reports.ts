import { type CancellationToken, commands, ProgressLocation, Uri, window, workspace } from 'vscode';
import { reportMethod, type ReportParams, type ReportResult } from '../../../protocol/messages/report.ts';
import type { OfferedFormat } from '../../../protocol/messages/serverOffers.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { formatFor, formatPicks } from './reportTarget.ts';
import type { Translate } from '../texts/translate.ts';

/** The report on every requirements file of the workspace; `undefined` where the user cancelled it. */
export async function readReport(client: PinwatchClient, format: string, t: Translate): Promise<string | undefined> {
  const progress = {
    location: ProgressLocation.Notification,
    title: t('Pinwatch: scanning all requirements files'),
    cancellable: true,
  };
  return window.withProgress(progress, async (_progress, token: CancellationToken) => {
    try {
      const params: ReportParams = { format };
      return (await client.request<ReportResult>(reportMethod, params, token)).text;
    } catch (error) {
      if (token.isCancellationRequested) {
        return undefined;
      }
      throw error;
    }
  });
}

/** Asks for a format and a file unless a file is named, whose ending decides the format then; offers to open it. */
export async function exportReport(client: PinwatchClient, named: unknown, t: Translate): Promise<void> {
  const formats = await client.reportFormats();
  if (named instanceof Uri) {
    await writeReport(client, named, formatFor(named.path, formats), t);
    return;
  }
  const picked = await window.showQuickPick(formatPicks(formats), { title: t('Export the report as') });
  const target = picked === undefined ? undefined : await askForTarget(picked.format, t);
  if (picked !== undefined && target !== undefined) {
    await writeReport(client, target, picked.format.id, t);
  }
}

function askForTarget({ name, endings: [usual = 'json'] }: OfferedFormat, t: Translate): Thenable<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showSaveDialog({
    title: t('Export Report'),
    filters: { [name]: [usual] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, `pinwatch-report.${usual}`) }),
  });
}

async function writeReport(client: PinwatchClient, target: Uri, format: string, t: Translate): Promise<void> {
  const text = await readReport(client, format, t);
  if (text === undefined) {
    return;
  }
  await workspace.fs.writeFile(target, new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`));
  // Not awaited: the command is over, though the message may stand for long.
  void offerOpen(target, t);
}

async function offerOpen(target: Uri, t: Translate): Promise<void> {
  const open = t('Open');
  const message = t('Pinwatch: report written to {0}.', workspace.asRelativePath(target));
  if ((await window.showInformationMessage(message, open)) === open) {
    await commands.executeCommand('vscode.open', target);
  }
}
