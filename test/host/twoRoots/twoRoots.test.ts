import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { editorCommands, serverCommands } from '../../../protocol/ids.ts';
import type { RescanResult } from '../../../protocol/messages/rescan.ts';
import { type OsvService, startOsvService } from '../../osv-service/osvService.ts';
import { demoRecords } from '../../support/demoRecords.ts';
import { eventually } from '../eventually.ts';
import { codesIn, findings, shownIn } from '../shownFindings.ts';
import { configure } from '../configure.ts';

const django = 'CVE-2021-35042'; // critical
const redirect = 'CVE-2018-18074'; // high
const proxy = 'CVE-2023-32681'; // medium

/**
 * Three folders that require the same. `api` ignores one finding and makes a medium one an error; `worker` ignores another, shows
 * none below high and keeps a name to itself; `late` joins later and shows critical ones only.
 */
describe(`a window with two folders in VS Code ${vscode.version}`, () => {
  let service: OsvService;
  const [apiRoot, workerRoot] = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  assert.ok(apiRoot !== undefined && workerRoot !== undefined, 'both folders are open');
  const lateRoot = vscode.Uri.joinPath(apiRoot, '..', 'late');
  const requirementsOf = (root: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(root, 'requirements.txt');
  const api = requirementsOf(apiRoot);
  const worker = requirementsOf(workerRoot);
  const late = requirementsOf(lateRoot);

  before(async function () {
    this.timeout(60_000);
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(api));
    await findings(api, [django, proxy]);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await configure('osv.url', undefined);
    await service.close();
  });

  it('goes by the settings and the ignores of the folder that a file lies in', async () => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(worker));
    await findings(worker, [redirect]);
    const [, medium] = await findings(api, [django, proxy]);
    assert.equal(medium?.severity, vscode.DiagnosticSeverity.Error);
  });

  it('rescans the files of both, and never asks about what one of them keeps to itself', async () => {
    service.reset();
    const result = await vscode.commands.executeCommand<RescanResult>(serverCommands.rescan);
    assert.equal(result.files, 3);
    assert.equal(result.requirements, 5);
    assert.equal(result.failed, 0);
    const asked = new Set(service.traffic.batches.flat().map(({ name }) => name));
    assert.deepEqual([...asked].sort(), ['django', 'requests']);
  });

  it('reports on both, with the folder in front of each path', async () => {
    const target = vscode.Uri.joinPath(apiRoot, '..', 'report.json');
    await vscode.commands.executeCommand(editorCommands.exportReport, target);
    const report = JSON.parse(readFileSync(target.fsPath, 'utf8')) as {
      readonly files: readonly { readonly path: string }[];
    };
    assert.deepEqual(
      report.files.map((file) => file.path),
      ['api/requirements.txt', 'worker/requirements-dev.txt', 'worker/requirements.txt'],
    );
  });

  it('writes an ignore into the folder of the file alone', async () => {
    const toml = path.join(workerRoot.fsPath, 'osv-scanner.toml');
    const before = readFileSync(toml, 'utf8');
    const other = readFileSync(path.join(apiRoot.fsPath, 'osv-scanner.toml'), 'utf8');
    await vscode.commands.executeCommand(editorCommands.ignoreAdvisory, {
      uri: worker.toString(),
      id: redirect,
      reason: 'nor does the worker',
    });
    await findings(worker, []);
    assert.equal(readFileSync(path.join(apiRoot.fsPath, 'osv-scanner.toml'), 'utf8'), other);
    assert.deepEqual(codesIn(api), [django, proxy].sort());
    await vscode.workspace.fs.writeFile(vscode.Uri.file(toml), new TextEncoder().encode(before));
    await findings(worker, [redirect]);
  });

  it('takes up a change of settings of one folder', async () => {
    const settings = vscode.workspace.getConfiguration('pinwatch', apiRoot);
    const file = path.join(apiRoot.fsPath, '.vscode', 'settings.json');
    const before = readFileSync(file, 'utf8');
    await settings.update('diagnostics.minimumSeverity', 'critical', vscode.ConfigurationTarget.WorkspaceFolder);
    await findings(api, [django]);
    assert.deepEqual(codesIn(worker), [redirect]);
    writeFileSync(file, before);
    await findings(api, [django, proxy]);
  });

  it('checks a folder that joins, by its own settings, and lets go of one that leaves', async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await findings(worker, [redirect]);
    const count = vscode.workspace.workspaceFolders?.length ?? 0;
    await foldersChange(() => vscode.workspace.updateWorkspaceFolders(count, 0, { uri: lateRoot }));
    await findings(late, [django]);
    await findings(vscode.Uri.joinPath(lateRoot, 'deps', 'base.pip'), [django]);
    await foldersChange(() => vscode.workspace.updateWorkspaceFolders(count, 1));
    await findings(late, []);
    await findings(vscode.Uri.joinPath(lateRoot, 'deps', 'base.pip'), []);
    await findings(worker, [redirect]);
    await findings(api, [django, proxy]);
    const { files } = await vscode.commands.executeCommand<RescanResult>(serverCommands.rescan);
    assert.equal(files, 3);
  });

  it('goes on checking a file that is open when its folder leaves, by the settings of the window', async () => {
    const count = vscode.workspace.workspaceFolders?.length ?? 0;
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(worker));
    const folder = { uri: workerRoot };
    await foldersChange(() => vscode.workspace.updateWorkspaceFolders(count - 1, 1));
    // Its ignores are those beside it; its settings were the folder's.
    await findings(worker, [proxy, redirect]);
    await foldersChange(() => vscode.workspace.updateWorkspaceFolders(count - 1, 0, folder));
    await findings(worker, [redirect]);
    assert.equal(shownIn(worker)[0]?.severity, vscode.DiagnosticSeverity.Error);
  });

  after(() => rmSync(path.join(apiRoot.fsPath, '..', 'report.json'), { force: true }));
});

async function foldersChange(change: () => boolean): Promise<void> {
  const before = String(vscode.workspace.workspaceFolders?.length);
  assert.ok(change(), 'the folders can be changed');
  await eventually(
    vscode.workspace.onDidChangeWorkspaceFolders,
    () => String(vscode.workspace.workspaceFolders?.length) !== before,
    () => `${before} folders`,
  );
}
