import assert from 'node:assert/strict';
import type {
  CodeLens,
  CompletionList,
  DocumentLink,
  DocumentSymbol,
  FoldingRange,
  InlayHint,
  SymbolInformation,
} from 'vscode-languageserver-protocol';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { packageKnowledge } from '../../server/src/engine/store/packageKnowledge.ts';
import { assessed, failed, finding, noon } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';
import { textAt } from '../support/ranges.ts';
import { advisory } from '../unit/core/advisories/advisoryBuilder.ts';

const uri = 'file:///project/requirements.txt';
const folder = 'file:///project';
const whole = { range: { start: { line: 0, character: 0 }, end: { line: 1000, character: 0 } } };
const refreshing = {
  workspace: { inlayHint: { refreshSupport: true }, codeLens: { refreshSupport: true } },
};

describe('language server, around the lines', () => {
  let environment: FakeEnvironment;
  let client: TestClient;
  const clients: TestClient[] = [];

  async function start(options?: ClientOptions): Promise<TestClient> {
    client = await TestClient.start(environment, options);
    clients.push(client);
    return client;
  }

  /** Opens the file and waits for its answers. */
  async function open(text: string): Promise<void> {
    await client.open(uri, text);
    await client.waitForStatus('the answers', ({ state }) => state !== 'scanning');
  }

  const lenses = () => client.ask<readonly CodeLens[]>('textDocument/codeLens', uri);
  const hints = () => client.ask<readonly InlayHint[]>('textDocument/inlayHint', uri, whole);
  const links = () => client.ask<readonly DocumentLink[]>('textDocument/documentLink', uri);
  const symbols = () => client.ask<readonly DocumentSymbol[]>('textDocument/documentSymbol', uri);
  const folds = () => client.ask<readonly FoldingRange[]>('textDocument/foldingRange', uri);
  const complete = (line: number, character: number) =>
    client.ask<CompletionList | null>('textDocument/completion', uri, { position: { line, character } });

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding({ nearestFix: '3.2.5' })]));
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.stop()));
  });

  it('says that it counts in UTF-16, whatever else the client offers', async () => {
    await start({ capabilities: { general: { positionEncodings: ['utf-8', 'utf-16'] } } });
    assert.equal(client.initializeResult?.capabilities.positionEncoding, 'utf-16');
  });

  it('links includes inside the workspace, and no others', async () => {
    environment.disk.set('file:///project/base.txt', 'six==1.16.0\n');
    environment.disk.set('file:///etc/requirements.txt', 'six==1.16.0\n');
    await start({ folders: [folder] });
    await client.open(
      uri,
      '# 😀\n-r base.txt\n-r ../etc/requirements.txt\n-c missing.txt\n-r https://example.org/r.txt\n',
    );
    assert.deepEqual(
      (await links()).map(({ target, range }) => [target, range.start]),
      [
        ['file:///project/base.txt', { line: 1, character: 3 }],
        ['https://example.org/r.txt', { line: 4, character: 3 }],
      ],
    );
  });

  it('completes the names of packages that other files of the workspace have', async () => {
    environment.disk.set('file:///project/base.txt', 'Django==3.2.0\nflask==1\n');
    await start({ folders: [folder] });
    await open('-r base.txt\ndj\n');
    const list = await complete(1, 2);
    assert.deepEqual(
      list?.items.map(({ label }) => label),
      ['dj', 'Django'],
    );
    assert.equal(await complete(0, 5), null);
  });

  it('lists symbols, flat for clients that know no tree', async () => {
    const text = 'django==3.2.0 # 😀\n-r base.txt\n';
    await start({ capabilities: { textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } } } });
    await client.open(uri, text);
    assert.deepEqual(
      (await symbols()).map(({ name, selectionRange }) => [name, textAt(text, selectionRange)]),
      [
        ['django', 'django'],
        ['base.txt', 'base.txt'],
      ],
    );
    await start();
    await client.open(uri, text);
    const flat = await client.ask<readonly SymbolInformation[]>('textDocument/documentSymbol', uri);
    assert.deepEqual(
      flat.map(({ name, location }) => [name, textAt(text, location.range)]),
      [
        ['django ==3.2.0', 'django==3.2.0 # 😀'],
        ['base.txt -r', '-r base.txt'],
      ],
    );
  });

  it('folds what is long, within the limit of the client', async () => {
    const text = 'a==1 \\\n  --hash=sha256:00\n# one\n# two\n';
    await start();
    await client.open(uri, text);
    assert.equal((await folds()).length, 2);
    await start({ capabilities: { textDocument: { foldingRange: { rangeLimit: 1 } } } });
    await client.open(uri, text);
    assert.equal((await folds()).length, 1);
  });

  it('completes a half-typed version from the advisories held, without asking anybody', async () => {
    const name = normalizeName('django');
    const ranges = [
      [
        { kind: 'introduced', version: '3.2' },
        { kind: 'fixed', version: '3.2.5' },
      ] as const,
    ];
    const advisories = [advisory({ id: 'PYSEC-1', affected: [{ name, versions: ['3.2.0', '3.2.4'], ranges }] })];
    environment.scanner.packages.set(name, packageKnowledge({ name, advisories, checkedAt: noon, fetchedAt: noon }));
    await start();
    await client.open(uri, '# 😀\ndjango>=3.2, <4 # 😀\n');
    await client.edit(uri, 2, 1, 0, 15, 'django==3.');
    const list = await complete(1, 10);
    assert.deepEqual(
      list?.items.map(({ label, detail, textEdit }) => [label, detail, textEdit]),
      ['3.2.5', '3.2.4', '3.2.0'].map((version) => [
        version,
        version === '3.2.5' ? 'fixed version, no known advisory' : 'vulnerable: PYSEC-1',
        {
          range: { start: { line: 1, character: 8 }, end: { line: 1, character: 10 } },
          newText: version,
        },
      ]),
    );
    assert.equal(list.isIncomplete, true);
    assert.equal(await complete(1, 3), null);
    assert.ok(environment.scanner.questions.every(({ pins }) => pins.length === 0));
  });

  it('asks to be asked again for versions while a package is not known', async () => {
    await start();
    await client.open(uri, 'flask==\n');
    assert.deepEqual(await complete(0, 7), { isIncomplete: true, items: [] });
  });

  describe('has a package looked up whose first version is typed', () => {
    const name = normalizeName('flask');
    const held = packageKnowledge({
      name,
      advisories: [advisory({ id: 'PYSEC-9', affected: [{ name, versions: ['1.0'], ranges: [] }] })],
      checkedAt: noon,
      fetchedAt: noon,
    });
    const asked = () => environment.scanner.questions.flatMap(({ pins }) => pins);

    it('once, and offers its versions as soon as they are there', async () => {
      environment.scanner.holds = true;
      await start();
      await client.open(uri, 'flask==\n');
      const [first, second] = [complete(0, 7), complete(0, 7)];
      const question = await environment.scanner.question(2); // the first is that of the file, which asks nothing
      environment.scanner.packages.set(name, held);
      question.answer();
      for (const list of [await first, await second]) {
        assert.deepEqual([list?.isIncomplete, list?.items.map(({ label }) => label)], [true, ['1.0']]);
      }
      assert.deepEqual(asked(), ['flask ']);
    });

    it('and lets nobody wait longer than the limit', async () => {
      environment.scanner.holds = true;
      await start();
      await client.open(uri, 'flask==\n');
      const list = complete(0, 7);
      await environment.scanner.question(2);
      environment.timers.elapse(300);
      assert.deepEqual(await list, { isIncomplete: true, items: [] });
    });

    it('but not with every key where it cannot be had, nor where it is private', async () => {
      await start({ settings: { privacy: { privatePackages: ['secret*'] } } });
      await client.open(uri, 'flask==\nsecret-x==\nown== --index-url https://x.example\n');
      for (let key = 0; key < 3; key++) {
        assert.deepEqual(await complete(0, 7), { isIncomplete: true, items: [] });
        assert.deepEqual(await complete(1, 10), { isIncomplete: true, items: [] });
        assert.deepEqual(await complete(2, 5), { isIncomplete: true, items: [] });
      }
      assert.deepEqual(asked(), ['flask ']);
    });
  });

  it('shows one lens with what is wrong, and none where nothing is', async () => {
    environment.scanner.truth.set('six==1.16.0', failed());
    await start({ initializationOptions: { editorCommands: true } });
    await open('# 😀\ndjango==3.2.0\nsix==1.16.0\n');
    assert.deepEqual(await lenses(), [
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        command: {
          title: '1 vulnerable, 1 fixable · 1 could not be checked · rescan',
          command: 'pinwatch.rescan',
          arguments: [uri],
        },
      },
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
        command: { title: 'Fix 1', command: 'pinwatch.fixAll', arguments: [uri] },
      },
    ]);
    await client.edit(uri, 2, 0, 0, 0, '# ');
    await client.edit(uri, 3, 1, 0, 13, '');
    await client.edit(uri, 4, 2, 0, 11, '');
    assert.deepEqual(await lenses(), []);
  });

  it('carries the number of what was not assessed in lens and status', async () => {
    const skipped = 'a @ file:///build/a/work\nb @ file:///build/b/work\nc @ file:///build/c/work\n';
    await start();
    await open(`${skipped}attrs==20.1\n`);
    assert.match((await lenses())[0]?.command?.title ?? '', /^3 of 4 not assessed · rescan$/u);
    const { skipped: count, requirements, assessed: known, headline } = client.statuses.at(-1) ?? assert.fail();
    assert.deepEqual([count, requirements, known, headline], [3, 4, 1, 'partly']);
    await client.edit(uri, 2, 3, 0, 11, '');
    await client.waitForStatus('nothing assessed', (status) => status.assessed === 0);
    assert.match((await lenses())[0]?.command?.title ?? '', /^3 of 3 not assessed · rescan$/u);
    assert.equal(client.statuses.at(-1)?.headline, 'incomplete');
  });

  it('offers a client without our commands a lens that it can run', async () => {
    await start();
    await open('django==3.2.0\n');
    const [lens] = await lenses();
    assert.equal(lens?.command?.command, 'pinwatch.server.rescan');
    await client.execute(lens.command.command, lens.command.arguments?.[0] as object);
    assert.equal(environment.scanner.questions.at(-1)?.again, true);
  });

  it('shows no lens where it is switched off', async () => {
    await start({ settings: { codeLens: { enabled: false } } });
    await open('django==3.2.0\n');
    assert.deepEqual(await lenses(), []);
  });

  it('shows hints only where they are switched on', async () => {
    const text = '# 😀\ndjango==3.2.0 # 😀\n';
    await start();
    await open(text);
    assert.deepEqual(await hints(), []);
    await client.changeSettings({ inlayHints: { enabled: true } });
    await client.waitForStatus('the answers', ({ state }) => state === 'idle');
    await client.settle(uri);
    assert.deepEqual(
      (await hints()).map(({ label, position }) => [label, position]),
      [['→ 3.2.5', { line: 1, character: 13 }]],
    );
  });

  it('has the client ask again when answers land: once for many files', async () => {
    await start({ capabilities: refreshing });
    await client.open(uri, 'django==3.2.0\n');
    await client.open('file:///project/requirements-dev.txt', 'six==1.16.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    await client.waitForStatus('the answers', ({ state }) => state === 'idle');
    assert.deepEqual(client.asked, []);
    environment.timers.elapse(100);
    await client.waitFor('both refreshes', () => (client.asked.length >= 2 ? true : undefined));
    await client.settle(uri);
    assert.deepEqual(client.asked, ['workspace/inlayHint/refresh', 'workspace/codeLens/refresh']);
  });

  it('has no client ask again that cannot', async () => {
    await start();
    await open('django==3.2.0\n');
    environment.timers.elapse(100);
    await client.settle(uri);
    assert.deepEqual(client.asked, []);
  });

  it('answers nothing for files that are not looked after', async () => {
    await start({ settings: { files: { exclude: ['**/requirements.txt'] }, inlayHints: { enabled: true } } });
    await client.open(uri, 'django==3.2.0 \\\n  --hash=sha256:00\nx @ https://example.org/\n');
    await client.settle(uri);
    assert.deepEqual(await Promise.all([links(), symbols(), folds(), lenses(), hints(), complete(0, 9)]), [
      ...[[], [], [], [], []],
      null,
    ]);
  });
});
