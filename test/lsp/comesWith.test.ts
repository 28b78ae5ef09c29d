import assert from 'node:assert/strict';
import type { CodeAction, Diagnostic } from 'vscode-languageserver-types';
import { trustMethod } from '../../protocol/messages/trust.ts';
import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { lockedTree } from '../support/lockedTree.ts';
import { TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const uri = `${folder}/pyproject.toml`;
const lockUri = `${folder}/uv.lock`;
const text = '[project]\nname = "shop"\ndependencies = ["flask>=1", "six==1.16.0"]\n';

const vulnerable = {
  'shop 1': ['flask', 'six'],
  'flask 1.0': ['werkzeug', 'jinja2', 'click'],
  'werkzeug 0.16': [],
  'jinja2 2.10': ['markupsafe'],
  'click 7.0': [],
  'markupsafe 1.0': [],
  'six 1.16.0': [],
};

describe('language server, of what comes with a requirement', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    const { truth } = environment.scanner;
    truth.set('werkzeug==0.16', assessed([finding({ id: 'CVE-1', severity: 'high', score: 7.5 })]));
    truth.set('jinja2==2.10', assessed([finding({ id: 'CVE-2', severity: 'medium', score: 5 })]));
    environment.locks.set(uri, [lockedTree('uv.lock', vulnerable)]);
    client = await TestClient.start(environment, { folders: [folder], findings: true });
  });

  afterEach(() => client.stop());

  const open = async (): Promise<readonly Diagnostic[] | undefined> => {
    await client.open(uri, text, 1, 'toml');
    await client.waitForStatus('the end', ({ state }) => state === 'idle');
    return client.diagnostics(uri);
  };

  async function lock(...locks: readonly LockedVersions[]): Promise<void> {
    environment.locks.set(uri, locks);
    await client.changeOnDisk(lockUri);
    await client.settle(uri);
    environment.timers.elapse(500);
  }

  const messageOf = (one: Diagnostic | undefined): string => (typeof one?.message === 'string' ? one.message : '');

  it('is one diagnostic at the declared line, as loud as the worst, with each place in the lock', async () => {
    const [only, ...rest] = (await open()) ?? [];
    assert.deepEqual(rest, []);
    assert.ok(only);
    assert.equal(
      only.message,
      '2 vulnerable packages come with flask 1.0: werkzeug 0.16 (high), jinja2 2.10 (medium).',
    );
    assert.deepEqual([only.severity, only.code], [1, 'comes-with']);
    assert.equal(text.split('\n')[2]?.slice(only.range.start.character, only.range.end.character), '1');
    assert.deepEqual(
      only.relatedInformation?.map(({ location }) => [location.uri, location.range.start.line]),
      [
        [lockUri, 2],
        [lockUri, 3],
      ],
    );
    assert.match(only.relatedInformation?.[0]?.message ?? '', /^werkzeug 0\.16 \(comes with flask\) has 1 known/u);
  });

  it('is one sentence more where the requirement is vulnerable itself', async () => {
    environment.scanner.truth.set('flask==1.0', assessed([finding({ id: 'CVE-3', severity: 'low', score: 2 })]));
    const [only, ...rest] = (await open()) ?? [];
    assert.deepEqual(rest, []);
    assert.match(messageOf(only), /^flask 1\.0 \(locked by uv\.lock\) has 1 known .* 2 vulnerable packages come with/u);
    assert.deepEqual([only?.code, only?.severity], ['CVE-3', 1]);
  });

  const lockText = Object.entries(vulnerable)
    .map(([release, names]) => {
      const [name = '', version = ''] = release.split(' ');
      const source = name === 'shop' ? 'virtual = "."' : 'registry = "https://pypi.org/simple"';
      const needs = names.map((one) => `{ name = "${one}" }`).join(', ');
      return `[[package]]\nname = "${name}"\nversion = "${version}"\nsource = { ${source} }\ndependencies = [${needs}]\n`;
    })
    .join('\n');

  const rows = (): Promise<readonly string[]> => {
    environment.timers.elapse(200);
    return client.waitFor('rows', () => {
      const found = client.findings.at(-1)?.vulnerable.map(({ uri: at, name }) => `${name} ${at}`) ?? [];
      return found.length === 2 ? [...found].sort() : undefined;
    });
  };

  it('counts where the lock is not among the files, so that nothing looks clean, and is listed at its place', async () => {
    await open();
    await client.waitForStatus(
      'all counted',
      ({ requirements, vulnerable: count }) => requirements === 6 && count === 2,
    );
    const both = await rows();
    assert.deepEqual(both, [`jinja2 ${lockUri}`, `werkzeug ${lockUri}`]);
  });

  it('counts once where the lock is among the files, and each of its diagnostics leads back', async () => {
    await open();
    await client.open(lockUri, lockText, 1, 'toml');
    const found = await client.waitForDiagnostics(lockUri, 'both', (all) => all.length === 2);
    await client.waitForStatus(
      'all counted',
      ({ requirements, vulnerable: count }) => requirements === 8 && count === 2,
    );
    assert.deepEqual(await rows(), [`jinja2 ${lockUri}`, `werkzeug ${lockUri}`]);
    for (const { relatedInformation } of found) {
      assert.deepEqual(
        relatedInformation?.map(({ location, message }) => [location.uri, location.range.start.line, message]),
        [[uri, 2, 'flask, which it comes with, is declared here.']],
      );
    }
    await client.edit(uri, 2, 0, 0, 0, '# ours\n');
    await client.settle(uri);
    environment.timers.elapse(500);
    await client.waitForDiagnostics(lockUri, 'the line below', (all) =>
      all.every(({ relatedInformation }) => relatedInformation?.[0]?.location.range.start.line === 3),
    );
  });

  it('is a part of the lens', async () => {
    await open();
    const lenses = JSON.stringify(await client.ask('textDocument/codeLens', uri));
    assert.match(lenses, /"2 vulnerable come with them · rescan"/u);
  });

  it('follows the lock, and goes when that holds safe versions', async () => {
    await open();
    await lock(lockedTree('uv.lock', { ...vulnerable, 'werkzeug 0.16': ['markupsafe'], 'jinja2 2.10': [] }));
    await lock(lockedTree('uv.lock', { 'flask 1.0': ['werkzeug', 'jinja2'], 'werkzeug 2.0': [], 'jinja2 2.10': [] }));
    const [only] = await client.waitForDiagnostics(uri, 'one of them', (all) =>
      messageOf(all[0]).startsWith('1 vulnerable'),
    );
    assert.equal(messageOf(only), '1 vulnerable package comes with flask 1.0: jinja2 2.10 (medium).');
    await lock(lockedTree('uv.lock', { 'flask 1.0': ['werkzeug', 'jinja2'], 'werkzeug 2.0': [], 'jinja2 3.0': [] }));
    await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
  });

  it('goes with the requirement, and comes back with it', async () => {
    await open();
    await client.edit(uri, 2, 2, 16, 28, '');
    await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
    await client.edit(uri, 3, 2, 16, 16, '"flask>=1", ');
    await client.waitForDiagnostics(uri, 'both', (all) => messageOf(all[0]).startsWith('2 vulnerable'));
  });

  it('takes a package of any name', async () => {
    environment.scanner.truth.set('constructor==1', assessed([finding({ id: 'CVE-9' })]));
    environment.locks.set(uri, [lockedTree('uv.lock', { 'flask 1.0': ['constructor'], 'constructor 1': [] })]);
    await client.open(lockUri, lockText, 1, 'toml');
    const [only] = (await open()) ?? [];
    assert.match(messageOf(only), /^1 vulnerable package comes with flask 1\.0: constructor 1/u);
  });

  it('does not count what is ignored', async () => {
    environment.scanner.truth.set('werkzeug==0.16', assessed([]));
    await client.changeSettings({ ignore: [{ id: 'CVE-2', reason: 'not reached' }] });
    assert.deepEqual(await open(), []);
  });

  it('says what could not be checked', async () => {
    environment.scanner.truth.set('click==7.0', { kind: 'failed', reason: 'offline', message: 'Nobody answered.' });
    await client.open(uri, text, 1, 'toml');
    const [only] = await client.waitForDiagnostics(uri, 'all of it', ([first]) =>
      messageOf(first).includes('could not'),
    );
    assert.match(messageOf(only), /\. 1 package that comes with flask 1\.0 could not be checked\.$/u);
  });

  it('asks nothing about a name that is private', async () => {
    await client.changeSettings({ privacy: { privatePackages: ['werk*', 'jinja2'] } });
    assert.deepEqual(await open(), []);
    const asked = environment.scanner.questions.flatMap(({ pins }) => pins);
    assert.ok(!asked.some((pin) => /werkzeug|jinja2/u.test(pin)), asked.join(' '));
  });

  it('lists them with their ways in the hover', async () => {
    await open();
    const hover = JSON.stringify(await client.hover(uri, 2, 18));
    assert.match(hover, /2 vulnerable packages come with flask 1/u);
    assert.match(hover, /werkzeug 0\\+\.16.*high 7\\+\.5.*CVE\\+-1/u);
  });

  describe('in an editor with a terminal', () => {
    const command = 'uv lock --upgrade-package werkzeug --upgrade-package jinja2';

    async function offers(at: string, line: number, character: number): Promise<readonly CodeAction[]> {
      const position = { line, character };
      const params = { range: { start: position, end: position }, context: { diagnostics: [] } };
      return (await client.ask<CodeAction[]>('textDocument/codeAction', at, params)).filter(
        ({ command: one }) => one?.command === 'pinwatch.typeInTerminal',
      );
    }

    beforeEach(async () => {
      await client.stop();
      client = await TestClient.start(environment, {
        folders: [folder],
        initializationOptions: { editorCommands: true },
        capabilities: {
          textDocument: { codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } } },
        },
      });
    });

    it('offers to type the command that raises all of it, and types nothing that is not vulnerable', async () => {
      await open();
      const [only, ...rest] = await offers(uri, 2, 18);
      assert.deepEqual(rest, []);
      assert.equal(only?.title, `Type in a terminal: ${command}`);
      assert.deepEqual(only.command?.arguments, [{ uri: lockUri, text: command }]);
      assert.deepEqual(await offers(uri, 2, 31), []); // six
    });

    it('says the command in the hover', async () => {
      await open();
      assert.match(JSON.stringify(await client.hover(uri, 2, 18)), new RegExp(`Lock again with \`${command}\``, 'u'));
    });

    it('offers the same for a package in the lock itself', async () => {
      await open();
      await client.open(lockUri, lockText, 1, 'toml');
      await client.waitForStatus('the end', ({ state }) => state === 'idle');
      const lines = lockText.split('\n');
      const at = lines.findIndex((line) => line.startsWith('name = "jinja2"'));
      const [only] = await offers(lockUri, at, 9);
      assert.equal(only?.title, 'Type in a terminal: uv lock --upgrade-package jinja2');
    });

    it('offers none in a workspace that is not trusted', async () => {
      await open();
      assert.equal((await offers(uri, 2, 18)).length, 1);
      await client.notify(trustMethod, { trusted: false });
      assert.deepEqual(await offers(uri, 2, 18), []);
    });
  });
});
