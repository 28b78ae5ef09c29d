import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as vscode from 'vscode';
import { activationMeasure, editorCommands, extensionId } from '../../protocol/ids.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { configure } from './configure.ts';
import { eventually } from './eventually.ts';

describe(`documents, reports and settings in VS Code ${vscode.version}`, () => {
  let service: OsvService;

  before(async function () {
    this.timeout(60_000);
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
    await configure('privacy.privatePackages', ['urllib*']);
    await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await configure('privacy.privatePackages', undefined);
    await configure('osv.url', undefined);
    await service.close();
  });

  /** What the command shows in the active editor. */
  async function shownBy(command: string): Promise<vscode.TextDocument> {
    await vscode.commands.executeCommand(command);
    const document = vscode.window.activeTextEditor?.document;
    assert.ok(document, `${command} shows a document`);
    return document;
  }

  it('keeps the extension host busy for a moment only', () => {
    const [activation] = performance.getEntriesByName(activationMeasure);
    assert.ok(activation, 'it has been activated');
    console.log(`activation: ${activation.duration.toFixed(1)} ms of synchronous work`);
    assert.ok(activation.duration < 100, `${activation.duration} ms`);
  });

  for (const [command, expected] of [
    [editorCommands.showStatistics, /^ {2}Hit rate +\d+ %$/mu],
    [editorCommands.showHealth, /^ {2}Address +http:\/\/127\.0\.0\.1:\d+$/mu],
    [editorCommands.showMetrics, /^# TYPE pinwatch_\w+ /mu],
  ] as const) {
    it(`${command} opens a read-only document`, async () => {
      const document = await shownBy(command);
      assert.equal(document.uri.scheme, 'pinwatch');
      assert.match(document.getText(), expected);
      assert.equal(document.isDirty, false);
    });
  }

  it('shows figures of now when asked again', async () => {
    const asked = (text: string): number => Number(/Batches +(\d+)/u.exec(text)?.[1]);
    const before = asked((await shownBy(editorCommands.showStatistics)).getText());
    await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
    const document = await shownBy(editorCommands.showStatistics);
    await textWhere(document, (text) => asked(text) > before);
  });

  it('lists exactly the names and versions that the service is asked about, and what is kept back', async () => {
    service.reset();
    await vscode.commands.executeCommand(editorCommands.clearCache);
    await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
    const asked = service.traffic.batches.flat().map(({ name, version }) => `${name} ${version ?? '(the name alone)'}`);
    const document = await shownBy(editorCommands.showSentData);
    const text = document.getText();
    const [, sent = '', withheld = ''] = text.split(/^(?:Sent|Not sent): \d+$/mu);
    const listed = [...sent.matchAll(/^ {2}(\S+) +(\S.*)$/gmu)].map(([, name, version]) => `${name} ${version}`);
    assert.ok(listed.length > 0);
    assert.deepEqual(listed.sort(), [...new Set(asked)].sort());
    assert.match(withheld, /^ {2}\S+:\d+ +urllib3 is kept private/mu);
    assert.match(text, new RegExp(`to ${service.url}`, 'u'));
  });

  it('shows a report on every file', async () => {
    const document = await shownBy(editorCommands.showReport);
    assert.equal(document.uri.scheme, 'pinwatch-report');
    assert.match(document.getText(), /^requirements\.txt:2:9: django 3\.2\.0: CVE-2021-35042 /mu);
    assert.match(document.getText(), /requirements in 4 files/u);
  });

  it('exports the report as JSON, every requirement with its outcome', async () => {
    const target = inFolder('exported.json');
    await vscode.commands.executeCommand(editorCommands.exportReport, target);
    const report = JSON.parse(readFileSync(target.fsPath, 'utf8')) as {
      readonly schemaVersion: number;
      readonly files: readonly { readonly path: string; readonly requirements: readonly { outcome: string }[] }[];
    };
    assert.equal(report.schemaVersion, 1);
    assert.deepEqual(
      report.files.map(({ path }) => path),
      ['constraints.txt', 'requirements/prod/base.txt', 'requirements-dev.in', 'requirements.txt'],
    );
    const outcomes = report.files.flatMap(({ requirements }) => requirements.map(({ outcome }) => outcome));
    assert.deepEqual([...new Set(outcomes)].sort(), ['assessed', 'skipped']);
  });

  it('exports Markdown where the name asks for it', async () => {
    const target = inFolder('exported.md');
    await vscode.commands.executeCommand(editorCommands.exportReport, target);
    assert.match(readFileSync(target.fsPath, 'utf8'), /^## .*\n[^]*35042/u);
  });

  it('lets no folder choose who answers', async () => {
    const manifest = vscode.extensions.getExtension(extensionId)?.packageJSON as {
      readonly contributes: { readonly configuration: readonly { readonly properties: Record<string, Property> }[] };
    };
    const settings = manifest.contributes.configuration.flatMap(({ properties }) => Object.entries(properties));
    const machine = settings.filter(([, { scope }]) => scope === 'machine');
    assert.ok(machine.some(([key]) => key === 'pinwatch.osv.url'));
    for (const [key, { default: value }] of machine) {
      await assert.rejects(
        async () => vscode.workspace.getConfiguration().update(key, value, vscode.ConfigurationTarget.Workspace),
        new RegExp(key, 'u'),
      );
    }
  });

  it('leaves aside what a folder says of them', async () => {
    const file = inFolder('.vscode/settings.json');
    await vscode.workspace.fs.writeFile(
      file,
      new TextEncoder().encode('{ "pinwatch.osv.url": "https://evil.example", "pinwatch.statusBar.enabled": false }'),
    );
    try {
      // The one a folder may set tells when the file has been read.
      await settingWhere('statusBar.enabled', (value) => value === false);
      const inspected = vscode.workspace.getConfiguration('pinwatch').inspect('osv.url');
      assert.equal(inspected?.workspaceValue, undefined);
      assert.equal(vscode.workspace.getConfiguration('pinwatch').get('osv.url'), service.url);
    } finally {
      await vscode.workspace.fs.delete(file);
      await settingWhere('statusBar.enabled', (value) => value === true);
    }
  });
});

interface Property {
  readonly scope?: string;
  readonly default?: unknown;
}

function inFolder(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

function textWhere(document: vscode.TextDocument, fulfils: (text: string) => boolean): Promise<void> {
  return eventually(
    vscode.workspace.onDidChangeTextDocument,
    () => fulfils(document.getText()),
    () => document.getText(),
  );
}

function settingWhere(key: string, fulfils: (value: unknown) => boolean): Promise<void> {
  const value = (): unknown => vscode.workspace.getConfiguration('pinwatch').get(key);
  return eventually(
    vscode.workspace.onDidChangeConfiguration,
    () => fulfils(value()),
    () => String(value()),
  );
}
