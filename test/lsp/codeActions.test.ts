import assert from 'node:assert/strict';
import type { CodeAction, Command, Diagnostic, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import { serverCommands } from '../../protocol/ids.ts';
import type { FixAllResult } from '../../protocol/messages/fixAll.ts';
import type { FixAdvice } from '../../server/src/core/assessment/advice/fixAdvice.ts';
import type { Release } from '../../server/src/core/packages/release.ts';
import { parseVersion } from '../../server/src/core/versions/version.ts';
import { LookupError } from '../../server/src/engine/ports.ts';
import { assessed, failed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { applyTextEdits } from '../support/textEdits.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';
const modern = {
  textDocument: {
    codeAction: {
      codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'source'] } },
      isPreferredSupport: true,
      disabledSupport: true,
      dataSupport: true,
      resolveSupport: { properties: ['edit'] },
    },
  },
  workspace: { applyEdit: true, workspaceEdit: { documentChanges: true, changeAnnotationSupport: {} } },
};
const digest = 'a'.repeat(64);
const newDigest = 'b'.repeat(64);

describe('code actions of the server', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  async function open(text: string, options: ClientOptions = { capabilities: modern }): Promise<void> {
    client = await TestClient.start(environment, { folders: ['file:///project'], ...options });
    await client.open(uri, text);
    await client.waitForDiagnostics(uri, 'findings', (found) => found.length > 0);
  }

  const ask = (line: number, context: object = {}): Promise<(CodeAction & Partial<Command>)[]> =>
    client.ask('textDocument/codeAction', uri, {
      range: { start: { line, character: 0 }, end: { line, character: 0 } },
      context: { diagnostics: [], ...context },
    });

  const fixes = async (line: number): Promise<CodeAction[]> =>
    (await ask(line)).filter((action) => !action.title.startsWith('Ignore'));

  const vulnerable = (fix: Partial<FixAdvice> = {}) => {
    const base = assessed([finding()]);
    return { ...base, fix: { nearest: '3.2.5', latest: '5.0', verified: true, passedOver: [], ...fix } };
  };

  const release = (version: string, sha256: string): Release => {
    const parsed = parseVersion(version);
    assert.ok(parsed);
    return { version: parsed, yanked: false, files: [{ filename: `django-${version}.whl`, sha256, yanked: false }] };
  };

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', vulnerable());
  });

  afterEach(() => client.stop());

  it('carry their edit for the version of the document, one of them preferred', async () => {
    await open('six==1.0\nDjango == 3.2.0  # web\n');
    const actions = await fixes(1);
    assert.deepEqual(
      actions.map(({ title, kind, isPreferred }) => [title, kind, isPreferred]),
      [
        ['Change Django to 3.2.5 (nearest safe, patch)', 'quickfix', true],
        ['Change Django to 5.0 (latest safe, major)', 'quickfix', undefined],
      ],
    );
    const [change] = actions[0]?.edit?.documentChanges ?? [];
    assert.ok(change !== undefined && 'textDocument' in change);
    assert.deepEqual(change.textDocument, { uri, version: 1 });
    assert.deepEqual(await fixes(0), []);
  });

  it('are of the kind that is asked for', async () => {
    await open('django==3.2.0\n');
    const [all, ...others] = await ask(0, { only: ['source.fixAll'] });
    assert.equal(all?.kind, 'source.fixAll.pinwatch');
    assert.deepEqual(others, []);
    assert.equal(textAfter(all.edit, uri, 'django==3.2.0\n'), 'django==3.2.5\n');
    assert.deepEqual(await ask(0, { only: ['refactor'] }), []);
  });

  it('change the constraints file that decides the version, annotated', async () => {
    environment.disk.set('file:///project/constraints.txt', 'django==3.2.0\n');
    await open('-c constraints.txt\ndjango\n');
    const [action] = await fixes(1);
    const constraints = 'file:///project/constraints.txt';
    assert.equal(textAfter(action?.edit, constraints, 'django==3.2.0\n'), 'django==3.2.5\n');
    assert.deepEqual(Object.values(action?.edit?.changeAnnotations ?? {}), [
      { label: action?.title, description: 'constraints.txt', needsConfirmation: true },
    ]);
  });

  it('raise the cap that bars the safe version, which message and hover name', async () => {
    const constraints = 'file:///project/c.txt';
    environment.disk.set(constraints, 'django<3.2.3\n');
    const text = '-c c.txt\ndjango==3.2.0\n';
    await open(text);
    const reason = 'c.txt:1 allows only django <3.2.3. The nearest safe version is 3.2.5.';
    const [shown] = await client.waitForDiagnostics(uri, 'the bound', (found) => textOf(found[0]).includes('c.txt'));
    assert.ok(textOf(shown).endsWith(reason), textOf(shown));
    assert.equal((shown?.data as { readonly fix: unknown }).fix, null);
    const hover: { readonly contents: { readonly value: string } } = await client.ask('textDocument/hover', uri, {
      position: { line: 1, character: 1 },
    });
    assert.match(hover.contents.value.replaceAll('\\', ''), /c\.txt:1 allows only django &lt;3\.2\.3/u);
    const [first, second, ...others] = await fixes(1);
    assert.deepEqual(others, []);
    assert.equal(first?.disabled?.reason, reason);
    assert.equal(second?.title, 'Change django to 3.2.5 (outside of <3.2.3 at c.txt:1, patch, in c.txt)');
    assert.equal(second.isPreferred, undefined);
    assert.equal(textAfter(second.edit, constraints, 'django<3.2.3\n'), 'django>=3.2.5\n');
    assert.equal(textAfter(second.edit, uri, text), '-c c.txt\ndjango==3.2.5\n');
  });

  it('change the file that another was compiled from', async () => {
    const source = 'file:///project/requirements.in';
    environment.disk.set(source, 'django>=3\n');
    const header =
      '# This file was autogenerated by uv via the following command:\n#    uv pip compile requirements.in\n';
    await open(`${header}django==3.2.0\n    # via -r requirements.in\n`);
    const [first] = await fixes(2);
    assert.equal(first?.title, 'Change django to >=3.2.5 (patch) in requirements.in, then compile again');
    assert.equal(first.isPreferred, true);
    assert.equal(textAfter(first.edit, source, 'django>=3\n'), 'django>=3.2.5\n');
  });

  describe('of lines with hashes', () => {
    const line = `django==3.2.0 --hash=sha256:${digest}\n`;

    it('ask the package index when they are chosen', async () => {
      const asked: string[] = [];
      environment.index = {
        releases: (name) => {
          asked.push(name);
          return Promise.resolve([release('3.2.5', newDigest)]);
        },
        close: () => Promise.resolve(),
      };
      await open(line);
      const [action] = await fixes(0);
      assert.ok(action);
      assert.deepEqual([action.isPreferred, action.edit, action.disabled, asked], [true, undefined, undefined, []]);
      const resolved = await client.request<CodeAction>('codeAction/resolve', action);
      assert.deepEqual(asked, ['django']);
      assert.equal(textAfter(resolved.edit, uri, line), `django==3.2.5 --hash=sha256:${newDigest}\n`);
    });

    it('ask it at once for a client that cannot wait', async () => {
      environment.index = {
        releases: () => Promise.resolve([release('3.2.5', newDigest)]),
        close: () => Promise.resolve(),
      };
      const { codeAction } = modern.textDocument;
      const capabilities = {
        ...modern,
        textDocument: { codeAction: { codeActionLiteralSupport: codeAction.codeActionLiteralSupport } },
      };
      await open(line, { capabilities });
      const [action] = await fixes(0);
      assert.equal(textAfter(action?.edit, uri, line), `django==3.2.5 --hash=sha256:${newDigest}\n`);
      assert.equal(action?.isPreferred, undefined); // the client does not know it
    });

    it('say why there is no edit: at once without an index, when chosen where it does not answer', async () => {
      await open(line);
      const reason = /pinned with hashes, and those of 3\.2\.5 are not known/u;
      assert.match((await fixes(0))[0]?.disabled?.reason ?? '', reason);
      await client.stop();
      environment.index = {
        releases: () => Promise.reject(new LookupError('offline', 'nobody there')),
        close: () => Promise.resolve(),
      };
      await open(line);
      const [action] = await fixes(0);
      assert.ok(action?.data);
      await assert.rejects(client.request('codeAction/resolve', action), reason);
      assert.match(client.messages.at(-1) ?? '', reason);
    });
  });

  it('are refused for a document that was edited meanwhile', async () => {
    environment.index = { releases: () => Promise.resolve([]), close: () => Promise.resolve() };
    await open(`django==3.2.0 --hash=sha256:${digest}\n`);
    const [action] = await fixes(0);
    assert.ok(action);
    await client.edit(uri, 2, 0, 0, 0, '# ');
    await assert.rejects(client.request('codeAction/resolve', action), /edited meanwhile/u);
  });

  it('are commands for a client that knows nothing else', async () => {
    await open('django==3.2.0\n', { capabilities: { workspace: { applyEdit: true } } });
    const [first] = await ask(0);
    assert.equal(first?.command, serverCommands.applyAction);
    assert.equal(first.kind, undefined);
    const [argument] = (first.arguments ?? []) as readonly object[];
    await client.execute(serverCommands.applyAction, argument);
    const [edit] = client.applied;
    assert.ok(edit?.changes); // it takes no versions either
    assert.equal(textAfter(edit, uri, 'django==3.2.0\n'), 'django==3.2.5\n');
    await assert.rejects(client.execute(serverCommands.applyAction, { uri }), /no code action of Pinwatch/u);
  });

  it('are a command for the whole file, too', async () => {
    const text = 'django==3.2.0\nDjango==3.2.0\n';
    await open(text, { capabilities: { workspace: { applyEdit: true } } });
    const [all, ...rest] = await ask(0, { only: ['source.fixAll'] });
    assert.deepEqual(rest, []);
    assert.equal(all?.title, 'Change 2 vulnerable pins to their nearest safe versions');
    await client.execute(serverCommands.applyAction, (all.arguments ?? [])[0] as object);
    assert.equal(textAfter(client.applied[0], uri, text), text.replaceAll('3.2.0', '3.2.5'));
  });

  it('do not speak of a malicious release as of one to step up from', async () => {
    const outcome = assessed([finding({ id: 'MAL-2024-1', severity: 'malicious', nearestFix: undefined })]);
    environment.scanner.truth.set('django==3.2.0', outcome);
    await open('django==3.2.0\n');
    const actions = await fixes(0);
    assert.deepEqual(
      actions.map(({ title, edit, isPreferred }) => [title, edit, isPreferred]),
      [['Remove django', undefined, undefined]],
    );
    assert.match(actions[0]?.disabled?.reason ?? '', /is malicious/u);
  });

  it('lead to the command that asks for a reason, for a client that has it', async () => {
    await open('django==3.2.0\n', { capabilities: modern, initializationOptions: { editorCommands: true } });
    const ignore = (await ask(0)).filter(({ title }) => title.startsWith('Ignore'));
    assert.deepEqual(ignore, [
      {
        title: 'Ignore CVE-2021-35042…',
        kind: 'quickfix',
        command: {
          title: 'Ignore CVE-2021-35042…',
          command: 'pinwatch.ignoreAdvisory',
          arguments: [{ uri, id: 'CVE-2021-35042', name: 'django', version: '3.2.0' }],
        },
      },
    ]);
    await client.notify('pinwatch/trust', { trusted: false });
    assert.deepEqual(
      (await ask(0)).filter(({ title }) => title.startsWith('Ignore')),
      [],
      'it would have no effect',
    );
  });

  it('are what a double click on a hint does', async () => {
    await open('Django == 3.2.0  # web\n', { capabilities: modern, settings: { inlayHints: { enabled: true } } });
    const [hint] = await client.ask<readonly { label: string; textEdits: readonly TextEdit[] }[]>(
      'textDocument/inlayHint',
      uri,
      { range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } } },
    );
    assert.equal(hint?.label, '→ 3.2.5');
    const edit = { changes: { [uri]: [...hint.textEdits] } };
    assert.equal(textAfter(edit, uri, 'Django == 3.2.0  # web\n'), 'Django == 3.2.5  # web\n');
  });

  describe('of whole files', () => {
    const other = 'file:///project/dev/requirements.txt';

    it('are one edit, with what is left and why', async () => {
      environment.scanner.truth.set('flask==0.12', vulnerable({ nearest: undefined, latest: undefined }));
      environment.scanner.truth.set('six==1.0', failed());
      const text = 'django==3.2.0 # keep\nflask==0.12\nsix==1.0\n';
      await open(text);
      const result = await client.execute<FixAllResult>(serverCommands.fixAll, { uris: [uri] });
      assert.deepEqual(result, {
        applied: true,
        previewed: false,
        fixed: 1,
        files: 1,
        left: [
          { uri, line: 1, name: 'flask', reason: 'No safe version of flask is known.' },
          { uri, line: 2, name: 'six', reason: 'api.osv.dev did not answer within 30 s.' },
        ],
        unchecked: 1,
      });
      const [edit] = client.applied;
      assert.equal(textAfter(edit, uri, text), 'django==3.2.5 # keep\nflask==0.12\nsix==1.0\n');
      assert.equal(edit?.changeAnnotations, undefined);
    });

    it('are ticked for all of the workspace, but for major updates', async () => {
      environment.scanner.truth.set('flask==0.12', vulnerable({ nearest: '2.0', latest: '2.0' }));
      environment.disk.set(other, 'django==3.2.0\nflask==0.12\n');
      environment.disk.set(uri, 'django==3.2.0\n');
      await open('django==3.2.0\n');
      const result = await client.execute<FixAllResult>(serverCommands.fixAll, {});
      assert.deepEqual([result.previewed, result.fixed, result.files, result.left], [true, 3, 2, []]);
      const [edit] = client.applied;
      assert.equal(textAfter(edit, other, 'django==3.2.0\nflask==0.12\n'), 'django==3.2.5\nflask==2.0\n');
      assert.deepEqual(
        Object.values(edit?.changeAnnotations ?? {}).map(({ needsConfirmation }) => needsConfirmation),
        [false, true, false],
      );
    });

    it('leave major updates of a file for review, and make them when that is asked for', async () => {
      environment.scanner.truth.set('flask==0.12', vulnerable({ nearest: '2.0', latest: '2.0' }));
      await open('django==3.2.0\nflask==0.12\n');
      const first = await client.execute<FixAllResult>(serverCommands.fixAll, { uris: [uri] });
      assert.deepEqual(
        [first.applied, first.previewed, first.fixed, first.majors, first.left],
        [true, false, 1, 1, []],
      );
      const second = await client.execute<FixAllResult>(serverCommands.fixAll, { uris: [uri], majors: true });
      assert.deepEqual([second.previewed, second.majors], [true, undefined]);
      assert.equal(textAfter(client.applied[1], uri, 'django==3.2.0\nflask==0.12\n').includes('flask==2.0'), true);
    });

    for (const [allowMajor, fixed, majors, left] of [
      [true, 2, undefined, 0],
      [false, 1, undefined, 1],
    ] as const) {
      it(`${allowMajor ? 'make' : 'refuse'} major updates where the settings say so`, async () => {
        environment.scanner.truth.set('flask==0.12', vulnerable({ nearest: '2.0', latest: '2.0' }));
        await open('django==3.2.0\nflask==0.12\n', { capabilities: modern, settings: { fix: { allowMajor } } });
        const result = await client.execute<FixAllResult>(serverCommands.fixAll, { uris: [uri] });
        assert.deepEqual([result.fixed, result.majors, result.left.length], [fixed, majors, left]);
      });
    }

    it('are no edit where there is nothing to fix, or what there is is ignored', async () => {
      await open('django==3.2.0\n', { capabilities: modern, settings: { ignore: [{ id: 'CVE-2', reason: 'x' }] } });
      environment.scanner.truth.set(
        'jinja2==2.0',
        assessed([finding({ id: 'CVE-2', aliases: [], records: ['CVE-2'] })]),
      );
      const ignored = 'file:///project/ignored-requirements.txt';
      await client.open(ignored, 'jinja2==2.0\n');
      await client.waitForStatus('one ignored', (status) => status.ignored === 1);
      const result = await client.execute<FixAllResult>(serverCommands.fixAll, { uris: [ignored] });
      assert.deepEqual(result, { applied: false, previewed: false, fixed: 0, files: 0, left: [] });
      assert.deepEqual(client.applied, []);
    });

    it('count what was not assessed, and includes that were not read', async () => {
      await open('django==3.2.0\n', { capabilities: modern });
      const unsure = 'file:///project/unsure-requirements.txt';
      await client.open(unsure, './local.whl\n-r gone.txt\n');
      const result = await client.execute<FixAllResult>(serverCommands.fixAll, { uris: [unsure] });
      assert.deepEqual([result.fixed, result.left, result.unchecked, result.unread], [0, [], 1, 1]);
    });

    it('reach a file that is not open, and say so of one that is none', async () => {
      environment.disk.set(other, 'django==3.2.0\n');
      await open('django==3.2.0\n');
      const result = await client.execute<FixAllResult>(serverCommands.fixAll, { uris: [other] });
      assert.deepEqual([result.fixed, result.files], [1, 1]);
      const [change] = client.applied[0]?.documentChanges ?? [];
      assert.ok(change !== undefined && 'textDocument' in change);
      assert.deepEqual(change.textDocument, { uri: other, version: null });
      const none = { uris: ['file:///project/none.txt'] };
      await assert.rejects(client.execute(serverCommands.fixAll, none), /no requirements file that Pinwatch tracks/u);
    });

    it('are not made where the client says that a file cannot be saved', async () => {
      const virtual = 'memfs:/requirements.txt';
      await open('django==3.2.0\n');
      await client.open(virtual, 'django==3.2.0\n');
      await client.waitForDiagnostics(virtual, 'a finding', (found) => found.length === 1);
      const params = { uris: [virtual], readOnlySchemes: ['memfs'] };
      const result = await client.execute<FixAllResult>(serverCommands.fixAll, params);
      const reason = 'The file system of this file is read-only.';
      const left = [{ uri: virtual, line: 0, name: 'django', reason }];
      assert.deepEqual(result, { applied: false, previewed: false, fixed: 0, files: 0, left });
      assert.deepEqual(client.applied, []);
    });

    it('are refused where the client lets nobody change files', async () => {
      await open('django==3.2.0\n', {});
      await assert.rejects(client.execute(serverCommands.fixAll, { uris: [uri] }), /does not let Pinwatch change/u);
    });
  });

  it('write an ignore behind what the file has already', async () => {
    await open('django==3.2.0\n');
    const params = { text: '# ours\n', id: 'CVE-2021-35042', reason: 'say "no"', until: '2027-01-31' };
    assert.deepEqual(await client.execute(serverCommands.ignoreEdit, params), {
      line: 1,
      character: 0,
      newText: '\n[[IgnoredVulns]]\nid = "CVE-2021-35042"\nignoreUntil = 2027-01-31\nreason = "say \\"no\\""\n',
    });
    const inline = { ...params, text: 'IgnoredVulns = []\n' };
    await assert.rejects(
      client.execute(serverCommands.ignoreEdit, inline),
      /add an \[\[IgnoredVulns\]\] entry by hand/u,
    );
    await assert.rejects(client.execute(serverCommands.ignoreEdit, { id: 1 }), /a text, an id, a reason/u);
  });
});

function textAfter(edit: WorkspaceEdit | undefined, of: string, text: string): string {
  assert.ok(edit, 'no edit');
  return applyTextEdits(edit, of, text);
}

function textOf(diagnostic: Pick<Diagnostic, 'message'> | undefined): string {
  return typeof diagnostic?.message === 'string' ? diagnostic.message : '';
}
