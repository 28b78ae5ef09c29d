import { type CancellationToken, ProgressLocation, Uri, window, workspace } from 'vscode';
import { type ReportFormat, reportMethod, type ReportParams, type ReportResult } from '../../protocol/messages.ts';
import type { PinwatchClient } from './languageClient.ts';
import type { Translate } from './translate.ts';

/** The report on every requirements file of the workspace; `undefined` where the user cancelled it. */
export async function readReport(
  client: PinwatchClient,
  format: ReportFormat,
  t: Translate,
): Promise<string | undefined> {
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

/** Asks where to unless it is told, then writes the report there. The name's ending decides the format. */
export async function exportReport(client: PinwatchClient, named: unknown, t: Translate): Promise<void> {
  const target = named instanceof Uri ? named : await askForTarget(t);
  if (target !== undefined) {
    await writeReport(client, target, t);
  }
}

function askForTarget(t: Translate): Thenable<Uri | undefined> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  return window.showSaveDialog({
    title: t('Export Report'),
    filters: { Markdown: ['md'], JSON: ['json'], SARIF: ['sarif'], CycloneDX: ['cdx.json'], OpenVEX: ['openvex.json'] },
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder, 'pinwatch-report.md') }),
  });
}

async function writeReport(client: PinwatchClient, target: Uri, t: Translate): Promise<void> {
  const text = await readReport(client, formatOf(target.path), t);
  if (text === undefined) {
    return;
  }
  await workspace.fs.writeFile(target, new TextEncoder().encode(text.endsWith('\n') ? text : `${text}\n`));
  window.setStatusBarMessage(t('Pinwatch: report written to {0}.', workspace.asRelativePath(target)), 5_000);
}

function formatOf(path: string): ReportFormat {
  const [, ending = ''] = /\.(md|markdown|sarif|sarif\.json|cdx\.json|openvex\.json)$/iu.exec(path) ?? [];
  switch (ending.toLowerCase()) {
    case 'md':
    case 'markdown':
      return 'markdown';
    case 'sarif':
    case 'sarif.json':
      return 'sarif';
    case 'cdx.json':
      return 'cyclonedx';
    case 'openvex.json':
      return 'openvex';
    default:
      return 'json';
  }
}
