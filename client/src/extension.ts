import { type ExtensionContext, window } from 'vscode';
import { activationMeasure } from '../../protocol/ids.ts';
import { registerCommands } from './commands/commands.ts';
import { showCommandsCommand } from './commands/statusMenu.ts';
import { FindingsView } from './views/findingsView.ts';
import { PinwatchClient } from './languageClient.ts';
import { createStatusItem } from './views/statusItem.ts';
import { createUncheckedItem } from './views/uncheckedItem.ts';
import { editorWording } from './texts/wording.ts';

// VS Code hands `deactivate` nothing, so what it has to wait for is remembered here.
const running: { client?: PinwatchClient } = {};

/** Returns before the server runs: the status bar item says that it is starting. */
export function activate(context: ExtensionContext): void {
  const startMs = performance.now();
  const output = window.createOutputChannel('Pinwatch', { log: true });
  const client = new PinwatchClient(context, output);
  const wording = editorWording();
  const view = new FindingsView(client, context.workspaceState, wording.t);
  running.client = client;
  context.subscriptions.push(
    client,
    view,
    ...registerCommands({ client, view, output, wording, secrets: context.secrets }),
    // Last, since the others may still log.
    output,
  );
  // In turns of their own: the first look at the settings, and starting a process, each take as long as all of the above,
  // and others wait to be activated.
  const commands = { command: showCommandsCommand, title: wording.t('Commands') };
  let next = setImmediate(() => {
    context.subscriptions.push(createStatusItem(client, commands, wording), createUncheckedItem(client, wording.t));
    next = setImmediate(() => void client.start());
  });
  context.subscriptions.push({ dispose: () => clearImmediate(next) });
  // Read by a test: what runs here holds up every other extension.
  performance.measure(activationMeasure, { start: startMs });
}

/** Resolves when the server has ended. */
export async function deactivate(): Promise<void> {
  await running.client?.stop();
}
