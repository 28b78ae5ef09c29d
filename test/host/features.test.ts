import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { configure } from './configure.ts';
import { findingsWhere } from './shownFindings.ts';

const text = [
  '# 😀 header',
  '# more of it',
  '-r base.txt',
  '--index-url https://user:s3cret@example.org/simple',
  'django==3.2.0 \\',
  '    --hash=sha256:00',
  'six==1.16.0  # 😀',
  '',
].join('\n');

describe('what VS Code shows around the lines', () => {
  let service: OsvService;
  let folder: string;
  let document: vscode.TextDocument;

  before(async function () {
    this.timeout(30_000);
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(workspace);
    folder = path.join(workspace, 'around');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'base.txt'), 'six==1.16.0\n');
    writeFileSync(path.join(folder, 'requirements.txt'), text);
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
    document = await vscode.workspace.openTextDocument(path.join(folder, 'requirements.txt'));
    await vscode.window.showTextDocument(document);
    await findingsWhere(document.uri, 'a finding', (codes) => codes.length > 0);
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    rmSync(folder, { recursive: true });
    await configure('osv.url', undefined);
    await service.close();
  });

  const provided = <T>(command: string, ...args: readonly unknown[]): Thenable<readonly T[]> =>
    vscode.commands.executeCommand(`vscode.execute${command}Provider`, document.uri, ...args);

  it('lists the requirements and includes in the outline', async () => {
    const symbols = await provided<vscode.DocumentSymbol>('DocumentSymbol');
    assert.deepEqual(
      symbols.map(({ name, detail, selectionRange }) => [name, detail, document.getText(selectionRange)]),
      [
        ['base.txt', '-r', 'base.txt'],
        ['django', '==3.2.0', 'django'],
        ['six', '==1.16.0', 'six'],
      ],
    );
  });

  it('folds hashes and comments', async () => {
    const folds = await provided<vscode.FoldingRange>('FoldingRange');
    assert.deepEqual(
      folds.map(({ start, end, kind }) => [start, end, kind]),
      [
        [0, 1, vscode.FoldingRangeKind.Comment],
        [4, 5, undefined],
      ],
    );
  });

  it('links the included file, and the index without its credentials', async () => {
    const links = await provided<vscode.DocumentLink>('Link');
    const ours = links.filter(({ tooltip }) => tooltip?.startsWith('Open '));
    assert.deepEqual(
      ours.map(({ range, target }) => [document.getText(range), target?.toString()]),
      [
        ['base.txt', vscode.Uri.file(path.join(folder, 'base.txt')).toString()],
        ['https://user:s3cret@example.org/simple', 'https://example.org/simple'],
      ],
    );
  });

  it('completes the version with what the advisories name', async () => {
    const inVersion = new vscode.Position(4, 'django==3'.length);
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      document.uri,
      inVersion,
    );
    const ours = list.items.filter(({ detail }) => /advisory|vulnerable: /u.test(detail ?? ''));
    assert.deepEqual(
      ours.map(({ label, detail }) => [label, detail]),
      [[{ label: '3.2.5', description: 'fixed' }, 'fixed version, no known advisory']],
    );
    const range = ours[0]?.range;
    assert.ok(range !== undefined);
    assert.equal(document.getText(range instanceof vscode.Range ? range : range.replacing), '3.2.0');
  });

  it('shows the nearest fixed version behind a vulnerable pin, where that is switched on', async () => {
    const everywhere = new vscode.Range(0, 0, document.lineCount, 0);
    assert.deepEqual(await provided('InlayHint', everywhere), []);
    await configure('inlayHints.enabled', true);
    try {
      const hints = await hintsOnce(everywhere);
      assert.deepEqual(
        hints.map(({ position, label }) => [position.line, position.character, label]),
        [[4, 'django==3.2.0'.length, hints[0]?.label]],
      );
      assert.match(JSON.stringify(hints[0]?.label), /^"→ \d+(\.\d+)+"$/u);
    } finally {
      await configure('inlayHints.enabled', undefined);
    }
  });

  /** The setting takes its way to the server; the hints are asked for until they are there. */
  async function hintsOnce(range: vscode.Range): Promise<readonly vscode.InlayHint[]> {
    for (let attempt = 0; attempt < 50; attempt++) {
      const hints = await provided<vscode.InlayHint>('InlayHint', range);
      if (hints.length > 0) {
        return hints;
      }
    }
    return [];
  }

  it('has a lens that fixes what can be fixed', async () => {
    const plain = await vscode.workspace.openTextDocument({ language: 'pip-requirements', content: 'django==3.2.0\n' });
    await vscode.window.showTextDocument(plain);
    await findingsWhere(plain.uri, 'a finding', (codes) => codes.length > 0);
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      plain.uri,
      10,
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.title),
      ['1 vulnerable, 1 fixable · rescan', 'Fix 1'],
    );
    await vscode.window.showTextDocument(document);
  });

  it('shows a lens above the file; a click on it asks again', async () => {
    const lenses = await provided<vscode.CodeLens>('CodeLens', 10);
    // Nobody can be asked for the digests of another release, so nothing is promised.
    assert.equal(lenses.length, 1);
    const command = lenses[0]?.command;
    assert.match(command?.title ?? '', /^1 vulnerable · rescan$/u);
    assert.equal(lenses[0]?.range.start.line, 0);
    assert.ok(command !== undefined);
    // As from a lens in an editor that is not the active one.
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    service.reset();
    const args: readonly unknown[] = command.arguments ?? [];
    await vscode.commands.executeCommand(command.command, ...args);
    assert.ok(service.traffic.requests.querybatch > 0, 'nothing was asked');
  });
});
