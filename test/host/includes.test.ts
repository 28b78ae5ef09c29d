import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { codesOf } from './shownFindings.ts';

describe('includes in VS Code', () => {
  let service: OsvService;
  let folder: string;
  const uriOf = (name: string): vscode.Uri => vscode.Uri.file(path.join(folder, name));
  const write = (name: string, text: string): void => writeFileSync(path.join(folder, name), text);

  before(async function () {
    this.timeout(30_000);
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(workspace);
    folder = path.join(workspace, 'app');
    mkdirSync(folder);
    write('base.txt', 'requests==2.19.1\n');
    write('constraints.txt', 'django==3.2.0\n');
    write('requirements.txt', '-r base.txt\n-c constraints.txt\ndjango\n-r gone.txt\n');
    service = await startOsvService({ records: [demoRecords] });
    await vscode.workspace
      .getConfiguration('pinwatch')
      .update('osv.url', service.url, vscode.ConfigurationTarget.Global);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf('requirements.txt')));
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true });
    await vscode.workspace.getConfiguration('pinwatch').update('osv.url', undefined, vscode.ConfigurationTarget.Global);
    await service.close();
  });

  function found(name: string, codes: readonly string[]): Promise<readonly vscode.Diagnostic[]> {
    const now = (): readonly vscode.Diagnostic[] => vscode.languages.getDiagnostics(uriOf(name));
    const codesNow = (): string => codesOf(now()).join();
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (codesNow() === codes.join()) {
          clearTimeout(timer);
          listening.dispose();
          resolve(now());
        }
      };
      const listening = vscode.languages.onDidChangeDiagnostics(look);
      const timer = setTimeout(() => {
        listening.dispose();
        reject(new Error(`${name} has ${codesNow()} instead of ${codes.join()}`));
      }, 15_000);
      look();
    });
  }

  it('shows the findings of an included file there, and where it is included', async () => {
    const [finding] = await found('base.txt', ['CVE-2018-18074', 'CVE-2023-32681']);
    const related = finding?.relatedInformation?.at(-1);
    assert.equal(related?.location.uri.toString(), uriOf('requirements.txt').toString());
    assert.equal(related.location.range.start.line, 0);
  });

  it('checks a name at the version of the constraints, and says at its line what was not read', async () => {
    const diagnostics = await found('requirements.txt', ['CVE-2021-35042', 'include.unreadable']);
    const django = diagnostics.find(({ range }) => range.start.line === 2);
    assert.match(
      django?.message ?? '',
      /^django 3\.2\.0 \(pinned by app\/constraints\.txt\) has 1 known vulnerability \(critical 9\.8, CVE-2021-35042\)/u,
    );
    assert.equal(diagnostics.find(({ range }) => range.start.line === 3)?.severity, vscode.DiagnosticSeverity.Warning);
  });

  it('follows what changes on disk', async function () {
    this.timeout(30_000);
    write('base.txt', 'requests==2.31.0\n');
    await found('base.txt', []);
    write('constraints.txt', 'django==3.2.5\n');
    write('gone.txt', 'django==3.2.4\n');
    await found('gone.txt', ['CVE-2021-35042']);
    await found('requirements.txt', []);
  });
});
