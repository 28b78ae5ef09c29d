import assert from 'node:assert/strict';
import type { CodeAction, CompletionList, Hover } from 'vscode-languageserver-types';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';
import { applyTextEdits } from '../support/textEdits.ts';

const folder = 'file:///project';
const capabilities = {
  textDocument: {
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } },
      disabledSupport: true,
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
};

const lock = `[[package]]
name = "app"
source = { virtual = "." }
dependencies = [{ name = "flask" }]
[[package]]
name = "flask"
version = "2"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "django" }]
[[package]]
name = "django"
version = "3.2.0"
source = { registry = "https://pypi.org/simple" }
`;

describe('language server, in other manifests', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', {
      ...assessed([finding({ nearestFix: '3.2.5' })]),
      fix: { nearest: '3.2.5', latest: '3.2.5', verified: true, passedOver: [] },
    });
    client = await TestClient.start(environment, { folders: [folder], capabilities });
  });

  afterEach(() => client.stop());

  const files: Readonly<Record<string, readonly [languageId: string, text: string]>> = {
    'pyproject.toml': ['toml', '[project]\ndependencies = ["django==3.2.0"]\n'],
    Pipfile: ['toml', '[packages]\ndjango = "==3.2.0"\n'],
    'setup.cfg': ['ini', '[options]\ninstall_requires =\n  django==3.2.0\n'],
    'environment.yml': ['yaml', 'dependencies:\n- pip:\n  - django==3.2.0\n'],
    Dockerfile: ['dockerfile', 'FROM python\nRUN pip install django==3.2.0\n'],
    'tool.py': ['python', '# /// script\n# dependencies = ["django==3.2.0"]\n# ///\n'],
  };

  for (const [name, [languageId, text]] of Object.entries(files)) {
    it(`shows and fixes what is vulnerable in ${name}, whose language is ${languageId}`, async () => {
      const uri = `${folder}/${name}`;
      await client.open(uri, text, 1, languageId);
      const [diagnostic] = await client.waitForDiagnostics(uri, 'findings', (found) => found.length > 0);
      assert.ok(diagnostic);
      const { start, end } = diagnostic.range;
      assert.equal(text.split('\n')[start.line]?.slice(start.character, end.character), '3.2.0');
      const hover = await client.ask<Hover>('textDocument/hover', uri, { position: start });
      assert.match(JSON.stringify(hover.contents), /django/u);
      const actions = await client.ask<readonly CodeAction[]>('textDocument/codeAction', uri, {
        range: diagnostic.range,
        context: { diagnostics: [] },
      });
      const fix = actions.find(({ title }) => title.includes('3.2.5'));
      assert.ok(fix, JSON.stringify(actions));
      const edit = fix.edit ?? (await client.request<CodeAction>('codeAction/resolve', fix)).edit;
      assert.ok(edit);
      assert.equal(applyTextEdits(edit, uri, text), text.replace('3.2.0', '3.2.5'));
    });
  }

  it('counts packages of conda in the lens, and marks none of them', async () => {
    const uri = `${folder}/environment.yml`;
    await client.open(uri, 'name: a\ndependencies:\n- numpy=1.21\n- pip:\n  - django==3.2.0\n', 1, 'yaml');
    const found = await client.waitForDiagnostics(uri, 'findings', (all) => all.length > 0);
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [4],
    );
    assert.match(JSON.stringify(await client.ask('textDocument/codeLens', uri)), /1 of 2 not assessed/u);
    const hover = await client.ask<Hover>('textDocument/hover', uri, { position: { line: 2, character: 4 } });
    assert.match(JSON.stringify(hover.contents), /Not assessed:.*is a conda package/u);
  });

  it('offers no version where the file turns the package index off, and still says what is wrong', async () => {
    const uri = `${folder}/requirements.txt`;
    await client.open(uri, '--find-links wheels\ndjango==3.2.0\n', 1);
    const [found] = await client.waitForDiagnostics(uri, 'findings', (all) => all.length > 0);
    assert.match(JSON.stringify(found?.message), /3\.2\.5/u);
    await client.edit(uri, 2, 0, 0, 0, '--no-index ');
    const [after] = await client.waitForDiagnostics(uri, 'no version', (all) =>
      /turns the package/u.test(JSON.stringify(all)),
    );
    assert.match(JSON.stringify(after?.message), /has 1 known vulnerability/u);
    assert.doesNotMatch(JSON.stringify(after?.message), /3\.2\.5/u);
    const actions = await client.ask<readonly CodeAction[]>('textDocument/codeAction', uri, {
      range: after?.range,
      context: { diagnostics: [] },
    });
    const fixes = actions.filter(({ title }) => title.includes('Change'));
    assert.ok(
      fixes.every(({ disabled }) => disabled?.reason.includes('turns the package index off') === true),
      JSON.stringify(fixes),
    );
    const completion = await client.ask<CompletionList | null>('textDocument/completion', uri, {
      position: { line: 1, character: 10 },
    });
    assert.deepEqual(completion?.items ?? [], []);
  });

  it('follows what an image reads farther up, and says which of two files it read', async () => {
    const text = 'COPY requirements.txt .\nRUN pip install -r requirements.txt\n';
    environment.disk.set(`${folder}/requirements.txt`, 'django==3.2.0\n');
    const uri = `${folder}/docker/Dockerfile`;
    await client.open(uri, text, 1, 'dockerfile');
    await client.waitForDiagnostics(`${folder}/requirements.txt`, 'findings', (all) => all.length > 0);
    const links = await client.ask<readonly { readonly target: string }[]>('textDocument/documentLink', uri);
    assert.deepEqual(
      links.map(({ target }) => target),
      [`${folder}/requirements.txt`],
    );
    assert.deepEqual(client.diagnostics(uri), []);
  });

  it('shows a package of a lock with whom it comes, and edits no lock', async () => {
    const uri = `${folder}/uv.lock`;
    await client.open(uri, lock, 1, 'toml');
    const [diagnostic] = await client.waitForDiagnostics(uri, 'findings', (found) => found.length > 0);
    const message = typeof diagnostic?.message === 'string' ? diagnostic.message : '';
    assert.match(message, /^django 3\.2\.0 \(comes with flask\) has 1 known vulnerability/u);
    assert.match(message, /uv lock --upgrade-package django/u);
    const actions = await client.ask<readonly CodeAction[]>('textDocument/codeAction', uri, {
      range: diagnostic?.range,
      context: { diagnostics: [] },
    });
    const fixes = actions.filter(({ title }) => !title.startsWith('Ignore'));
    assert.ok(
      fixes.every(({ disabled }) => disabled !== undefined),
      JSON.stringify(fixes),
    );
  });

  it('follows what is typed, and says where it is broken', async () => {
    const uri = `${folder}/pyproject.toml`;
    await client.open(uri, '[project]\ndependencies = [\n "django==3.1",\n]\n', 1, 'toml');
    await client.edit(uri, 2, 2, 10, 13, '3.2.0');
    await client.waitForDiagnostics(uri, 'findings', (found) => found.length > 0);
    await client.edit(uri, 3, 3, 0, 0, ' "six" "attrs",\n');
    const found = await client.waitForDiagnostics(uri, 'the missing comma', (all) => all.length > 1);
    assert.deepEqual(
      found.map(({ range }) => range.start.line),
      [2, 3],
    );
  });

  it('shows nothing in a Python file without a block', async () => {
    const uri = `${folder}/other.py`;
    await client.open(uri, 'import django\n', 1, 'python');
    assert.deepEqual(await client.ask('textDocument/codeLens', uri), []);
    const completion = await client.ask<CompletionList | null>('textDocument/completion', uri, {
      position: { line: 0, character: 10 },
    });
    assert.equal(completion?.items.length ?? 0, 0);
  });

  it('names a package of a lock whose version is missing at its line, and counts it once', async () => {
    const lock = '[[package]]\nname = "idna"\nversion = 3\nsource = { registry = "https://pypi.org/simple" }\n';
    await client.open('file:///project/uv.lock', `version = 1\n${lock}`, 1, 'toml');
    const [only, ...rest] = await client.waitForDiagnostics('file:///project/uv.lock', 'it', (all) => all.length > 0);
    assert.deepEqual(rest, []);
    assert.equal(only?.message, 'The lock does not say which version of idna is installed.');
    const status = await client.waitForStatus('the end', ({ state }) => state === 'idle');
    assert.deepEqual([status.failed, status.unread], [1, 0]);
  });
});
