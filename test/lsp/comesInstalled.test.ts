import assert from 'node:assert/strict';
import { environmentsMethod } from '../../protocol/messages/environments.ts';
import type { Diagnostic } from 'vscode-languageserver-types';
import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { locked } from '../support/locked.ts';
import { installedTree, lockedTree } from '../support/lockedTree.ts';
import { TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const uri = `${folder}/requirements.txt`;
const site = `${folder}/.venv/lib/python3.12/site-packages`;

const installed = {
  'flask 1.0': ['werkzeug', 'jinja2'],
  'werkzeug 0.16': [],
  'jinja2 2.10': [],
  'pip 20.0': [],
};

describe('language server, of what is installed with a requirement', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    const { truth } = environment.scanner;
    truth.set('werkzeug==0.16', assessed([finding({ id: 'CVE-1', severity: 'high', score: 7.5 })]));
    truth.set('jinja2==2.10', assessed([finding({ id: 'CVE-2', severity: 'medium', score: 5 })]));
    truth.set('pip==20.0', assessed([finding({ id: 'CVE-3', severity: 'low', score: 2 })]));
    environment.locks.set(uri, [installedTree('.venv', installed)]);
    client = await TestClient.start(environment, { folders: [folder], findings: true });
  });

  afterEach(() => client.stop());

  const open = async (text = 'flask>=1\n'): Promise<readonly Diagnostic[]> => {
    await client.open(uri, text);
    await client.waitForStatus('the end', ({ state }) => state === 'idle');
    return client.diagnostics(uri) ?? [];
  };

  const messageOf = (one: Diagnostic | undefined): string => (typeof one?.message === 'string' ? one.message : '');
  const messages = (all: readonly Diagnostic[]): readonly unknown[] => all.map(({ message }) => message);

  async function change(...locks: readonly LockedVersions[]): Promise<void> {
    environment.locks.set(uri, locks);
    await client.changeOnDisk(`${site}/werkzeug-2.0.dist-info`);
    await client.settle(uri);
    environment.timers.elapse(500);
  }

  it('is one diagnostic at the declared line, which is the place of each', async () => {
    const [only, ...rest] = await open();
    assert.deepEqual(rest, []);
    assert.equal(
      only?.message,
      '2 vulnerable packages come with flask 1.0: werkzeug 0.16 (high), jinja2 2.10 (medium).',
    );
    assert.deepEqual([only?.code, only?.severity], ['comes-with', 1]);
    assert.deepEqual(
      only?.relatedInformation?.map(({ location }) => location),
      [0, 1].map(() => ({ uri, range: only.range })),
    );
    assert.ok(!environment.scanner.questions.some(({ pins }) => pins.includes('pip==20.0')));
  });

  it('counts, is listed at the declared line, and is in the hover', async () => {
    await open();
    await client.waitForStatus('all counted', ({ requirements, vulnerable }) => requirements === 3 && vulnerable === 2);
    environment.timers.elapse(200);
    const rows = await client.waitFor('rows', () => {
      const found = client.findings.at(-1)?.vulnerable ?? [];
      return found.length === 2 ? found : undefined;
    });
    assert.deepEqual(
      rows.map(({ name, uri: at, line }) => [name, at, line]),
      [
        ['werkzeug', uri, 0],
        ['jinja2', uri, 0],
      ],
    );
    const hover = JSON.stringify(await client.hover(uri, 0, 2));
    assert.match(hover, /2 vulnerable packages come with flask 1\\+\.0:\*\* \(installed in \\+\.venv\)/u);
  });

  it('follows what is installed', async () => {
    await open();
    await change(installedTree('.venv', { ...installed, 'flask 1.0': ['werkzeug'] }));
    await client.waitForDiagnostics(uri, 'one of them', ([first]) => /^1 vulnerable/u.test(messageOf(first)));
    await change(installedTree('.venv', { 'flask 1.0': ['werkzeug'], 'werkzeug 2.0': [] }));
    await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
  });

  it('counts in a lock what that holds, whatever is installed', async () => {
    const own = locked('lock', 'Pipfile.lock', { flask: '1.0', werkzeug: '0.16', jinja2: '3.0' });
    environment.locks.set(uri, [own, installedTree('.venv', installed)]);
    assert.deepEqual(await open(), []);
    await change(installedTree('.venv', installed));
    await client.waitForDiagnostics(uri, 'both', (all) => all.length === 1);
    await change(locked('lock', 'Pipfile.lock', { flask: '1.0', werkzeug: '0.16' }), installedTree('.venv', installed));
    const found = await client.waitForDiagnostics(uri, 'the other', ([first]) => /^1 v/u.test(messageOf(first)));
    assert.deepEqual(messages(found), ['1 vulnerable package comes with flask 1.0: jinja2 2.10 (medium).']);
  });

  it('is that of the lock alone in the file of its project', async () => {
    const manifest = `${folder}/pyproject.toml`;
    const own = lockedTree('uv.lock', { 'flask 2.0': ['werkzeug'], 'werkzeug 2.0': [] });
    environment.locks.set(manifest, [own, installedTree('.venv', installed)]);
    await client.open(manifest, '[project]\ndependencies = ["flask>=1"]\n', 1, 'toml');
    await client.waitForStatus('the end', ({ state }) => state === 'idle');
    assert.deepEqual(client.diagnostics(manifest), []);
  });

  it('is not at a line that gets an environment of its own', async () => {
    const image = `${folder}/Dockerfile`;
    environment.locks.set(image, [installedTree('.venv', installed)]);
    await client.open(image, 'FROM python\nRUN pip install "flask>=1"\n', 1, 'dockerfile');
    await client.waitForStatus('the end', ({ state }) => state === 'idle');
    assert.deepEqual(client.diagnostics(image), []);
  });

  it('is what the extras of the line bring in', async () => {
    const [flask, ...others] =
      installedTree('.venv', { 'flask 1.0': ['werkzeug'], 'werkzeug 0.16': [] }).tree?.packages ?? [];
    assert.ok(flask);
    const needs = flask.needs.map((need) => ({ ...need, extra: 'dev' }));
    const tree = { packages: [{ ...flask, needs }, ...others] };
    environment.locks.set(uri, [{ ...installedTree('.venv', { 'flask 1.0': [], 'werkzeug 0.16': [] }), tree }]);
    assert.deepEqual(await open(), []);
    await client.edit(uri, 2, 0, 5, 5, '[Dev]');
    await client.settle(uri);
    environment.timers.elapse(500);
    await client.waitForDiagnostics(uri, 'it', ([first]) => /come.* flask 1\.0: werkzeug/u.test(messageOf(first)));
    await client.edit(uri, 3, 0, 5, 10, '');
    await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
  });

  it('is in a Pipfile.lock by what is installed beside it, and its hover says where nobody knows', async () => {
    const lockUri = `${folder}/Pipfile.lock`;
    const text = '{"default": {\n"flask": {"version": "==1.0"},\n"jinja2": {"version": "==2.10"}}}\n';
    const hover = async (): Promise<string> => JSON.stringify(await client.hover(lockUri, 2, 3));
    await client.open(lockUri, text, 1, 'json');
    await client.waitForStatus('the end', ({ state }) => state === 'idle');
    assert.match(await hover(), /Pipfile\\+\.lock does not record who requires whom\\+\./u);
    const own = lockedTree('Pipfile.lock', { 'flask 1.0': ['jinja2'], 'jinja2 2.10': [] });
    for (const at of [lockUri, `${folder}/Pipfile`])
      environment.locks.set(at, [own, installedTree('.venv', installed)]);
    await client.changeOnDisk(`${site}/flask-1.0.dist-info`);
    await client.settle(uri);
    environment.timers.elapse(500);
    await client.waitForDiagnostics(lockUri, 'its way', ([first]) => messageOf(first).includes('(comes with flask)'));
    assert.doesNotMatch(await hover(), /does not record/u);
    await client.open(`${folder}/Pipfile`, '[packages]\nflask = "*"\n', 1, 'toml');
    await client.waitForDiagnostics(`${folder}/Pipfile`, 'one', ([first]) =>
      messageOf(first).startsWith('1 vulnerable'),
    );
  });

  it('follows what the user selects, and takes nothing that makes no sense', async () => {
    await open();
    environment.locks.set(uri, [installedTree('shop', { 'flask 1.0': ['jinja2'], 'jinja2 2.10': [] })]);
    const selected = [{ folder, path: '/home/me/shop' }, { path: 7 }, 'x', { path: '/a', folder: 1 }, { path: '/any' }];
    await client.notify(environmentsMethod, { selected });
    await client.waitForDiagnostics(uri, 'one of them', ([first]) => messageOf(first).startsWith('1 vulnerable'));
    await client.notify(environmentsMethod, { selected });
    for (const odd of [undefined, null, [], { selected: {} }]) await client.notify(environmentsMethod, odd);
    await client.settle(uri);
    assert.deepEqual(environment.selected, [[{ folder, path: '/home/me/shop' }, { path: '/any' }], []]);
  });

  it('says where the metadata of a package could not be read', async () => {
    const own = installedTree('.venv', { 'flask 1.0': [] });
    const packages = (own.tree?.packages ?? []).map((one) => ({ ...one, unread: 'The metadata could not be read.' }));
    environment.locks.set(uri, [{ ...own, tree: { packages } }]);
    assert.deepEqual(messages(await open()), ['1 package that comes with flask 1.0 could not be checked.']);
    const status = await client.waitForStatus('it counts', ({ failed }) => failed === 1);
    assert.notEqual(status.state, 'error');
  });

  it('says once where the environment could not be read, and counts it', async () => {
    const own = locked('environment', '.venv', {});
    environment.locks.set(uri, [{ ...own, unread: 'What is installed in .venv could not be read.' }]);
    assert.deepEqual(messages(await open()), ['What is installed in .venv could not be read.']);
    const status = await client.waitForStatus('the end', ({ state }) => state === 'idle');
    assert.deepEqual([status.unread, status.headline], [1, 'incomplete']);
    environment.locks.set(uri, [installedTree('.venv', installed)]);
    await client.changeOnDisk(`${site}/flask-1.0.dist-info`);
    await client.settle(uri);
    environment.timers.elapse(500);
    await client.waitForDiagnostics(uri, 'what it brings in', ([first]) => /^2 vulnerable/u.test(messageOf(first)));
  });

  it('is no matter where a lock says it', async () => {
    const own = locked('environment', '.venv', {});
    const manifest = `${folder}/pyproject.toml`;
    environment.locks.set(manifest, [
      lockedTree('uv.lock', { 'flask 1.0': [] }),
      { ...own, unread: 'What is installed in .venv could not be read.' },
    ]);
    await client.open(manifest, '[project]\ndependencies = ["flask==1.0"]\n', 1, 'toml');
    await client.waitForStatus('the end', ({ state }) => state === 'idle');
    assert.deepEqual(client.diagnostics(manifest), []);
  });
});
