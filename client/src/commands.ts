import {
  type CancellationToken,
  commands,
  type Disposable,
  languages,
  type LogOutputChannel,
  ProgressLocation,
  Uri,
  window,
} from 'vscode';
import { editorCommands, serverCommands } from '../../protocol/ids.ts';
import type { ClearCacheResult, RescanParams, RescanResult, Statistics } from '../../protocol/messages.ts';
import { rescanText } from './rescanText.ts';
import type { PinwatchClient } from './languageClient.ts';
import type { StatisticsDocument } from './statisticsDocument.ts';

/** The quick pick behind the status bar item; of no use in the palette, so not in the manifest. */
export const showCommandsCommand = { command: 'pinwatch.showCommands', title: 'Commands' } as const;

const messageMs = 5_000;

interface Services {
  readonly client: PinwatchClient;
  readonly output: LogOutputChannel;
  readonly statistics: StatisticsDocument;
}

export function registerCommands(services: Services): Disposable[] {
  const { client, output, statistics } = services;
  const register = (id: string, failure: string, run: (argument: unknown) => Promise<void>): Disposable =>
    commands.registerCommand(id, (argument: unknown) => guarded(output, failure, () => run(argument)));
  return [
    register(editorCommands.rescan, 'The file could not be rescanned.', (uri) => rescanFile(client, uri)),
    register(editorCommands.rescanWorkspace, 'The workspace could not be rescanned.', () => rescanWorkspace(client)),
    register(editorCommands.clearCache, 'The cache could not be cleared.', () => clearCache(client)),
    register(editorCommands.showStatistics, 'The statistics could not be read.', async () =>
      statistics.show(await client.execute<Statistics>(serverCommands.statistics, [])),
    ),
    commands.registerCommand(editorCommands.showOutput, () => output.show()),
    commands.registerCommand(showCommandsCommand.command, showCommands),
  ];
}

/** One message for a failed command; a cancelled one was the user's wish. */
async function guarded(output: LogOutputChannel, failure: string, run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    output.error(failure, error);
    const reason = error instanceof Error ? error.message : String(error);
    const showOutput = 'Show Output';
    const chosen = await window.showErrorMessage(
      `Pinwatch: ${failure} ${reason} Try again; if it fails again, reload the window and see the output.`,
      showOutput,
    );
    if (chosen === showOutput) {
      output.show();
    }
  }
}

async function rescanFile(client: PinwatchClient, argument: unknown): Promise<void> {
  const document = window.activeTextEditor?.document;
  // Menus hand over the file they were opened on, a code lens its address; the palette means the active one.
  const uri =
    argument instanceof Uri
      ? argument
      : typeof argument === 'string'
        ? Uri.parse(argument)
        : document !== undefined && languages.match(client.filters, document) > 0
          ? document.uri
          : undefined;
  if (uri === undefined) {
    window.setStatusBarMessage('Pinwatch: open a requirements file first, then rescan it.', messageMs);
    return;
  }
  const params: RescanParams = { uris: [uri.toString()] };
  showResult(await client.execute<RescanResult>(serverCommands.rescan, [params]));
}

async function rescanWorkspace(client: PinwatchClient): Promise<void> {
  const progress = {
    location: ProgressLocation.Notification,
    title: 'Pinwatch: checking every requirements file',
    cancellable: true,
  };
  await window.withProgress(progress, async (_progress, token: CancellationToken) => {
    try {
      showResult(await client.execute<RescanResult>(serverCommands.rescan, [], token));
    } catch (error) {
      if (!token.isCancellationRequested) {
        throw error;
      }
    }
  });
}

async function clearCache(client: PinwatchClient): Promise<void> {
  const { entries } = await client.execute<ClearCacheResult>(serverCommands.clearCache, []);
  window.setStatusBarMessage(`Pinwatch: ${entries} cached answers and advisories forgotten.`, messageMs);
}

function showResult(result: RescanResult): void {
  window.setStatusBarMessage(`Pinwatch: ${rescanText(result)}`, messageMs);
}

async function showCommands(): Promise<void> {
  const picks = [
    { label: '$(refresh) Rescan File', command: editorCommands.rescan },
    { label: '$(search) Rescan Workspace', command: editorCommands.rescanWorkspace },
    { label: '$(clear-all) Clear Cache', command: editorCommands.clearCache },
    { label: '$(graph) Show Cache Statistics', command: editorCommands.showStatistics },
    { label: '$(output) Show Output', command: editorCommands.showOutput },
  ];
  const picked = await window.showQuickPick(picks, { title: 'Pinwatch' });
  if (picked !== undefined) {
    await commands.executeCommand(picked.command);
  }
}
