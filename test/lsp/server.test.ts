import assert from 'node:assert/strict';
import { serverCommands } from '../../protocol/ids.ts';
import type { Health } from '../../protocol/messages/figures/health.ts';
import type { Statistics } from '../../protocol/messages/figures/statistics.ts';
import { assessed, failed, finding, noon } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { locked } from '../support/locked.ts';
import { longestMs as untilOldMs } from '../../server/src/lsp/publish/ageWatch.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';

describe('language server', () => {
  let environment: FakeEnvironment;
  let client: TestClient;
  const clients: TestClient[] = [];

  async function start(options?: ClientOptions): Promise<TestClient> {
    client = await TestClient.start(environment, options);
    clients.push(client);
    return client;
  }

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((one) => one.stop()));
  });

  const codes = () => client.diagnostics(uri)?.map((diagnostic) => diagnostic.code) ?? [];

  it('says what it can do', async () => {
    await start();
    assert.deepEqual(client.initializeResult?.serverInfo, { name: 'Pinwatch', version: '1.2.3' });
    assert.deepEqual(client.initializeResult?.capabilities.textDocumentSync, {
      openClose: true,
      change: 2,
      save: true,
    });
    assert.equal(client.initializeResult?.capabilities.hoverProvider, true);
  });

  it('shows that a setting holds a password, without showing it, and uses none of it', async () => {
    await start({ settings: { cache: { redisUrl: 'redis://:geheim@cache' } } });
    const shown = await client.waitFor('a message', () => client.messages[0]);
    assert.match(shown, /pinwatch\.cache\.redisUrl holds a password, so it is not used/u);
    assert.deepEqual(
      await client.execute('pinwatch.server.health').then(() => environment.engines.at(-1)?.cacheRedisUrl),
      '',
    );
    assert.doesNotMatch(JSON.stringify([client.messages, client.logged]), /geheim/u);
    assert.equal(client.messages.length, 1);
  });

  it('publishes findings with the version of the document', async () => {
    await start();
    await client.open(uri, '# app\nDjango == 3.2.0  # web\nsix==1.16.0\n', 7);
    const [diagnostic] = await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    assert.deepEqual(diagnostic?.range, { start: { line: 1, character: 10 }, end: { line: 1, character: 15 } });
    assert.equal(diagnostic.code, 'CVE-2021-35042');
    assert.equal(client.published.at(-1)?.version, 7);
    assert.deepEqual(environment.scanner.questions[0]?.pins, ['django==3.2.0', 'six==1.16.0']);
  });

  it('answers a hover on name and version', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    const hover = await client.hover(uri, 0, 9);
    assert.match(JSON.stringify(hover?.contents), /1 known vulnerability/u);
    assert.equal(await client.hover(uri, 0, 7), null);
  });

  it('asks nobody before it knows its settings', async () => {
    await start({ settings: { privacy: { privatePackages: ['acme-*'] } } });
    await client.open(uri, 'acme-core==1.0\nsix==1.16.0\n');
    const question = await environment.scanner.question(1);
    assert.deepEqual(question.pins, ['six==1.16.0']);
  });

  it('shows what is known on the keystroke, and waits only for the network', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    await client.edit(uri, 2, 0, 0, 0, '\n');
    const [moved] = await client.waitFor('version 2', () => {
      const last = client.published.at(-1);
      return last?.version === 2 ? last.diagnostics : undefined;
    });
    assert.equal(moved?.range.start.line, 1);
    assert.equal(environment.scanner.questions.length, 1);
  });

  it('never clears while a look-up is under way, and says what the finding is about', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    environment.scanner.holds = true;
    const before = client.published.length;
    await client.edit(uri, 2, 0, 8, 13, '4.2.20');
    await client.settle(uri);
    environment.timers.elapse(300);
    const question = await environment.scanner.question(2);
    assert.deepEqual(question.pins, ['django==4.2.20']);
    await client.settle(uri);
    const meanwhile = client.published.slice(before);
    assert.ok(meanwhile.length > 0);
    assert.ok(meanwhile.every((params) => params.diagnostics.length === 1));
    assert.match(
      JSON.stringify(meanwhile.at(-1)?.diagnostics[0]?.message),
      /Found for 3\.2\.0; 4\.2\.20 is being checked/u,
    );
    question.answer();
    await client.waitForDiagnostics(uri, 'the clean answer', (found) => found.length === 0);
  });

  it('asks once for a version typed key by key', async () => {
    await start();
    await client.open(uri, 'django==\n');
    await client.settle(uri);
    for (const [index, key] of [...'3.2.0'].entries()) {
      await client.edit(uri, index + 2, 0, 8 + index, 8 + index, key);
    }
    await client.settle(uri);
    environment.timers.elapse(300);
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    assert.deepEqual(
      environment.scanner.questions.map((question) => question.pins).filter((pins) => pins.length > 0),
      [['django==3.2.0']],
    );
  });

  it('is not idle while a new line waits for a pause in typing', async () => {
    await start();
    await client.open(uri, 'six==1.16.0\n');
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    await client.edit(uri, 2, 1, 0, 0, 'django==3.2.0\n');
    await client.settle(uri);
    assert.equal(client.statuses.at(-1)?.state, 'scanning');
    environment.timers.elapse(300);
    await client.waitForStatus('the answer', (status) => status.state === 'idle' && status.vulnerable === 1);
  });

  it('is not idle while a file of the workspace is read anew', async () => {
    environment.disk.set(uri, 'django==3.2.0\n');
    await start({ folders: ['file:///project'] });
    await client.execute(serverCommands.rescan);
    let read: () => void = () => undefined;
    environment.beforeLocksAreRead = new Promise((resolve) => (read = resolve));
    const rescan = client.execute(serverCommands.rescan);
    await client.settle(uri);
    const other = 'file:///project/notes.txt';
    await client.open(other, '');
    await client.changeSettings({ diagnostics: { ranges: false } });
    await client.settle(uri);
    read();
    await rescan;
    await client.waitForStatus('the answer', (status) => status.state === 'idle' && status.vulnerable === 1);
    const idle = client.statuses.slice(client.statuses.findIndex(({ vulnerable }) => vulnerable === 1));
    assert.deepEqual(
      idle.filter(({ state, vulnerable }) => state === 'idle' && vulnerable === 0),
      [],
    );
  });

  it('aborts a superseded run and never publishes its answer', async () => {
    await start();
    environment.scanner.holds = true;
    await client.open(uri, 'django==3.2.0\n');
    const first = await environment.scanner.question(1);
    await client.edit(uri, 2, 0, 12, 13, '25');
    await client.settle(uri);
    assert.ok(first.signal.aborted);
    first.answer();
    environment.timers.elapse(300);
    const second = await environment.scanner.question(2);
    assert.deepEqual(second.pins, ['django==3.2.25']);
    second.answer();
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    assert.ok(client.published.every((params) => params.diagnostics.length === 0));
  });

  it('keeps old findings when the service is down, and says what could not be checked', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    environment.scanner.age();
    environment.scanner.truth.set('django==3.2.0', failed({ reason: 'offline', lastKnown: assessed([finding()]) }));
    environment.scanner.truth.set('six==1.16.0', failed({ reason: 'offline' }));
    await client.edit(uri, 2, 1, 0, 0, 'six==1.16.0\n');
    await client.settle(uri);
    environment.timers.elapse(300);
    await client.waitForStatus('offline', (status) => status.state === 'offline');
    assert.deepEqual(codes(), ['CVE-2021-35042', 'could-not-check', 'could-not-check']);
    const status = client.statuses.at(-1);
    assert.deepEqual([status?.vulnerable, status?.failed], [1, 2]);
    assert.match(status?.message ?? '', /did not answer/u);
    await client.waitFor('the log', () =>
      client.logged.find((line) => /^2 requirements could not be checked/u.test(line)),
    );
  });

  it('keeps old findings even when the cache is cleared while the service is down', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    environment.scanner.truth.set('django==3.2.0', failed({ reason: 'offline' }));
    assert.deepEqual(await client.execute('pinwatch.server.clearCache'), { entries: 1 });
    await client.waitForStatus('offline', (status) => status.state === 'offline');
    assert.deepEqual(codes(), ['CVE-2021-35042', 'could-not-check']);
  });

  it('says of every line that it could not be checked when a scan breaks off, and tries again', async () => {
    await start();
    const scan = environment.scanner.scan.bind(environment.scanner);
    environment.scanner.scan = () => Promise.reject(new TypeError('a fault of our own'));
    await client.open(uri, 'django==3.2.0\nsix==1.16.0\n');
    await client.waitForStatus('error', ({ state, failed: count }) => state === 'error' && count === 2);
    assert.deepEqual(codes(), ['could-not-check', 'could-not-check']);
    await client.waitFor('the log', () => client.logged.find((line) => line.includes('a fault of our own')));
    environment.scanner.scan = scan;
    environment.timers.elapse(15_000);
    await client.waitForStatus('idle', ({ state, vulnerable }) => state === 'idle' && vulnerable === 1);
    assert.deepEqual(codes(), ['CVE-2021-35042']);
  });

  it('gives memory back when nobody has typed for a while after a large scan', async () => {
    await start();
    environment.scanner.unpacked = 30;
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    await client.waitFor('the rest', () => (environment.timers.delaysMs.includes(5_000) ? true : undefined));
    await client.edit(uri, 2, 0, 0, 0, ' ');
    await client.settle(uri);
    environment.timers.elapse(5_000);
    assert.equal(environment.rests, 0);
    environment.timers.elapse(0);
    assert.deepEqual([environment.scanner.unpacked, environment.rests], [0, 1]);
  });

  it('asks soon again for details that were missing', async () => {
    await start();
    environment.scanner.truth.set('django==3.2.0', assessed([finding({ missingDetails: ['PYSEC-2021-109'] })]));
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    assert.deepEqual(environment.timers.delaysMs, [15_000, untilOldMs]);
  });

  it('tries again by itself after a failure, later each time', async () => {
    await start();
    environment.scanner.truth.set('six==1.16.0', failed());
    await client.open(uri, 'six==1.16.0\n');
    await client.waitForDiagnostics(uri, 'the failure', (found) => found.length === 1);
    await client.waitForStatus('offline', (status) => status.state === 'offline');
    assert.deepEqual(environment.timers.delaysMs, [15_000]);
    environment.timers.elapse(15_000);
    await environment.scanner.question(2);
    await client.waitFor('the next try', () => (environment.timers.delaysMs[0] === 30_000 ? true : undefined));
    environment.scanner.truth.delete('six==1.16.0');
    environment.timers.elapse(30_000);
    await client.waitForDiagnostics(uri, 'the recovery', (found) => found.length === 0);
    await client.waitForStatus('nothing failed', (status) => status.state === 'idle' && status.failed === 0);
  });

  it('does not assess a range by its floor', async () => {
    await start();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    environment.scanner.truth.set('django >=3.2.0', {
      ...assessed([finding({ admitted: '3.2.0–3.2.4' })]),
      verdict: 'possiblyVulnerable',
    });
    await client.open(uri, 'django>=3.2.0\nflask\n');
    const status = await client.waitForStatus('idle', (one) => one.state === 'idle' && one.possiblyVulnerable === 1);
    assert.equal(status.vulnerable, 0);
    assert.deepEqual(environment.scanner.questions[0]?.pins, ['django >=3.2.0', 'flask ']);
    const [diagnostic] = await client.waitForDiagnostics(uri, 'the range', (found) => found.length === 1);
    assert.equal(diagnostic?.severity, 3);
    assert.match(
      JSON.stringify(diagnostic?.message),
      /^"django >=3\.2\.0 allows 3\.2\.0–3\.2\.4, with 1 known vulnerability \(critical 9\.8, CVE-2021-35042\)/u,
    );
  });

  it('checks what is installed where a line admits more than one release, and looks again when that changes', async () => {
    await start();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    environment.locks.set(uri, [locked('environment', '.venv', { django: '3.2.0' })]);
    await client.open(uri, 'django>=3\n');
    const [diagnostic] = await client.waitForDiagnostics(uri, 'the installed version', (found) => found.length === 1);
    assert.match(
      JSON.stringify(diagnostic?.message),
      /django 3\.2\.0 \(installed in \.venv\) has 1 known .*CVE-2021-35042/u,
    );
    environment.locks.clear();
    await client.changeOnDisk(uri.replace(/[^/]*$/u, 'uv.lock'));
    await client.settle(uri);
    environment.timers.elapse(500);
    await client.waitForDiagnostics(uri, 'the range', (found) => found.length === 0);
  });

  it('is quiet about half-typed lines until typing pauses', async () => {
    await start();
    await client.open(uri, 'six==1.16.0\n');
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    await client.edit(uri, 2, 1, 0, 0, 'django==');
    await client.settle(uri);
    assert.deepEqual(codes(), []);
    environment.timers.elapse(300);
    await client.waitForDiagnostics(uri, 'the complaint', (found) => found.length === 1);
  });

  it('complains of a half-typed line though a rescan comes before the pause', async () => {
    await start();
    await client.open(uri, 'six==1.16.0\n');
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    await client.edit(uri, 2, 1, 0, 0, 'django==');
    await client.execute(serverCommands.rescan, { uris: [uri] });
    environment.timers.elapse(300);
    await client.waitForDiagnostics(uri, 'the complaint', (found) => found.length === 1);
  });

  it('shows nothing more of a file that is closed between the end of its scan and a pause in typing', async () => {
    await start();
    environment.scanner.holds = true;
    await client.open(uri, 'six==1.16.0\n');
    const question = await environment.scanner.question(1);
    await client.edit(uri, 2, 1, 0, 0, 'django==');
    await client.settle(uri);
    question.answer();
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    await client.close(uri);
    await client.waitForDiagnostics(uri, 'nothing', (found) => found.length === 0);
    await client.settle(uri);
    assert.deepEqual(environment.timers.delaysMs, []);
  });

  it('looks again once, however a scan and a pause in typing end', async () => {
    await start();
    environment.scanner.holds = true;
    await client.open(uri, 'six==1.16.0\n');
    const question = await environment.scanner.question(1);
    await client.edit(uri, 2, 1, 0, 0, 'django==');
    await client.settle(uri);
    question.answer();
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    environment.timers.elapse(300);
    assert.deepEqual(environment.timers.delaysMs, [3_600_000, untilOldMs]);
  });

  it('refuses to rescan what it cannot understand, rather than everything', async () => {
    await start();
    for (const uris of [uri, [7], {}]) {
      await assert.rejects(client.execute('pinwatch.server.rescan', { uris }), /Files to rescan are named so/u);
    }
    assert.ok(environment.scanner.questions.every(({ again }) => !again));
  });

  it('rescans on command and says what came of it', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\nsix==1.16.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    const result = await client.execute('pinwatch.server.rescan', { uris: [uri] });
    assert.deepEqual(result, {
      files: 1,
      requirements: 2,
      vulnerable: 1,
      possiblyVulnerable: 0,
      failed: 0,
      durationMs: 0,
    });
    assert.equal(environment.scanner.questions.at(-1)?.again, true);
  });

  it('finds and reports files of the workspace that are not open, with one question', async () => {
    environment.disk.set('file:///project/requirements.txt', 'django==3.2.0\n');
    environment.disk.set('file:///project/requirements/dev.txt', 'django==3.2.0\nsix==1.16.0\n');
    await start({ folders: ['file:///project'] });
    const result = await client.execute('pinwatch.server.rescan');
    assert.deepEqual(result, {
      files: 2,
      requirements: 3,
      vulnerable: 2,
      possiblyVulnerable: 0,
      failed: 0,
      durationMs: 0,
    });
    assert.equal(environment.scanner.questions.filter((question) => question.pins.length > 0).length, 1);
    assert.equal(client.diagnostics('file:///project/requirements/dev.txt')?.length, 1);
    environment.disk.delete('file:///project/requirements/dev.txt');
    await client.execute('pinwatch.server.rescan');
    assert.deepEqual(client.diagnostics('file:///project/requirements/dev.txt'), []);
  });

  it('looks again once at what a second search of the workspace finds, and not at what is gone', async () => {
    const dev = 'file:///project/requirements/dev.txt';
    environment.disk.set(uri, 'django==3.2.0\n');
    environment.disk.set(dev, 'six==1.16.0\n');
    await start({ folders: ['file:///project'] });
    await client.execute(serverCommands.rescan);
    assert.deepEqual(
      environment.timers.delaysMs.filter((delayMs) => delayMs > 1_000),
      [3_600_000, 3_600_000, untilOldMs],
    );
    environment.disk.delete(dev);
    await client.execute(serverCommands.rescan);
    assert.deepEqual(
      environment.timers.delaysMs.filter((delayMs) => delayMs > 1_000),
      [3_600_000, untilOldMs],
    );
  });

  it('shows what an editor says of a file, whatever an earlier search read of it', async () => {
    environment.disk.set(uri, 'six==1.16.0\n');
    await start({ folders: ['file:///project'] });
    await client.execute(serverCommands.rescan);
    await client.execute(serverCommands.rescan);
    await client.open(uri, 'django==3.2.0\n', 1);
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    environment.timers.elapse(3_600_000);
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    await client.settle(uri);
    assert.deepEqual(codes(), ['CVE-2021-35042']);
    assert.equal(client.published.at(-1)?.version, 1);
  });

  it('does not show a file as it was on disk when it is opened while all is fixed', async () => {
    environment.disk.set(uri, 'six==1.16.0\n');
    await start({ folders: ['file:///project'], capabilities: { workspace: { applyEdit: true } } });
    await client.execute(serverCommands.rescan);
    let read: () => void = () => undefined;
    const ready = new Promise<void>((resolve) => (read = resolve));
    const reading = new Promise<void>((resolve) => {
      environment.createIgnoreReader = () => ({
        nearest: async () => {
          resolve();
          await ready;
          return [];
        },
      });
    });
    const fixing = client.execute(serverCommands.fixAll, {});
    await reading;
    await client.open(uri, 'django==3.2.0\n', 1);
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    read();
    await fixing;
    await client.settle(uri);
    assert.deepEqual(codes(), ['CVE-2021-35042']);
  });

  it('clears the diagnostics of a closed file, but keeps those of a scanned workspace', async () => {
    await start({ folders: ['file:///project'] });
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    await client.close(uri);
    await client.waitForDiagnostics(uri, 'nothing', (found) => found.length === 0);
    environment.disk.set(uri, 'django==3.2.0\n');
    await client.execute('pinwatch.server.rescan');
    await client.open(uri, 'six==1.16.0\n', 1);
    await client.waitForDiagnostics(uri, 'nothing', (found) => found.length === 0);
    await client.close(uri);
    await client.waitForDiagnostics(uri, 'what is on disk', (found) => found.length === 1);
  });

  it('follows includes, shows their findings in their own file, and where they are included', async () => {
    environment.disk.set('file:///project/base.txt', 'django==3.2.0\n-r requirements.txt\n');
    await start({ folders: ['file:///project'] });
    await client.open(uri, '# app\n-r base.txt\nsix==1.16.0\n');
    const base = 'file:///project/base.txt';
    const [found] = await client.waitForDiagnostics(base, 'a finding', (all) => all.length === 1);
    assert.deepEqual(found?.relatedInformation, [
      {
        location: { uri, range: { start: { line: 1, character: 3 }, end: { line: 1, character: 11 } } },
        message: 'This file is included here.',
      },
    ]);
    assert.deepEqual(client.diagnostics(uri), []);
    await client.edit(uri, 2, 1, 0, 11, '');
    await client.settle(uri);
    environment.timers.elapse(300);
    await client.waitForDiagnostics(base, 'nothing', (all) => all.length === 0);
  });

  it('asks about what a file includes that is rescanned without being open, too', async () => {
    const base = 'file:///project/base.txt';
    environment.disk.set(uri, '-r base.txt\nsix==1.16.0\n');
    environment.disk.set(base, 'django==3.2.0\n');
    await start({ folders: ['file:///project'] });
    const result = await client.execute(serverCommands.rescan, { uris: [uri] });
    assert.deepEqual(result, {
      files: 1,
      requirements: 1,
      vulnerable: 0,
      possiblyVulnerable: 0,
      failed: 0,
      durationMs: 0,
    });
    await client.waitForDiagnostics(base, 'a finding', (found) => found.length === 1);
    await client.waitForStatus('idle', (status) => status.state === 'idle' && status.vulnerable === 1);
  });

  it('says at the line why an include was not read', async () => {
    environment.disk.set('file:///elsewhere/x.txt', 'django==3.2.0\n');
    await start({ folders: ['file:///project'] });
    await client.open(uri, '-r ../elsewhere/x.txt\n-r gone.txt\n-r https://e.org/x.txt\n');
    const found = await client.waitForDiagnostics(uri, 'three problems', (all) => all.length === 3);
    assert.deepEqual(
      found.map(({ range, code, message }) => [range.start.line, code, message]),
      [
        [0, 'include.outside', '../elsewhere/x.txt was not read: it is outside of what is scanned.'],
        [1, 'include.unreadable', 'gone.txt was not read: there is no such file.'],
        [2, 'include.remote', 'https://e.org/x.txt was not read: only files are followed.'],
      ],
    );
    environment.disk.set('file:///project/gone.txt', 'django==3.2.0\n');
    await client.changeOnDisk('file:///project/gone.txt');
    await client.waitForDiagnostics('file:///project/gone.txt', 'a finding', (all) => all.length === 1);
    await client.waitForDiagnostics(uri, 'two problems', (all) => all.length === 2);
  });

  it('takes the version of a name from a constraints file, as it is in the editor', async () => {
    environment.disk.set('file:///project/constraints.txt', 'django==4.2\n');
    await start({ folders: ['file:///project'] });
    const constraints = 'file:///project/constraints.txt';
    await client.open(constraints, 'django==3.2.0\n');
    await client.open(uri, '-c constraints.txt\nDjango>=3\n');
    const [found] = await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    assert.match(
      JSON.stringify(found?.message),
      /Django 3\.2\.0 \(pinned by constraints\.txt\) has 1 known .*CVE-2021-35042/u,
    );
    assert.deepEqual(found?.range, { start: { line: 1, character: 8 }, end: { line: 1, character: 9 } });
    await client.edit(constraints, 2, 0, 8, 13, '3.2.9');
    await client.settle(uri);
    environment.timers.elapse(300);
    await client.waitForDiagnostics(uri, 'nothing', (all) => all.length === 0);
    assert.ok(environment.scanner.questions.some(({ pins }) => pins.includes('django==3.2.9')));
  });

  it('names a constraints file by its path in the workspace', async () => {
    environment.disk.set('file:///project/pins/all.txt', 'django==3.2.0\n');
    await start({ folders: ['file:///project'] });
    await client.open(uri, '-c pins/all.txt\nDjango>=3\n');
    const [found] = await client.waitForDiagnostics(uri, 'a finding', (all) => all.length === 1);
    assert.match(
      JSON.stringify(found?.message),
      /Django 3\.2\.0 \(pinned by pins\/all\.txt\) has 1 known .*CVE-2021-35042/u,
    );
  });

  it('reads a file again that changed on disk, and forgets one that is gone', async () => {
    const base = 'file:///project/base.txt';
    environment.disk.set(base, 'six==1.16.0\n');
    await start({ folders: ['file:///project'] });
    await client.open(uri, '-r base.txt\n');
    await client.waitFor('base.txt', () => client.diagnostics(base));
    environment.disk.set(base, 'django==3.2.0\n');
    await client.changeOnDisk(base);
    await client.waitForDiagnostics(base, 'a finding', (all) => all.length === 1);
    environment.disk.delete(base);
    await client.changeOnDisk(base);
    await client.waitForDiagnostics(base, 'nothing', (all) => all.length === 0);
    await client.waitForDiagnostics(uri, 'the problem', (all) => all[0]?.code === 'include.unreadable');
  });

  it('shows a file that changed on disk, whether all that it says now is known or not', async () => {
    const base = 'file:///project/base.txt';
    environment.disk.set(base, 'django==3.2.0\n');
    await start({ folders: ['file:///project'] });
    await client.open(uri, '-r base.txt\nsix==1.16.0\n');
    await client.waitForDiagnostics(base, 'a finding', (all) => all.length === 1);
    await client.waitForStatus('idle', (status) => status.state === 'idle');
    environment.disk.set(base, 'six==1.16.0\n');
    await client.changeOnDisk(base);
    await client.waitForDiagnostics(base, 'nothing', (all) => all.length === 0);
    await client.waitForStatus('no finding', (status) => status.vulnerable === 0);
    environment.scanner.truth.set('flask==0.1', assessed([finding()]));
    environment.disk.set(base, 'flask==0.1\n');
    await client.changeOnDisk(base);
    await client.waitForDiagnostics(base, 'what is new', (all) => all.length === 1);
  });

  it('takes a file that is new on disk to a workspace that was scanned, and to no other', async () => {
    const added = ['file:///project/requirements-dev.txt', 'file:///project/notes.txt', 'file:///x/requirements.txt'];
    await start({ folders: ['file:///project'] });
    const create = async () => {
      for (const one of added) {
        environment.disk.set(one, 'django==3.2.0\n');
        await client.changeOnDisk(one);
      }
    };
    await create();
    added.forEach((one) => environment.disk.delete(one));
    await client.execute(serverCommands.rescan);
    assert.deepEqual(
      added.map((one) => client.diagnostics(one)),
      [undefined, undefined, undefined],
    );
    await create();
    await client.waitForDiagnostics('file:///project/requirements-dev.txt', 'a finding', (all) => all.length === 1);
    assert.deepEqual(
      added.slice(1).map((one) => client.diagnostics(one)),
      [undefined, undefined],
    );
  });

  it('applies changed settings at once and builds a new engine only when it must', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    await client.changeSettings({ diagnostics: { severity: { critical: 'hint' } } });
    await client.waitForDiagnostics(uri, 'a hint', (found) => found[0]?.severity === 4);
    assert.equal(environment.engines.length, 1);
    await client.changeSettings({ osv: { url: 'http://127.0.0.1:9' } });
    await client.waitFor('the old engine closed', () => (environment.closedEngines === 1 ? true : undefined));
    assert.equal(environment.engines.at(-1)?.osvUrl, 'http://127.0.0.1:9');
    await client.changeSettings({ enable: false });
    await client.waitForDiagnostics(uri, 'nothing', (found) => found.length === 0);
  });

  it('works for a client that cannot be asked for settings', async () => {
    await start({ pull: false, settings: { files: { exclude: ['**/requirements.txt'] } } });
    await client.open(uri, 'django==3.2.0\n');
    await client.settle(uri);
    assert.equal(environment.scanner.questions.length, 0);
  });

  it('names a bad setting once', async () => {
    await start({ settings: { enable: 'yes' } });
    await client.waitFor('the warning', () => client.logged.find((line) => line.includes('pinwatch.enable')));
  });

  it('gives statistics, health and metrics in the shapes of the contract', async () => {
    await start();
    const statistics = await client.execute<Statistics>('pinwatch.server.statistics');
    assert.deepEqual(statistics.osv.requests, { querybatch: 1, query: 0, vulns: 2 });
    assert.deepEqual(statistics.cache.disk, { entries: 0, bytes: 0, hits: 0, misses: 0, rejected: 0 });
    const health = await client.execute<Health>('pinwatch.server.health');
    assert.deepEqual([health.status, health.version, health.uptimeSeconds], ['UP', '1.2.3', 2]);
    assert.deepEqual(
      Object.entries(health.components).map(([name, { status }]) => `${name} ${status}`),
      ['osv UP', 'index OFF', 'cacheMemory UP', 'cacheDisk OFF', 'cacheRedis OFF', 'advisoryDatabase OFF', 'queue OFF'],
    );
    const metrics = await client.execute<string>('pinwatch.server.metrics');
    assert.match(metrics, /^pinwatch_osv_requests_total\{endpoint="vulns"\} 2$/mu);
  });

  it('counts on when the settings make another engine', async () => {
    await start();
    await client.changeSettings({ osv: { url: 'http://127.0.0.1:9' } });
    await client.waitFor('the other engine', () => (environment.closedEngines === 1 ? true : undefined));
    const statistics = await client.execute<Statistics>('pinwatch.server.statistics');
    assert.deepEqual(statistics.osv.requests, { querybatch: 2, query: 0, vulns: 4 });
  });

  it('counts operations of the whole workspace on from session to session', async () => {
    const scans = async (): Promise<Statistics['lifetime']> =>
      (await client.execute<Statistics>('pinwatch.server.statistics')).lifetime;
    await start({ folders: ['file:///project'] });
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForStatus('idle', ({ state }) => state === 'idle');
    await client.hover(uri, 0, 2);
    const { operations, projects, since } = await scans();
    assert.equal(since, new Date(noon).toISOString());
    assert.deepEqual(
      Object.entries(operations).map(([name, { count, lastAt }]) => [name, count, lastAt]),
      [
        ['scan.known', 1, since],
        ['textDocument/hover', 1, since],
      ],
    );
    assert.deepEqual(Object.keys(projects), ['file:///project']);
    await Promise.all(clients.splice(0).map((one) => one.stop()));
    await start();
    assert.equal((await scans()).operations['textDocument/hover']?.count, 1);
  });

  it('serves two clients in one process without leakage', async () => {
    await start();
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    const other = new FakeEnvironment();
    const second = await TestClient.start(other);
    clients.push(second);
    await second.open(uri, 'django==3.2.0\n');
    await second.waitForStatus('idle', (status) => status.state === 'idle');
    assert.deepEqual(second.diagnostics(uri), []);
    assert.equal(client.diagnostics(uri)?.length, 1);
  });
});
