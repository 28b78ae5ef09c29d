import assert from 'node:assert/strict';
import { CancellationTokenSource, ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver-protocol/node';
import { serverCommands } from '../../protocol/ids.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';

/** Clients that can less than VS Code, refuse, stay silent, or send what the protocol does not have. */
describe('a client of another kind', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  const start = async (options: ClientOptions = {}): Promise<void> => {
    client = await TestClient.start(environment, options);
  };
  const codes = (): readonly unknown[] | undefined => client.diagnostics(uri)?.map(({ code }) => code);
  const shown = (code: string): Promise<unknown> =>
    client.waitForDiagnostics(uri, code, (all) => all.some((one) => one.code === code));

  /** What was asked about, of whoever answers. */
  const asked = (): readonly string[] => environment.scanner.questions.flatMap(({ pins }) => pins);

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
  });

  afterEach(() => client.stop());

  describe('whose params are none', () => {
    const document = { textDocument: { uri } };
    const position = { line: 0, character: 0 };
    const range = { start: position, end: position };
    const requests: Readonly<Record<string, readonly unknown[]>> = {
      'textDocument/hover': [document, { position }, { ...document, position: { line: -1, character: 0 } }],
      'textDocument/completion': [document, { ...document, position: null }],
      'textDocument/documentLink': [{ textDocument: { uri: 1 } }],
      'textDocument/documentSymbol': [{ textDocument: null }],
      'textDocument/foldingRange': [{}],
      'textDocument/codeLens': [{ uri }],
      'textDocument/inlayHint': [document, { ...document, range: { start: position } }],
      'textDocument/codeAction': [
        document,
        { ...document, range },
        { ...document, range, context: { diagnostics: [], only: 1 } },
      ],
      'codeAction/resolve': [],
      'workspace/executeCommand': [{}, { command: 1 }],
      'pinwatch/advisories': [],
      'pinwatch/report': [{}],
    };
    for (const [method, wrong] of Object.entries(requests)) {
      it(`is answered that they are invalid: ${method}`, async () => {
        await start();
        await client.open(uri, 'django==3.2.0\n');
        for (const params of [null, [], [1], ...wrong]) {
          await assert.rejects(
            client.request(method, params as object),
            { code: ErrorCodes.InvalidParams },
            JSON.stringify(params),
          );
        }
        await shown('CVE-2021-35042');
        assert.deepEqual(
          client.logged.filter((line) => /Error\b|\bat\b/u.test(line)),
          [],
        );
      });
    }

    it('is offered actions with null in place of the kinds that it wants', async () => {
      await start();
      await client.open(uri, 'django==3.2.0\n');
      await shown('CVE-2021-35042');
      const asked = { ...document, range, context: { diagnostics: [] } };
      const offered = await client.request('textDocument/codeAction', asked);
      const context = { ...asked.context, only: null };
      assert.deepEqual(await client.request('textDocument/codeAction', { ...asked, context }), offered);
    });

    it('is served on behind notifications, which leave at most a line in the log', async () => {
      await start({ capabilities: { workspace: { workspaceFolders: true } } });
      const methods = [
        ...['didOpen', 'didChange', 'didClose', 'didSave'].map((name) => `textDocument/${name}`),
        ...['didChangeConfiguration', 'didChangeWatchedFiles', 'didChangeWorkspaceFolders'].map(
          (name) => `workspace/${name}`,
        ),
        ...['pinwatch/network', 'pinwatch/trust', '$/setTrace', '$/progress', '$/cancelRequest', 'initialized'],
      ];
      for (const method of methods) {
        for (const params of [null, [], {}, [1], { textDocument: null, changes: [null], event: null, settings: 1 }]) {
          await client.notify(method, params);
        }
      }
      await client.open(uri, 'django==3.2.0\n');
      await shown('CVE-2021-35042');
      assert.deepEqual(
        client.logged.filter((line) => line.includes('\n') || /\bat \S+:\d+/u.test(line)),
        [],
      );
    });
  });

  describe('that refuses', () => {
    const refuse = (): ResponseError => new ResponseError(-32601, 'no watches left');

    it('to watch files is served all the same, and the log says so', async () => {
      await start({
        capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
        answers: { 'client/registerCapability': refuse },
      });
      await client.open(uri, 'django==3.2.0\n');
      await shown('CVE-2021-35042');
      await client.waitFor('the log', () => client.logged.find((line) => line.includes('no watches left')));
    });

    it('to say its settings uses those that it handed over', async () => {
      await start({
        answers: { 'workspace/configuration': refuse },
        initializationOptions: { settings: { pinwatch: { privacy: { privatePackages: ['secret-*'] } } } },
      });
      await client.open(uri, 'django==3.2.0\nsecret-one==1\n');
      await shown('CVE-2021-35042');
      assert.deepEqual(
        asked().filter((pin) => pin.includes('secret')),
        [],
      );
    });

    it('to show progress, or to refresh what it shows, is served all the same', async () => {
      await start({
        capabilities: {
          window: { workDoneProgress: true },
          workspace: { codeLens: { refreshSupport: true }, inlayHint: { refreshSupport: true } },
        },
        answers: {
          'window/workDoneProgress/create': refuse,
          'workspace/codeLens/refresh': refuse,
          'workspace/inlayHint/refresh': refuse,
        },
      });
      await client.open(uri, 'django==3.2.0\n');
      await shown('CVE-2021-35042');
      environment.timers.elapse(10_000);
      await client.settle(uri);
    });
  });

  describe('that never says its settings', () => {
    const silent = { 'workspace/configuration': () => new Promise<never>(() => undefined) };

    it('sees after seconds that nothing was checked, and why; nothing was sent', async () => {
      await start({ answers: silent });
      await client.open(uri, 'django==3.2.0\n');
      await client.waitFor('the question', () => client.asked.find((one) => one === 'workspace/configuration'));
      environment.timers.elapse(5_000);
      await client.waitForStatus('trouble', ({ state }) => state === 'error');
      await client.waitForDiagnostics(uri, 'not checked', (all) => all.length > 0);
      const { contents } = (await client.hover(uri, 0, 8)) ?? {};
      assert.match(JSON.stringify(contents), /settings/u);
      assert.deepEqual(asked(), []);
    });

    it('is put right by a late answer', async () => {
      let answer: (sections: readonly unknown[]) => void = () => undefined;
      await start({
        answers: {
          'workspace/configuration': () => new Promise((resolve) => (answer = resolve)),
        },
      });
      await client.open(uri, 'django==3.2.0\n');
      await client.waitFor('the question', () => client.asked.find((one) => one === 'workspace/configuration'));
      environment.timers.elapse(5_000);
      await client.waitForStatus('trouble', ({ state }) => state === 'error');
      answer([{}]);
      await shown('CVE-2021-35042');
      await client.waitForStatus('idle', ({ state }) => state === 'idle');
    });
  });

  it('that leaves one question about its settings open, and answers the next, has the answer stand', async () => {
    const questions: ((sections: readonly unknown[]) => void)[] = [];
    await start({
      folders: ['file:///project', 'file:///project/inner'],
      capabilities: { workspace: { workspaceFolders: true } },
      answers: { 'workspace/configuration': () => new Promise((resolve) => void questions.push(resolve)) },
    });
    const uri = 'file:///project/inner/requirements.txt';
    await client.open(uri, 'django==3.2.0\n');
    await client.waitFor('the first question', () => questions[0]);
    await client.removeFolder('file:///project/inner');
    const second = await client.waitFor('the second question', () => questions[1]);
    second([{}, {}]);
    await client.waitForDiagnostics(uri, 'a finding', (all) => all[0]?.code === 'CVE-2021-35042');
    environment.timers.elapse(5_000); // the first one is given up
    await client.waitFor('the log', () => client.logged.find((line) => line.includes('did not say within')));
    await client.settle(uri);
    assert.deepEqual(
      client.diagnostics(uri)?.map(({ code }) => code),
      ['CVE-2021-35042'],
    );
    assert.notEqual(client.statuses.at(-1)?.state, 'error');
  });

  describe('that sends odd changes', () => {
    beforeEach(async () => {
      await start();
      await client.open(uri, 'django==3.2.0\n');
      await shown('CVE-2021-35042');
    });

    const change = (contentChanges: unknown, version = 2): Promise<void> =>
      client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });

    it('takes a range that is null for one that is absent', async () => {
      await change([{ range: null, text: 'six==1.16.0\n' }]);
      await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
      assert.equal((await client.hover(uri, 0, 1)) === null, false);
    });

    for (const [what, changes] of [
      ['no text', [{ range: null }]],
      ['a range that is none', [{ range: { start: 'x' }, text: 'six==1.16.0\n' }]],
      [
        'a negative place',
        [{ range: { start: { line: -1, character: 0 }, end: { line: 0, character: 0 } }, text: '' }],
      ],
      ['no list', 'six==1.16.0'],
      ['null', null],
    ] as const) {
      it(`does not look checked after a change that cannot be applied: ${what}`, async () => {
        await change(changes);
        await client.settle(uri);
        await client.waitFor('trouble', () => (codes()?.includes('could-not-check') === true ? true : undefined));
        assert.notEqual(client.statuses.at(-1)?.state, 'idle');
        await change([{ text: 'six==1.16.0\n' }], 3);
        await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
        environment.timers.elapse(300); // a pause in typing
        await client.waitForStatus('idle', ({ state }) => state === 'idle');
      });
    }

    it('does not look checked where a text has more lines than are read, until it has fewer', async () => {
      await change([{ text: 'django==3.2.0\r'.repeat(250_001) }]);
      await client.settle(uri);
      await client.waitFor('trouble', () => (codes()?.includes('text.not-known') === true ? true : undefined));
      const long = 'file:///project/long-requirements.txt';
      await client.open(long, '\f'.repeat(250_001));
      await client.waitForDiagnostics(long, 'why', (all) =>
        JSON.stringify(all[0]?.message ?? '').includes('250000 lines'),
      );
      await client.waitForStatus('unread', ({ failed, unread }) => failed === 1 && unread === 1);
      await change([{ text: 'six==1.16.0\n' }], 3);
      await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
    });

    it('lives through changes of what is not open, closing twice and opening twice', async () => {
      await client.notify('textDocument/didChange', {
        textDocument: { uri: 'file:///other.txt', version: 1 },
        contentChanges: [{ text: 'django==3.2.0\n' }],
      });
      await client.close('file:///other.txt');
      await client.open(uri, 'six==1.16.0\n', 5);
      await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
      await client.close(uri);
      await client.close(uri);
      await client.settle(uri);
    });
  });

  for (const command of [serverCommands.rescan, serverCommands.fixAll]) {
    it(`that cancels ${command} hears that it was cancelled, or gets a result`, async () => {
      await start({ capabilities: { workspace: { applyEdit: true } } });
      await client.open(uri, 'django==3.2.0\n');
      await shown('CVE-2021-35042');
      const source = new CancellationTokenSource();
      const answer = client.execute(command, {}, source.token);
      source.cancel();
      await answer.then(
        () => undefined,
        (error: { readonly code?: unknown }) => assert.equal(error.code, LSPErrorCodes.RequestCancelled),
      );
    });
  }

  for (const address of ['ftp://osv.example', 'no address', '', 'https://user:S3CRETTOK@osv.example/', 7]) {
    it(`whose service address is ${JSON.stringify(address)} sees that nobody is asked`, async () => {
      await start({ settings: { osv: { url: address } } });
      await client.open(uri, 'django==3.2.0\n');
      await client.waitForStatus('trouble', ({ state }) => state === 'error');
      await client.waitForDiagnostics(uri, 'not checked', (all) => all.length > 0);
      assert.deepEqual(asked(), []);
      assert.doesNotMatch(JSON.stringify([client.logged, client.statuses, client.published]), /S3CRETTOK/u);
    });
  }

  it('whose list of private packages cannot be read sends nothing', async () => {
    await start({ settings: { privacy: { privatePackages: 'secret-*' } } });
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForStatus('trouble', ({ state }) => state === 'error');
    assert.deepEqual(asked(), []);
  });

  it('that sends null wherever something is expected is served', async () => {
    await start({ initializationOptions: { settings: null, network: null, storagePath: null } });
    for (const method of ['workspace/didChangeWatchedFiles', 'workspace/didChangeConfiguration', 'pinwatch/network']) {
      await client.notify(method, { changes: null, settings: null });
    }
    await client.notify('workspace/didChangeWatchedFiles', { changes: [null, { uri: null }, { uri: 3 }, 'x'] });
    await client.open(uri, 'django==3.2.0\n');
    await shown('CVE-2021-35042');
    await assert.rejects(client.request('workspace/executeCommand', { command: null }));
    await assert.rejects(client.execute(serverCommands.rescan, { uris: [null, 4, uri] }));
    await client.execute(serverCommands.rescan, { uris: null });
  });
});
