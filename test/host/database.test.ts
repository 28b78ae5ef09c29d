import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { editorCommands } from '../../protocol/ids.ts';
import { demoRecords } from '../support/demoRecords.ts';

describe('the local database in VS Code', () => {
  let folder: string;

  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-host-database-'))));

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await set('offline.mode', undefined);
    await set('offline.databasePath', undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  it('fails every line while there is none, and answers as soon as a file was imported', async () => {
    await set('offline.databasePath', path.join(folder, 'database'));
    await set('offline.mode', 'offline');
    const document = await vscode.workspace.openTextDocument({
      language: 'pip-requirements',
      content: 'requests==2.19.1\n',
    });
    await vscode.window.showTextDocument(document);
    const [failure] = await found(document.uri, ([one]) => one?.code === 'could-not-check');
    assert.match(failure?.message ?? '', /Pinwatch: Update Local Database/u);

    const file = path.join(folder, 'records.jsonl');
    writeFileSync(file, demoRecords.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await vscode.commands.executeCommand(editorCommands.importDatabase, vscode.Uri.file(file));
    await found(document.uri, (list) => list.length === 2);
  });
});

async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration('pinwatch').update(key, value, vscode.ConfigurationTarget.Global);
}

function found(
  uri: vscode.Uri,
  holds: (list: readonly vscode.Diagnostic[]) => boolean,
): Promise<readonly vscode.Diagnostic[]> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const list = vscode.languages.getDiagnostics(uri);
      if (holds(list)) {
        clearTimeout(timer);
        listening.dispose();
        resolve(list);
      }
    };
    const listening = vscode.languages.onDidChangeDiagnostics(look);
    const timer = setTimeout(() => {
      listening.dispose();
      reject(new Error(`waited in vain; last: ${JSON.stringify(vscode.languages.getDiagnostics(uri))}`));
    }, 15_000);
    look();
  });
}
