import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorCommands, serverCommands } from '../../../protocol/ids.ts';
import type { FixAllResult } from '../../../protocol/messages/fixAll.ts';
import type { RescanResult } from '../../../protocol/messages/rescan.ts';
import { type OsvService, startOsvService } from '../../osv-service/osvService.ts';
import { demoRecords } from '../../support/demoRecords.ts';
import { findings } from '../shownFindings.ts';
import { memoryFiles } from './memoryFiles.ts';
import { configure } from '../configure.ts';

const text = '-r other.txt\n-c constraints.txt\ndjango==3.2.0\nsix\n';

/** Documents that are on no disk: another extension provides them. */
describe(`file systems of other extensions in VS Code ${vscode.version}`, () => {
  let service: OsvService;
  const files = new Map([
    ['/project/requirements.txt', text],
    ['/project/other.txt', 'requests==2.19.1\n'],
    ['/project/constraints.txt', 'six==1.16.0\n'],
  ]);
  const registrations: vscode.Disposable[] = [];
  const readOnly = vscode.Uri.parse('memfs-ro:/project/requirements.txt');
  const writable = vscode.Uri.parse('memfs-rw:/project/requirements.txt');

  before(async function () {
    this.timeout(60_000);
    registrations.push(
      vscode.workspace.registerFileSystemProvider('memfs-ro', memoryFiles(files), { isReadonly: true }),
      vscode.workspace.registerFileSystemProvider('memfs-rw', memoryFiles(new Map(files))),
    );
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    registrations.forEach((one) => void one.dispose());
    await configure('osv.url', undefined);
    await service.close();
  });

  const unread = ['include.unreadable', 'include.unreadable'];
  const django = 'CVE-2021-35042';

  async function open(uri: vscode.Uri): Promise<vscode.TextDocument> {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    return document;
  }

  it('that can be written to: an open file is checked and fixed, and what it includes is said not to have been read', async () => {
    const document = await open(writable);
    const [include, constraints, finding] = await findings(writable, [django, ...unread]);
    for (const one of [include, constraints]) {
      assert.match(one?.message ?? '', /^\S+ was not read: the document is not on disk\.$/u);
      assert.equal(one?.severity, vscode.DiagnosticSeverity.Warning);
    }
    assert.equal(finding?.range.start.line, 2);
    await vscode.commands.executeCommand(editorCommands.fixAll, writable);
    assert.equal(document.lineAt(2).text, 'django==3.2.5');
    assert.ok(document.isDirty);
    assert.ok(await document.save());
    await findings(writable, unread);
  });

  it('write no ignore where it would not hold', async () => {
    await vscode.commands.executeCommand(editorCommands.ignoreAdvisory, {
      uri: writable.toString(),
      id: django,
      reason: 'a test',
    });
    const toml = vscode.Uri.joinPath(writable, '..', 'osv-scanner.toml');
    await assert.rejects(async () => vscode.workspace.fs.stat(toml), /FileNotFound|osv-scanner/u);
  });

  it('that are read-only: a file is checked once its folder belongs to the workspace', async function () {
    this.timeout(30_000);
    await open(readOnly);
    const count = vscode.workspace.workspaceFolders?.length ?? 0;
    // The answer to this question comes from the server, which knows of no other document by then.
    const before = await vscode.commands.executeCommand<RescanResult>(serverCommands.rescan);
    assert.ok(vscode.workspace.updateWorkspaceFolders(count, 0, { uri: vscode.Uri.joinPath(readOnly, '..') }));
    await findings(readOnly, [django, ...unread]);
    const after = await vscode.commands.executeCommand<RescanResult>(serverCommands.rescan);
    assert.equal(after.files, before.files + 1, 'the copy alone was not looked at before');
  });

  it('that are read-only: nothing there is changed, not even on the screen', async () => {
    const document = await open(readOnly);
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      readOnly,
      document.lineAt(2).range,
      vscode.CodeActionKind.QuickFix.value,
    );
    assert.deepEqual(
      actions.filter(({ edit }) => edit !== undefined).map(({ title }) => title),
      [],
    );
    assert.equal(actions.filter(({ title }) => title === 'The file system of this file is read-only.').length, 1);
    await vscode.commands.executeCommand(editorCommands.fixAll, readOnly);
    const result = await vscode.commands.executeCommand<FixAllResult>(serverCommands.fixAll, {
      uris: [readOnly.toString()],
      readOnlySchemes: [readOnly.scheme],
    });
    assert.equal(result.fixed, 0);
    assert.match(result.left[0]?.reason ?? '', /read-only/u);
    assert.equal(document.getText(), text);
    await findings(readOnly, [django, ...unread]);
  });
});
