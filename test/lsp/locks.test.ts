import assert from 'node:assert/strict';
import { fileId } from '../../server/src/project/fileId.ts';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LockedVersions } from '../../server/src/core/assessment/decided/decidedVersions.ts';
import { versionRange } from '../../server/src/core/assessment/lookup.ts';
import { normalizeName } from '../../server/src/core/packages/packageName.ts';
import { mayDecide } from '../../server/src/lsp/tasks/lockStore.ts';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { FakeLog } from '../support/fakeLog.ts';
import { locked } from '../support/locked.ts';
import { TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const uri = `${folder}/requirements.txt`;

describe('language server, where something decides versions', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding({ nearestFix: '3.2.5' })]));
    environment.locks.set(uri, [
      locked('lock', 'uv.lock', { django: '3.2.0' }),
      locked('environment', '.venv', { django: '4.2.1' }),
    ]);
    client = await TestClient.start(environment, { folders: [folder] });
  });

  afterEach(() => client.stop());

  const hover = async (character = 2): Promise<string> => JSON.stringify(await client.hover(uri, 0, character));
  const asked = (pin: string): boolean => environment.scanner.questions.some(({ pins }) => pins.includes(pin));

  async function lock(changed: string, ...locks: readonly LockedVersions[]): Promise<void> {
    environment.locks.set(uri, locks);
    await client.changeOnDisk(changed);
    await client.settle(uri);
    environment.timers.elapse(500);
  }

  it('checks the version that a lock has of a range, and says which lock', async () => {
    await client.open(uri, 'Django>=3\n');
    const [found] = await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    assert.match(JSON.stringify(found?.message), /Django 3\.2\.0 \(locked by uv\.lock\) has 1 known .*CVE-2021-35042/u);
    assert.match(await hover(), /Django 3\\+\.2\\+\.0\*\* \(locked by uv\\+\.lock\)/u);
  });

  it('looks again when a lock changes on disk', async () => {
    await client.open(uri, 'Django>=3\n');
    await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    await lock(`${folder}/uv.lock`, locked('lock', 'uv.lock', { django: '4.2.1' }));
    await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
    await client.waitFor('the question', () => (asked('django==4.2.1') ? true : undefined));
  });

  it('looks again when something is installed, once for all of it', async () => {
    environment.locks.set(uri, [locked('environment', '.venv', { django: '4.2.1' })]);
    await client.open(uri, 'Django>=3\n');
    await client.waitFor('the question', () => (asked('django==4.2.1') ? true : undefined));
    const site = `${folder}/.venv/lib/python3.12/site-packages`;
    await client.changeOnDisk(`${site}/Django-4.2.1.dist-info`);
    await lock(`${site}/Django-3.2.0.dist-info`, locked('environment', '.venv', { django: '3.2.0' }));
    const [found] = await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    assert.match(JSON.stringify(found?.message), /Django 3\.2\.0 \(installed in \.venv\)/u);
    assert.deepEqual(environment.lockReads, [[uri], [uri]]);
  });

  it('looks again on a rescan, for clients that cannot watch', async () => {
    await client.open(uri, 'Django>=3\n');
    await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    environment.locks.set(uri, [locked('lock', 'uv.lock', { django: '4.2.1' })]);
    await client.execute('pinwatch.server.rescan', { uris: [uri] });
    assert.deepEqual(client.diagnostics(uri), []);
  });

  it('takes the next when the line is changed so that it no longer admits what a lock has', async () => {
    await client.open(uri, 'Django>=3\n');
    await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    await client.edit(uri, 2, 0, 6, 9, '>=3.2.5');
    assert.match(await hover(), /Django 4\\+\.2\\+\.1\*\* \(installed in \\+\.venv\)/u);
    await client.edit(uri, 3, 0, 6, 13, '>=5');
    assert.match(
      await hover(),
      /Django &gt;=5\*\*\\n\\nuv\\+\.lock has 3\\+\.2\\+\.0, which this line does not allow/u,
    );
  });

  it('asks nothing about a range, and judges none, before it is known what decides it', async () => {
    let read: () => void = () => undefined;
    environment.beforeLocksAreRead = new Promise((resolve) => (read = resolve));
    // What storage knows would say at once that the range may be vulnerable.
    const any = { signal: new AbortController().signal };
    const range = versionRange(normalizeName('django'), [{ operator: '>=', version: '3' } as never]);
    assert.ok(range);
    environment.scanner.truth.set('django >=3', { ...assessed([finding()]), verdict: 'possiblyVulnerable' });
    environment.locks.set(uri, [locked('lock', 'uv.lock', { django: '4.2.1' })]);
    await environment.scanner.scan([range], any);
    await client.open(uri, 'Django>=3\nsix==1.0\n');
    await client.settle(uri);
    assert.match(await hover(), /Being checked/u);
    assert.equal(client.statuses.at(-1)?.state, 'scanning');
    read();
    await client.waitForStatus('the end', ({ state }) => state === 'idle');
    assert.ok(
      client.published.every(({ diagnostics }) => diagnostics.length === 0),
      'nothing was drawn in between',
    );
    assert.match(await hover(), /No known advisories/u);
    assert.deepEqual(
      environment.scanner.questions.slice(1).flatMap(({ pins }) => pins),
      ['django==4.2.1', 'six==1.0'],
    );
  });

  it('looks again in time at ranges of which all was known when it was read what decides them', async () => {
    const range = versionRange(normalizeName('django'), [{ operator: '>=', version: '3' } as never]);
    assert.ok(range);
    environment.locks.clear();
    await environment.scanner.scan([range], { signal: new AbortController().signal });
    await client.open(uri, 'Django>=3\n');
    await client.waitFor('the next look', () => (environment.timers.delaysMs.includes(3_600_000) ? true : undefined));
    environment.scanner.age();
    const before = environment.scanner.questions.length;
    environment.timers.elapse(3_600_000);
    const again = await environment.scanner.question(before + 1);
    assert.deepEqual(again.pins, ['django >=3']);
  });

  it('does not take the turn of another file for its own', async () => {
    const other = `${folder}/dev/requirements.txt`;
    environment.scanner.truth.set('django >=3', { ...assessed([finding()]), verdict: 'possiblyVulnerable' });
    let readFirst: () => void = () => undefined;
    environment.beforeLocksAreRead = new Promise((resolve) => (readFirst = resolve));
    await client.open(uri, 'six==1.0\n');
    await client.settle(uri);
    await client.open(other, 'Django>=3\n');
    await client.settle(uri);
    environment.beforeLocksAreRead = new Promise(() => undefined);
    readFirst();
    await client
      .waitFor('the other read', () => (environment.lockReads.length === 2 ? true : undefined))
      .catch(() => 0);
    await client.settle(uri);
    assert.match(JSON.stringify(await client.hover(other, 0, 2)), /Being checked/u);
    assert.equal(asked('django >=3'), false);
  });

  it('asks at once about pins, which nothing else decides', async () => {
    environment.beforeLocksAreRead = new Promise(() => undefined);
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
  });

  it('shows a file that is opened again as before, without a range in between', async () => {
    await client.open(uri, 'Django>=3\n');
    await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    await client.open(uri, 'Django>=3\n', 2);
    assert.match(await hover(), /Django 3\\+\.2\\+\.0\*\* \(locked by uv\\+\.lock\)/u);
  });

  it('asks nobody about a private package that a lock has', async () => {
    await client.changeSettings({ privacy: { privatePackages: ['django'] } });
    await client.open(uri, 'Django>=3\nsix==1.0\n');
    await client.waitFor('the question', () => (asked('six==1.0') ? true : undefined));
    await client.settle(uri);
    assert.ok(environment.scanner.questions.every(({ pins }) => pins.every((pin) => !pin.startsWith('django'))));
  });
});

describe('files that may decide versions', () => {
  const tracked = [`${folder}/requirements.txt`, `${folder}/in/base.in`];
  for (const [name, expected] of [
    ['uv.lock', true],
    ['deep/Pipfile.lock', true],
    ['.venv/pyvenv.cfg', true],
    ['.venv/lib/python3.12/site-packages/django-4.2.dist-info', true],
    ['in/base.txt', true],
    ['in/deep/base.txt', false],
    ['base.txt', false],
    ['Cargo.lock', false],
    ['.dist-info', false],
  ] as const) {
    it(`${name}: ${expected}`, () =>
      assert.equal(mayDecide(fileId(`${folder}/${name}`), tracked.map(fileId)), expected));
  }
});

describe('locks by URI', () => {
  it('are those of this machine', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'pinwatch locks #'));
    try {
      const site = path.join(root, '.venv/lib/python3.12/site-packages');
      await mkdir(path.join(site, 'Django-4.2.1.dist-info'), { recursive: true });
      await writeFile(path.join(root, '.venv/pyvenv.cfg'), 'home = /usr/bin\n');
      const file = pathToFileURL(path.join(root, 'app/requirements.txt')).href;
      const reader = nodeEnvironment('1.2.3', '').files.createLockReader(new FakeLog());
      const others = ['untitled:Untitled-1', 'vscode-vfs://github/a/requirements.txt', 'file://host/a%2Fb.txt'];
      const found = await reader.read([file, ...others], [pathToFileURL(root).href, 'vscode-vfs://github/a']);
      assert.deepEqual(
        found.get(file)?.map(({ source, versions }) => [source, versions.get(normalizeName('django'))?.text]),
        [['.venv', '4.2.1']],
      );
      others.forEach((other) => assert.deepEqual(found.get(other) ?? [], []));
    } finally {
      await rm(root, { recursive: true });
    }
  });
});
