import { type ExtensionContext, window } from 'vscode';
import { registerCommands, showCommandsCommand } from './commands.ts';
import { PinwatchClient } from './languageClient.ts';
import { StatisticsDocument } from './statisticsDocument.ts';
import { createStatusItem } from './statusItem.ts';

/** Returns before the server runs: the status bar item says that it is starting. */
export function activate(context: ExtensionContext): void {
  const output = window.createOutputChannel('Pinwatch', { log: true });
  const client = new PinwatchClient(context, output);
  const statistics = new StatisticsDocument();
  context.subscriptions.push(
    output,
    client,
    statistics,
    createStatusItem(client, showCommandsCommand),
    ...registerCommands({ client, output, statistics }),
  );
  void client.start();
}
