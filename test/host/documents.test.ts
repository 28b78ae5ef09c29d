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

  /** The page that a command shows in the Markdown preview, which no editor has; the metrics are text. */
  async function shownBy(command: string, name: string): Promise<vscode.TextDocument> {
    await vscode.commands.executeCommand(command);
    const isShown = (): boolean => pages(name).length > 0;
    await eventually(vscode.workspace.onDidOpenTextDocument, isShown, () => `${name} is not open`);
    const [document] = pages(name);
    assert.ok(document);
    return document;
  }

  const pages = (name: string): readonly vscode.TextDocument[] =>
    vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme.startsWith('pinwatch') && uri.path === `/${name}`);

  /** What is read: without escapes, and without what keeps an address from becoming a link. */
  const plain = (text: string): string => text.replace(/\\([^\w\s])/gu, '$1').replaceAll('\u2060', '');

  const statisticsPage = 'Pinwatch statistics.md';

  it('measures how long its activation keeps the extension host busy', () => {
    const [activation] = performance.getEntriesByName(activationMeasure);
    assert.ok(activation, 'it has been activated');
    console.log(`activation: ${activation.duration.toFixed(1)} ms of synchronous work`);
  });

  for (const [command, name, expected] of [
    [editorCommands.showStatistics, statisticsPage, /^\| Hit rate \| \d+ % \|$/mu],
    [
      editorCommands.showHealth,
      'Pinwatch status.md',
      /^\| Advisory service \| works \| .*http:\/\/127\.0\.0\.1:\d+ /mu,
    ],
    [editorCommands.showMetrics, 'metrics.prom', /^# TYPE pinwatch_\w+ /mu],
  ] as const) {
    it(`${command} opens a read-only page`, async () => {
      // What a service did in tests before this one is not what it does now.
      await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
      const document = await shownBy(command, name);
      assert.equal(document.uri.scheme, 'pinwatch');
      assert.match(plain(document.getText()), expected);
      assert.equal(document.isDirty, false);
    });
  }

  it('shows figures of now when asked again', async () => {
    const asked = (text: string): number => Number(/Batches \| (\d+)/u.exec(text)?.[1]);
    const before = asked((await shownBy(editorCommands.showStatistics, statisticsPage)).getText());
    await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
    const document = await shownBy(editorCommands.showStatistics, statisticsPage);
    await textWhere(document, (text) => asked(text) > before);
  });

  it('lists exactly the names and versions that the service is asked about, and what is kept back', async () => {
    service.reset();
    await vscode.commands.executeCommand(editorCommands.clearCache);
    await vscode.commands.executeCommand(editorCommands.rescanWorkspace);
    const asked = service.traffic.batches.flat().map(({ name, version }) => `${name} ${version ?? '(name only)'}`);
    const text = plain((await shownBy(editorCommands.showSentData, 'What Pinwatch sends.md')).getText());
    const [, sent = '', withheld = ''] = text.split(/^## (?:Sent|Not sent): \d+$/mu);
    const rows = [...sent.matchAll(/^\| (\S+) \| (\S.*) \|$/gmu)].slice(2); // below the header
    const listed = rows.map(([, name, version]) => `${name} ${version}`);
    assert.ok(listed.length > 0);
    assert.deepEqual(listed.sort(), [...new Set(asked)].sort());
    assert.match(withheld, /^\| \S+:\d+ \| urllib3 \| urllib3 is kept private/mu);
    assert.match(text, new RegExp(`to ${service.url}`, 'u'));
  });

  it('shows a report on every file', async () => {
    const document = await shownBy(editorCommands.showReport, 'Pinwatch report.md');
    assert.equal(document.uri.scheme, 'pinwatch-report');
    const text = plain(document.getText());
    assert.match(
      text,
      /^\| critical 9\.8 \| django 3\.2\.0 \| 3\.2\.5 \| 1 \| .*\[requirements\.txt:2\]\(\/requirements\.txt#L2\)/mu,
    );
    assert.match(text, /requirements in 4 files/u);
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
