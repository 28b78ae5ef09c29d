import {
  type CancellationToken,
  commands,
  type Disposable,
  languages,
  type LogOutputChannel,
  ProgressLocation,
  type SecretStorage,
  Uri,
  window,
  workspace,
} from 'vscode';
import { setCacheKey } from './cacheKey.ts';
import { editorCommands, serverCommands } from '../../../protocol/ids.ts';
import type {
  ClearCacheResult,
  Health,
  RescanParams,
  RescanResult,
  SentData,
  Statistics,
} from '../../../protocol/messages.ts';
import { fixFile, fixWorkspace } from './fixCommands.ts';
import { importDatabase, updateDatabase } from './databaseCommands.ts';
import { healthText } from '../texts/healthText.ts';
import { ignoreAdvisory } from './ignoreAdvisory.ts';
import type { PinwatchClient } from '../languageClient.ts';
import { setRedisPassword } from './redisPassword.ts';
import { exportReport, readReport } from './reports.ts';
import { rescanText } from '../texts/rescanText.ts';
import { scopedText, type SearchedScope } from '../searchedScope.ts';
import { sentDataText } from '../texts/sentDataText.ts';
import { statisticsText } from '../texts/statisticsText.ts';
import { totalsFirst } from '../texts/totalsFirst.ts';
import type { Translate, Wording } from '../texts/translate.ts';
import { VirtualDocuments } from '../views/virtualDocuments.ts';
import { workspaceScope } from '../workspaceScope.ts';

/** The quick pick behind the status bar item; of no use in the palette, so not in the manifest. */
export const showCommandsCommand = 'pinwatch.showCommands';

const messageMs = 5_000;

interface Services {
  readonly client: PinwatchClient;
  readonly output: LogOutputChannel;
  readonly wording: Wording;
  readonly secrets: SecretStorage;
}

export function registerCommands({ client, output, wording, secrets }: Services): Disposable[] {
  const { t } = wording;
  const register = (id: string, failure: string, run: (argument: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(id, (argument: unknown) => guarded(output, failure, t, () => run(argument)));
  const texts = documentTexts(client, wording);
  const documents = new VirtualDocuments('pinwatch', texts);
  const reports = new VirtualDocuments('pinwatch-report', {});
  const show = async (name: keyof typeof texts): Promise<void> => documents.show(name, await texts[name]());
  return [
    documents,
    reports,
    register(editorCommands.rescan, t('The file could not be rescanned.'), (uri) => rescanFile(client, uri, t)),
    register(editorCommands.rescanWorkspace, t('The workspace could not be rescanned.'), () =>
      rescanWorkspace(client, t),
    ),
    register(editorCommands.fixAll, t('The file could not be fixed.'), async (argument) => {
      const uri = meantFile(client, argument);
      if (uri === undefined) {
        window.setStatusBarMessage(t('Pinwatch: open a requirements file first, then fix it.'), messageMs);
      } else {
        await fixFile(client, uri, t);
      }
    }),
    register(editorCommands.fixAllInWorkspace, t('The workspace could not be fixed.'), () => fixWorkspace(client, t)),
    register(editorCommands.ignoreAdvisory, t('The advisory could not be ignored.'), (argument) =>
      ignoreAdvisory(client, argument, t),
    ),
    register(editorCommands.clearCache, t('The cache could not be cleared.'), () => clearCache(client, t)),
    register(editorCommands.showStatistics, t('The statistics could not be read.'), () => show('statistics.txt')),
    register(editorCommands.showHealth, t('The health of the server could not be read.'), () => show('health.txt')),
    register(editorCommands.showMetrics, t('The metrics could not be read.'), () => show('metrics.prom')),
    register(editorCommands.showSentData, t('What is sent could not be listed.'), () => show('sent data.txt')),
    register(editorCommands.showReport, t('The report could not be made.'), async () => {
      const text = await readReport(client, 'text', t);
      if (text !== undefined) {
        await reports.show('Pinwatch report.txt', totalsFirst(text));
      }
    }),
    register(editorCommands.exportReport, t('The report could not be written.'), (target) =>
      exportReport(client, target, t),
    ),
    register(editorCommands.updateDatabase, t('The local database could not be updated.'), () =>
      updateDatabase({ client, output, wording }),
    ),
    register(editorCommands.importDatabase, t('The file could not be imported.'), (file) =>
      importDatabase(file, { client, output, wording }),
    ),
    register(editorCommands.setRedisPassword, t('The password could not be kept.'), () => setRedisPassword(secrets, t)),
    register(editorCommands.setCacheKey, t('The cache key could not be kept.'), () => setCacheKey(secrets, t)),
    commands.registerCommand(editorCommands.showOutput, () => output.show()),
    commands.registerCommand(showCommandsCommand, () => showCommands(t)),
  ];
}

/** What the read-only documents say, by file name; each asks the server again. */
function documentTexts(client: PinwatchClient, wording: Wording) {
  const { t } = wording;
  const pathOf = (uri: string): string => workspace.asRelativePath(Uri.parse(uri));
  return {
    'statistics.txt': async () => statisticsText(await client.execute<Statistics>(serverCommands.statistics, []), t),
    'health.txt': async () => healthText(await client.execute<Health>(serverCommands.health, []), wording),
    'metrics.prom': () => client.execute<string>(serverCommands.metrics, []),
    'sent data.txt': async () => sentDataText(await client.execute<SentData>(serverCommands.sentData, []), t, pathOf),
  } as const;
}

/** One message for a failed command; a cancelled one was the user's wish. */
async function guarded(
  output: LogOutputChannel,
  failure: string,
  t: Translate,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
  } catch (error) {
    output.error(failure, error);
    const reason = error instanceof Error ? error.message : String(error);
    // Not awaited: the command is over, though the message may stand for long.
    void offerOutput(
      t('Pinwatch: {0} {1} Try again; if it fails again, reload the window and see the output.', failure, reason),
      output,
      t,
    );
  }
}

async function offerOutput(message: string, output: LogOutputChannel, t: Translate): Promise<void> {
  const showOutput = t('Show Output');
  if ((await window.showErrorMessage(message, showOutput)) === showOutput) {
    output.show();
  }
}

async function rescanFile(client: PinwatchClient, argument: unknown, t: Translate): Promise<void> {
  const uri = meantFile(client, argument);
  if (uri === undefined) {
    window.setStatusBarMessage(t('Pinwatch: open a requirements file first, then rescan it.'), messageMs);
    return;
  }
  const params: RescanParams = { uris: [uri.toString()] };
  showResult(await client.execute<RescanResult>(serverCommands.rescan, [params]), t);
}

/** Menus hand over the file they were opened on, a code lens its address; the palette means the active one. */
function meantFile(client: PinwatchClient, argument: unknown): Uri | undefined {
  if (argument instanceof Uri) {
    return argument;
  }
  if (typeof argument === 'string') {
    return Uri.parse(argument);
  }
  const document = window.activeTextEditor?.document;
  return document !== undefined && languages.match(client.filters, document) > 0 ? document.uri : undefined;
}

async function rescanWorkspace(client: PinwatchClient, t: Translate): Promise<void> {
  const progress = {
    location: ProgressLocation.Notification,
    title: t('Pinwatch: checking every requirements file'),
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

async function clearCache(client: PinwatchClient, t: Translate): Promise<void> {
  const { entries } = await client.execute<ClearCacheResult>(serverCommands.clearCache, []);
  window.setStatusBarMessage(t('Pinwatch: {0} cached answers and advisories forgotten.', entries), messageMs);
}

function showResult(result: RescanResult, t: Translate, scope: SearchedScope = 'everyFolder'): void {
  window.setStatusBarMessage(`Pinwatch: ${scopedText(rescanText(result, t), scope, t)}`, messageMs);
}

async function showCommands(t: Translate): Promise<void> {
  const picks = [
    { label: `$(refresh) ${t('Rescan File')}`, command: editorCommands.rescan },
    { label: `$(refresh) ${t('Rescan Workspace')}`, command: editorCommands.rescanWorkspace },
    { label: `$(wrench) ${t('Fix All in File')}`, command: editorCommands.fixAll },
    { label: `$(wrench) ${t('Fix All in Workspace…')}`, command: editorCommands.fixAllInWorkspace },
    { label: `$(file-text) ${t('Show Report')}`, command: editorCommands.showReport },
    { label: `$(save) ${t('Export Report…')}`, command: editorCommands.exportReport },
    { label: `$(eye) ${t('Show Sent Data')}`, command: editorCommands.showSentData },
    { label: `$(cloud-download) ${t('Update Local Database')}`, command: editorCommands.updateDatabase },
    { label: `$(file-zip) ${t('Import Local Database…')}`, command: editorCommands.importDatabase },
    { label: `$(graph) ${t('Show Cache Statistics')}`, command: editorCommands.showStatistics },
    { label: `$(pulse) ${t('Show Health')}`, command: editorCommands.showHealth },
    { label: `$(clear-all) ${t('Clear Cache')}`, command: editorCommands.clearCache },
    { label: `$(output) ${t('Show Output')}`, command: editorCommands.showOutput },
  ];
  const picked = await window.showQuickPick(picks, { title: 'Pinwatch' });
  if (picked !== undefined) {
    await commands.executeCommand(picked.command);
  }
}
