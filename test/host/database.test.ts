import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { editorCommands } from '../../protocol/ids.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { configure } from './configure.ts';
import { findingsWhere } from './shownFindings.ts';

describe('the local database in VS Code', () => {
  let folder: string;

  before(() => (folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-host-database-'))));

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await configure('offline.mode', undefined);
    await configure('offline.databasePath', undefined);
    rmSync(folder, { recursive: true, force: true });
  });

  it('fails every line while there is none, and answers as soon as a file was imported', async () => {
    await configure('offline.databasePath', path.join(folder, 'database'));
    await configure('offline.mode', 'offline');
    const document = await vscode.workspace.openTextDocument({
      language: 'pip-requirements',
      content: 'requests==2.19.1\n',
    });
    await vscode.window.showTextDocument(document);
    const [failure] = await findingsWhere(document.uri, 'a failure', ([first]) => first === 'could-not-check');
    assert.match(failure?.message ?? '', /Pinwatch: Update Local Database/u);

    const file = path.join(folder, 'records.jsonl');
    writeFileSync(file, demoRecords.map((record) => `${JSON.stringify(record)}\n`).join(''));
    await vscode.commands.executeCommand(editorCommands.importDatabase, vscode.Uri.file(file));
    await findingsWhere(document.uri, 'two', (codes) => codes.length === 2); // one of them beside the other
  });
});
