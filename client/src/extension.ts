import { type ExtensionContext, window } from 'vscode';
import { registerCommands, showCommandsCommand } from './commands.ts';
import { PinwatchClient } from './languageClient.ts';
import { StatisticsDocument } from './statisticsDocument.ts';
import { createStatusItem } from './statusItem.ts';

// VS Code hands `deactivate` nothing, so what it has to wait for is remembered here.
const running: { client?: PinwatchClient } = {};

/** Returns before the server runs: the status bar item says that it is starting. */
export function activate(context: ExtensionContext): void {
  const output = window.createOutputChannel('Pinwatch', { log: true });
  const client = new PinwatchClient(context, output);
  const statistics = new StatisticsDocument();
  running.client = client;
  context.subscriptions.push(
    client,
    statistics,
    createStatusItem(client, showCommandsCommand),
    ...registerCommands({ client, output, statistics }),
    // Last, since the others may still log.
    output,
  );
  void client.start();
}

/** Resolves when the server has ended. */
export async function deactivate(): Promise<void> {
  await running.client?.stop();
}
