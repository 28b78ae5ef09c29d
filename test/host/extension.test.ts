import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { editorCommands, extensionId, languageId, serverCommands } from '../../protocol/ids.ts';
import type { Statistics } from '../../protocol/messages/figures/statistics.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { configure } from './configure.ts';
import { codesOf } from './shownFindings.ts';

describe(`Pinwatch in VS Code ${vscode.version}`, () => {
  let service: OsvService;
  let document: vscode.TextDocument;

  before(async function () {
    this.timeout(60_000);
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
    document = await open('requirements.txt');
    await diagnosticsWhere((found) => found.length > 0);
  });

  after(async () => {
    await configure('osv.url', undefined);
    await service.close();
  });

  afterEach(async () => {
    service.reset();
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  });

  const diagnostics = (): readonly vscode.Diagnostic[] =>
    vscode.languages.getDiagnostics(document.uri).filter((one) => one.source === 'pinwatch');

  /** Resolves with the diagnostics once they fulfil the condition; rejects with the last ones after a while. */
  async function diagnosticsWhere(
    fulfils: (found: readonly vscode.Diagnostic[]) => boolean,
  ): Promise<readonly vscode.Diagnostic[]> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (fulfils(diagnostics())) {
          clearTimeout(timer);
          listening.dispose();
          resolve(diagnostics());
        }
      };
      const listening = vscode.languages.onDidChangeDiagnostics(look);
      const timer = setTimeout(() => {
        listening.dispose();
        reject(new Error(`in vain; last: ${JSON.stringify(diagnostics())}`));
      }, 15_000);
      look();
    });
  }

  async function replace(line: number, text: string): Promise<void> {
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(line).range, text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  }

  it('is installed and active', () => {
    assert.equal(vscode.extensions.getExtension(extensionId)?.isActive, true);
  });

  it('takes requirement files for its language', async () => {
    for (const file of ['requirements.txt', 'requirements-dev.in', 'requirements/prod/base.txt', 'constraints.txt']) {
      const opened = await vscode.workspace.openTextDocument(uriOf(file));
      assert.equal(opened.languageId, languageId, file);
    }
  });

  it('underlines exactly the versions that have findings', () => {
    const drawn = diagnostics().map(({ range, severity, code }) => ({
      text: document.getText(range),
      line: range.start.line,
      severity,
      code: typeof code === 'object' ? code.value : code,
    }));
    assert.deepEqual(
      drawn.sort((a, b) => String(a.code).localeCompare(String(b.code))),
      [
        { text: '2.19.1', line: 2, severity: vscode.DiagnosticSeverity.Error, code: 'CVE-2018-18074' },
        { text: '3.2.0', line: 1, severity: vscode.DiagnosticSeverity.Error, code: 'CVE-2021-35042' },
      ],
    );
  });

  it('links each finding to its advisory and says all in one message', () => {
    const django = diagnostics().find((one) => one.range.start.line === 1);
    assert.ok(typeof django?.code === 'object');
    assert.match(django.code.target.toString(), /^https:\/\/osv\.dev\/vulnerability\/GHSA-xpfp-f569-q3p2$/u);
    assert.match(
      django.message,
      /^django 3\.2\.0 has 1 known vulnerability \(critical 9\.8, CVE-2021-35042\): .* Update to 3\.2\.5\.$/u,
    );
  });

  it('does not take a range for its floor', () => {
    assert.deepEqual(
      diagnostics().filter((one) => one.range.start.line === 4),
      [],
    );
  });

  it('answers a hover on name and version with text that is not trusted', async () => {
    for (const character of [2, 10]) {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new vscode.Position(1, character),
      );
      const contents = hovers.flatMap((hover) => hover.contents) as vscode.MarkdownString[];
      const ours = contents.find((one) => one.value.includes('1 known vulnerability'));
      assert.ok(ours, `no hover at ${character}`);
      assert.match(ours.value, /\[CVE\\-2021\\-35042\]\(https:\/\/osv\.dev/u);
      assert.match(ours.value, /Checked just now|Checked \d+ min ago/u);
      assert.notEqual(ours.isTrusted, true);
      assert.notEqual(ours.supportHtml, true);
    }
  });

  it('clears a finding when the version is changed to a fixed one', async () => {
    await replace(1, 'django==3.2.5');
    await diagnosticsWhere((found) => found.every((one) => one.range.start.line !== 1));
  });

  it('finds what a new line brings', async () => {
    await replace(3, 'six==1.16.0\nDjango==3.2.4');
    const found = await diagnosticsWhere((all) => all.some((one) => one.range.start.line === 4));
    assert.equal(found.filter((one) => one.range.start.line === 4).length, 1);
  });

  it('offers its commands', async () => {
    const commands = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(
      Object.values(editorCommands).filter((command) => !commands.has(command)),
      [],
    );
  });

  it('asks again on rescan, and only then', async () => {
    await vscode.window.showTextDocument(document);
    assert.equal(service.traffic.requests.querybatch, 0);
    await vscode.commands.executeCommand(editorCommands.rescan);
    assert.equal(service.traffic.requests.querybatch, 1);
    assert.equal(service.traffic.requests.vulns + service.traffic.requests.query, 0, 'the details are held already');
  });

  it('asks nothing when a file is opened again', async () => {
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    document = await open('requirements.txt');
    await diagnosticsWhere((found) => found.length === 2);
    assert.equal(service.traffic.requests.querybatch, 0);
  });

  it('finds the files of the workspace that are not open', async () => {
    await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
    assert.equal(service.traffic.requests.querybatch, 1);
    assert.deepEqual((service.traffic.batches[0] ?? []).map(({ name }) => name).sort(), [
      'django',
      'django',
      'flask',
      'requests',
      'requests',
      'six',
      'urllib3',
    ]);
  });

  it('gives its statistics', async () => {
    const statistics = await vscode.commands.executeCommand<Statistics>(serverCommands.statistics);
    assert.ok(statistics.cache.memory.entries > 0);
    assert.ok(statistics.cache.memory.hits > 0);
  });

  it('keeps what it found and says what it could not check when the service is down, then recovers', async () => {
    const down = service.faults.set('all', { kind: 'reset' });
    await replace(3, 'six==1.15.0');
    const found = await diagnosticsWhere((all) => codesOf(all).includes('could-not-check'));
    assert.deepEqual(codesOf(found), ['CVE-2018-18074', 'CVE-2021-35042', 'CVE-2023-32681', 'could-not-check']);
    assert.match(
      found.find((one) => one.code === 'could-not-check')?.message ?? '',
      /^six 1\.15\.0 could not be checked: 127/u,
    );
    down();
    await vscode.commands.executeCommand(editorCommands.rescan);
    await diagnosticsWhere((all) => !codesOf(all).includes('could-not-check'));
  });

  it('forgets its answers on clear and asks anew, once for all advisories of a package', async () => {
    await vscode.commands.executeCommand(editorCommands.clearCache);
    await service.waitFor(({ requests }) => requests.querybatch >= 1 && requests.query === 2);
    await diagnosticsWhere((found) => found.length === 2);
  });
});

function uriOf(file: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, file);
}

async function open(file: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(uriOf(file));
  await vscode.window.showTextDocument(document);
  return document;
}
