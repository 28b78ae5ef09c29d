import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { eventually } from './eventually.ts';
import { findings } from './shownFindings.ts';
import { configure } from './configure.ts';

/** A virtual environment as `python -m venv` and pip leave it, as far as versions can be read from it. */
describe('a virtual environment in VS Code', () => {
  let service: OsvService;
  let folder: string;
  let document: vscode.TextDocument;

  before(async function () {
    this.timeout(30_000);
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(workspace);
    folder = path.join(workspace, 'installed');
    await makeFolders([folder, '.venv', 'lib', 'python3.12', 'site-packages']);
    writeFileSync(path.join(folder, '.venv', 'pyvenv.cfg'), 'home = /usr/bin\nversion = 3.12.3\n');
    install('django', '3.2.0');
    install('requests', '2.31.0');
    writeFileSync(path.join(folder, 'requirements.txt'), 'Django\nrequests>=2\nsix\n');
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
    document = await vscode.workspace.openTextDocument(path.join(folder, 'requirements.txt'));
    await vscode.window.showTextDocument(document);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true });
    await configure('osv.url', undefined);
    await service.close();
  });

  const distInfo = (name: string, version: string): string =>
    path.join(folder, '.venv', 'lib', 'python3.12', 'site-packages', `${name}-${version}.dist-info`);

  function install(name: string, version: string): void {
    mkdirSync(distInfo(name, version), { recursive: true });
    writeFileSync(
      path.join(distInfo(name, version), 'METADATA'),
      `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n\n`,
    );
  }

  /** One after the other: what is made in a folder before VS Code watches that is never told of. */
  async function makeFolders([top = '', ...below]: readonly string[]): Promise<void> {
    const watcher = vscode.workspace.createFileSystemWatcher('**');
    const made = new Set<string>();
    watcher.onDidCreate(({ fsPath }) => made.add(fsPath));
    const folders = below.reduce((all, name) => [...all, path.join(all.at(-1) ?? '', name)], [top]);
    for (const one of folders) {
      mkdirSync(one);
      await eventually(
        watcher.onDidCreate,
        () => made.has(one),
        () => `nothing was told of ${one}`,
      );
    }
    watcher.dispose();
  }

  async function hoverAt(line: number): Promise<string> {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      new vscode.Position(line, 2),
    );
    const contents = hovers.flatMap((hover) => hover.contents as vscode.MarkdownString[]);
    return contents.map(({ value }) => value).join('\n');
  }

  it('decides the version of a name that has none, and the message says so', async () => {
    const [django] = await findings(document.uri, ['CVE-2021-35042']);
    assert.equal(django?.range.start.line, 0);
    assert.match(
      django.message,
      /^Django 3\.2\.0 \(.*\.venv.*\) has 1 known vulnerability \(critical 9\.8, CVE-2021-35042\)/u,
    );
    assert.match(await hoverAt(0), /\.venv/u);
  });

  it('decides what a range comes to: the one installed is clean, though the range admits others', async () => {
    assert.match(await hoverAt(1), /requests 2\\\.31\\\.0.*installed in .*venv[^]*No known advisories/u);
  });

  it('is read again when something else is installed', async function () {
    this.timeout(30_000);
    rmSync(distInfo('django', '3.2.0'), { recursive: true });
    install('django', '3.2.5');
    await findings(document.uri, []);
    assert.match(await hoverAt(0), /3\\\.2\\\.5/u);
    rmSync(distInfo('django', '3.2.5'), { recursive: true });
    install('django', '3.2.4');
    const [django] = await findings(document.uri, ['CVE-2021-35042']);
    assert.match(django?.message ?? '', /^Django 3\.2\.4 \(/u);
  });
});
