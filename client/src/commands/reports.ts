import { type CancellationToken, ProgressLocation, Uri, window, workspace } from 'vscode';
import { type OfferedFormat, reportMethod, type ReportParams, type ReportResult } from '../../../protocol/messages.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { defaultReportName, formatFor, saveFilters } from './reportTarget.ts';
import type { Translate } from '../texts/translate.ts';

/** The report on every requirements file of the workspace; `undefined` where the user cancelled it. */
export async function readReport(client: PinwatchClient, format: string, t: Translate): Promise<string | undefined> {
  const progress = {
    location: ProgressLocation.Notification,
    title: t('Pinwatch: checking every requirements file'),
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

/** Asks where to unless a file is named, then writes the report there. The name's ending decides the format. */
export async function exportReport(client: PinwatchClient, named: unknown, t: Translate): Promise<void> {
  const formats = await client.reportFormats();
  const target = named instanceof Uri ? named : await askForTarget(formats, t);
  if (target !== undefined) {
    await writeReport(client, target, formatFor(target.path, formats), t);
  }
}

function askForTarget(formats: readonly OfferedFormat[], t: Translate): Thenable<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showSaveDialog({
    title: t('Export Report'),
    filters: saveFilters(formats),
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, defaultReportName) }),
  });
}

async function writeReport(client: PinwatchClient, target: Uri, format: string, t: Translate): Promise<void> {
  const text = await readReport(client, format, t);
  if (text === undefined) {
    return;
  }
  await workspace.fs.writeFile(target, new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`));
  window.setStatusBarMessage(t('Pinwatch: report written to {0}.', workspace.asRelativePath(target)), 5_000);
}
