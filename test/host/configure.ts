import * as vscode from 'vscode';

/** Writes one of our settings as the user's own; `undefined` takes it out again. */
export async function configure(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('pinwatch').update(key, value, vscode.ConfigurationTarget.Global);
}
