import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { configure } from './configure.ts';
import { codesIn, findingsWhere } from './shownFindings.ts';

describe('fixes and ignores in VS Code', () => {
  let service: OsvService;
  let folder: string;

  before(async function () {
    this.timeout(30_000);
    const workspace = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    assert.ok(workspace);
    folder = path.join(workspace, 'fixes');
    mkdirSync(folder);
    service = await startOsvService({ records: [demoRecords] });
    await configure('osv.url', service.url);
  });

  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  after(async () => {
    rmSync(folder, { recursive: true });
    await configure('osv.url', undefined);
    await service.close();
  });

  /** A file of its own folder, open, with its findings drawn. */
  async function open(name: string, text: string): Promise<vscode.TextDocument> {
    const own = path.join(folder, name);
    mkdirSync(own);
    writeFileSync(path.join(own, 'requirements.txt'), text);
    const document = await vscode.workspace.openTextDocument(path.join(own, 'requirements.txt'));
    await vscode.window.showTextDocument(document);
    await findingsWhere(document.uri, 'a finding', (codes) => codes.length > 0);
    return document;
  }

  const actionsAt = (document: vscode.TextDocument, line: number): Thenable<readonly vscode.CodeAction[]> =>
    vscode.commands.executeCommand(
      'vscode.executeCodeActionProvider',
      document.uri,
      document.lineAt(line).range,
      vscode.CodeActionKind.QuickFix.value,
    );

  it('say why there is none, as an entry that VS Code shows', async () => {
    const document = await open('none', 'django>=3.2,<3.2.5\n');
    const actions = await actionsAt(document, 0);
    const [first] = actions;
    assert.match(first?.title ?? '', /^No version that the specifier of django allows is known to be safe\./u);
    assert.equal(first?.disabled, undefined);
    assert.equal(first?.isPreferred ?? false, false);
    assert.equal(actions.filter(({ edit }) => edit !== undefined).length, 0);
  });

  it('change the version alone; the finding is gone then, and back when it is undone', async () => {
    const document = await open('quick', '# web\r\nDjango == 3.2.0  # keep\r\nsix==1.16.0\r\n');
    const actions = await actionsAt(document, 1);
    const preferred = actions.filter(({ isPreferred }) => isPreferred === true);
    assert.equal(preferred.length, 1);
    assert.match(preferred[0]?.title ?? '', /^Change Django to 3\.2\.5 \(nearest safe/u);
    assert.ok(preferred[0]?.edit);
    assert.ok(await vscode.workspace.applyEdit(preferred[0].edit));
    assert.equal(document.getText(), '# web\r\nDjango == 3.2.5  # keep\r\nsix==1.16.0\r\n');
    await findingsWhere(document.uri, 'no finding', (codes) => codes.length === 0);
    await vscode.commands.executeCommand('undo');
    await findingsWhere(document.uri, 'the finding again', (codes) => codes.length > 0);
  });

  it('of a whole file are one edit', async () => {
    const document = await open('all', 'django==3.2.0\nsix==1.16.0\nDjango==3.2.0 ; python_version < "3"\n');
    await vscode.commands.executeCommand('pinwatch.fixAll', document.uri);
    assert.equal(document.getText(), 'django==3.2.5\nsix==1.16.0\nDjango==3.2.5 ; python_version < "3"\n');
    await findingsWhere(document.uri, 'no finding', (codes) => codes.length === 0);
    await vscode.commands.executeCommand('undo');
    assert.match(document.getText(), /^django==3\.2\.0\n/u);
  });

  it('of the workspace are shown first, and none is made that is turned down', async () => {
    const document = await open('preview', 'django==3.2.0\n');
    let isOver = false;
    const fixing = vscode.commands.executeCommand('pinwatch.fixAllInWorkspace').then(() => (isOver = true));
    const deadline = Date.now() + 15_000;
    // The preview says to nobody when it is there; before that this does nothing.
    while (!isOver && Date.now() < deadline) {
      await vscode.commands.executeCommand('refactorPreview.discard');
      await vscode.workspace.fs.stat(document.uri);
    }
    assert.ok(isOver, 'the command waits for an answer to its preview');
    await fixing;
    assert.equal(document.getText(), 'django==3.2.0\n');
    assert.equal(readFileSync(document.uri.fsPath, 'utf8'), 'django==3.2.0\n');
  });

  it('are made on saving where that is asked for', async () => {
    const document = await open('save', 'django==3.2.0\n');
    const editor = vscode.workspace.getConfiguration('editor', document.uri);
    const onSave = { 'source.fixAll.pinwatch': 'explicit' };
    await editor.update('codeActionsOnSave', onSave, vscode.ConfigurationTarget.Global);
    try {
      await vscode.window.activeTextEditor?.edit((edit) => edit.insert(new vscode.Position(1, 0), '# changed\n'));
      await vscode.commands.executeCommand('workbench.action.files.save');
      assert.equal(readFileSync(document.uri.fsPath, 'utf8'), 'django==3.2.5\n# changed\n');
    } finally {
      await editor.update('codeActionsOnSave', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('ignores are written with their reason, hold at once, and can be undone', async () => {
    const document = await open('ignore', 'django==3.2.0\n');
    const [id] = codesIn(document.uri);
    assert.ok(id);
    const own = path.join(folder, 'ignore', 'osv-scanner.toml');
    writeFileSync(own, '# ours\n');
    const offered = await actionsAt(document, 0);
    const ignore = offered.find(({ title }) => title === `Ignore ${id}…`);
    assert.equal(ignore?.command?.command, 'pinwatch.ignoreAdvisory');
    const [request] = (ignore.command.arguments ?? []) as readonly object[];
    // With a reason nothing is asked: nobody sits here to type one.
    await vscode.commands.executeCommand('pinwatch.ignoreAdvisory', { ...request, reason: 'no user input' });
    assert.equal(readFileSync(own, 'utf8'), `# ours\n\n[[IgnoredVulns]]\nid = "${id}"\nreason = "no user input"\n`);
    await findingsWhere(document.uri, 'it to be gone', (codes) => !codes.includes(id));
    const toml = await vscode.workspace.openTextDocument(own);
    await vscode.window.showTextDocument(toml);
    await vscode.commands.executeCommand('undo');
    await toml.save();
    assert.equal(readFileSync(own, 'utf8'), '# ours\n');
    await findingsWhere(document.uri, 'it to be back', (codes) => codes.includes(id));
  });

  it('ignores make their file beside the requirements where there is none, and can be stopped', async () => {
    const document = await open('new', 'django==3.2.0\n');
    const made = path.join(folder, 'new', 'osv-scanner.toml');
    assert.ok(!existsSync(made));
    const ids = codesIn(document.uri);
    try {
      for (const id of ids) {
        const request = { uri: document.uri.toString(), id, reason: 'a test', until: '2099-01-01' };
        await vscode.commands.executeCommand('pinwatch.ignoreAdvisory', request);
      }
      assert.match(readFileSync(made, 'utf8'), /^\[\[IgnoredVulns\]\]\nid = .*\nignoreUntil = 2099-01-01\n/u);
      await findingsWhere(document.uri, 'nothing to be drawn', (codes) => codes.length === 0);
      await vscode.commands.executeCommand('pinwatch.stopIgnoring', { uri: document.uri.toString(), ids });
      assert.equal(readFileSync(made, 'utf8'), '');
    } finally {
      rmSync(made, { force: true });
    }
    await findingsWhere(document.uri, 'it to be back', (codes) => codes.length === ids.length);
  });
});
