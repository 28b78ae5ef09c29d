import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { editorCommands, languageId, serverCommands } from '../../../protocol/ids.ts';
import type { RescanResult } from '../../../protocol/messages/rescan.ts';
import { type OsvService, startOsvService } from '../../osv-service/osvService.ts';
import { demoRecords } from '../../support/demoRecords.ts';
import { eventually } from '../eventually.ts';
import { codesIn, findings, shownIn } from '../shownFindings.ts';
import { configure } from '../configure.ts';

const requests = ['CVE-2018-18074', 'CVE-2023-32681'];

describe(`a window without a folder in VS Code ${vscode.version}`, () => {
  let service: OsvService;
  let folder: string;
  let document: vscode.TextDocument;
  const uriOf = (name: string): vscode.Uri => vscode.Uri.file(path.join(folder, name));
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

  before(async function () {
    this.timeout(60_000);
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-no-folder-'));
    write('requirements.txt', '-r base.txt\n-c constraints.txt\ndjango\nsix==1.16.0\n');
    write('base.txt', 'requests==2.19.1\n');
    write('constraints.txt', 'django==3.2.0\n');
    write('other-requirements.txt', 'django==3.2.4\n');
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
    document = await vscode.workspace.openTextDocument(uriOf('requirements.txt'));
    await vscode.window.showTextDocument(document);
    await findings(document.uri, ['CVE-2021-35042']);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await configure('osv.url', undefined);
    await service.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has none', () => {
    assert.equal(vscode.workspace.workspaceFolders, undefined);
  });

  it('shows findings, follows includes beside the file and judges by its constraints', async () => {
    const message = (): string => shownIn(document.uri)[0]?.message ?? '';
    // Until the constraints have been read, the name alone is judged, with the same code.
    await eventually(
      vscode.languages.onDidChangeDiagnostics,
      () => /^django 3\.2\.0 \(pinned by constraints\.txt\) has /u.test(message()),
      message,
    );
    assert.equal(shownIn(document.uri)[0]?.range.start.line, 2);
    await findings(uriOf('base.txt'), requests);
  });

  it('answers a hover', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(2, 2),
    );
    const text = hovers.flatMap(({ contents }) => contents as vscode.MarkdownString[]).map(({ value }) => value);
    assert.match(text.join('\n'), /1 known vulnerability/u);
  });

  it('keeps its answers in the storage of all windows', async () => {
    const cache = path.join(storageOfAllWindows(), 'cache');
    // Written a moment after the answer; asking anew makes the next write.
    await vscode.commands.executeCommand(editorCommands.rescan);
    assert.ok(existsSync(cache), `there is no ${cache}`);
    assert.ok(readdirSync(cache).length > 0);
  });

  it('rescans what is open when told to rescan the workspace, and nothing else', async () => {
    service.reset();
    await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
    const result = await vscode.commands.executeCommand<RescanResult>(serverCommands.rescan);
    assert.equal(result.files, 3, 'the open one and what it includes');
    const asked = service.traffic.batches.flat().map(({ name }) => name);
    assert.deepEqual([...new Set(asked)].sort(), ['django', 'requests', 'six']);
    assert.deepEqual(codesIn(uriOf('other-requirements.txt')), []);
  });

  it('reports on what is open', async () => {
    await vscode.commands.executeCommand(editorCommands.showReport);
    // A page in the Markdown preview, which no editor has.
    const shown = (): vscode.TextDocument | undefined =>
      vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'pinwatch-report');
    await eventually(
      vscode.workspace.onDidOpenTextDocument,
      () => shown() !== undefined,
      () => 'no report',
    );
    const report = shown();
    assert.ok(report);
    assert.match(report.getText(), /CVE\\-2021\\-35042/u);
    assert.match(report.getText(), /in 3 files/u);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  it('writes an ignore beside the file; it holds at once and can be taken back', async () => {
    const toml = uriOf('osv-scanner.toml');
    const request = { uri: document.uri.toString(), id: 'CVE-2021-35042', reason: 'a test' };
    await vscode.commands.executeCommand(editorCommands.ignoreAdvisory, request);
    assert.match(
      readFileSync(toml.fsPath, 'utf8'),
      /^\[\[IgnoredVulns\]\]\nid = "CVE-2021-35042"\nreason = "a test"\n/u,
    );
    await findings(document.uri, []);
    const written = await vscode.workspace.openTextDocument(toml);
    await vscode.window.showTextDocument(written);
    await vscode.window.activeTextEditor?.edit((edit) =>
      edit.delete(new vscode.Range(new vscode.Position(0, 0), written.lineAt(written.lineCount - 1).range.end)),
    );
    await written.save();
    await findings(document.uri, ['CVE-2021-35042']);
  });

  it('follows what changes on disk beside the file', async () => {
    write('base.txt', 'requests==2.31.0\n');
    await findings(uriOf('base.txt'), []);
    rmSync(uriOf('constraints.txt').fsPath);
    const [unread, possible] = await findings(document.uri, ['CVE-2021-35042', 'include.unreadable']);
    assert.equal(unread?.range.start.line, 1);
    assert.match(
      possible?.message ?? '',
      /^django has no version limit: it allows 3\.2 up to before 3\.2\.5, with 1 known /u,
    );
    write('constraints.txt', 'django==3.2.5\n');
    await findings(document.uri, []);
    write('constraints.txt', 'django==3.2.0\n');
    await findings(document.uri, ['CVE-2021-35042']);
  });

  it('follows what changes beside a file that only the settings name, too', async () => {
    const own = mkdtempSync(path.join(folder, 'own-'));
    const [list, more] = [path.join(own, 'wanted.txt'), path.join(own, 'more.txt')].map((file) =>
      vscode.Uri.file(file),
    );
    assert.ok(list && more);
    writeFileSync(list.fsPath, '-r more.txt\ndjango==3.2.0\n');
    writeFileSync(more.fsPath, 'six==1.16.0\n');
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(list));
    try {
      await configure('files.include', ['wanted.txt']);
      await findings(list, ['CVE-2021-35042']);
      writeFileSync(more.fsPath, 'requests==2.19.1\n');
      await findings(more, requests);
    } finally {
      await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
      await configure('files.include', undefined);
    }
    await findings(document.uri, ['CVE-2021-35042']);
  });

  it('checks a document that is in no file; an ignore for it is not written anywhere', async () => {
    const untitled = await vscode.workspace.openTextDocument({
      language: languageId,
      content: '-r base.txt\ndjango==3.2.0\nsix\n',
    });
    await vscode.window.showTextDocument(untitled);
    const found = await findings(untitled.uri, ['CVE-2021-35042', 'include.unreadable']);
    assert.match(found[0]?.message ?? '', /not on disk/u);
    const request = { uri: untitled.uri.toString(), id: 'CVE-2021-35042', reason: 'a test' };
    await vscode.commands.executeCommand(editorCommands.ignoreAdvisory, request);
    assert.deepEqual(codesIn(untitled.uri), ['CVE-2021-35042', 'include.unreadable']);
    await vscode.commands.executeCommand(editorCommands.fixAll, untitled.uri);
    await eventually(
      vscode.workspace.onDidChangeTextDocument,
      () => untitled.lineAt(1).text === 'django==3.2.5',
      () => untitled.getText(),
    );
    await findings(untitled.uri, ['include.unreadable']);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  it('fixes a file', async () => {
    write('fixed-requirements.txt', 'django==3.2.0\nsix==1.16.0\n');
    const fixed = await vscode.workspace.openTextDocument(uriOf('fixed-requirements.txt'));
    await vscode.window.showTextDocument(fixed);
    await findings(fixed.uri, ['CVE-2021-35042']);
    const actions = await vscode.commands.executeCommand<readonly vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      fixed.uri,
      fixed.lineAt(0).range,
      vscode.CodeActionKind.QuickFix.value,
    );
    const [preferred] = actions.filter(({ isPreferred }) => isPreferred === true);
    assert.ok(preferred?.edit);
    assert.ok(await vscode.workspace.applyEdit(preferred.edit));
    assert.equal(fixed.getText(), 'django==3.2.5\nsix==1.16.0\n');
    await findings(fixed.uri, []);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.window.showTextDocument(document);
  });
});

function storageOfAllWindows(): string {
  const home = process.env['PINWATCH_TEST_HOME'];
  assert.ok(home, 'PINWATCH_TEST_HOME says where this VS Code keeps its files');
  return path.join(home, 'data', 'User', 'globalStorage', 'pinwatch.pinwatch');
}
