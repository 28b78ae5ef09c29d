import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';
import { ServerProcess } from '../support/serverProcess.ts';

describe('the log of the language server', () => {
  let environment: FakeEnvironment;
  let client: TestClient;
  beforeEach(() => (environment = new FakeEnvironment()));
  afterEach(() => client.stop());

  const checked = async (text: string, settings: object = {}): Promise<void> => {
    client = await TestClient.start(environment, { settings });
    await client.open('file:///ws/requirements.txt', text);
    await client.waitFor('the end of the scan', () => lineOf('scan.finished'));
  };
  const lineOf = (event: string): string | undefined => client.logged.find((line) => line.includes(`"${event}"`));
  const factsOf = (event: string): Facts => {
    const line = lineOf(event) ?? '';
    return JSON.parse(line.slice(line.indexOf('{'))) as Facts;
  };

  it('says of a scan when it begins, what it came to, and what its parts took, which add up to the whole', async () => {
    let elapsedMs = 0;
    environment.clock = { ...environment.clock, elapsedMs: () => (elapsedMs += 0.7) };
    await checked('django==3.2.0\nsix==1.16.0\n');
    const [started, finished] = [factsOf('scan.started'), factsOf('scan.finished')];
    assert.deepEqual(
      [started['kind'], started['requirements'], started['files'], started['file']],
      ['scan', 2, 1, 'file:///ws/requirements.txt'],
    );
    assert.deepEqual([finished['requirements'], finished['failed']], [2, 0]);
    const timings = finished['timings'] as Readonly<Record<string, number>>;
    assert.deepEqual(Object.keys(timings), ['batch', 'packages', 'index', 'cache', 'lookUp', 'publish']);
    assert.equal(
      Object.values(timings).reduce((sum, ms) => sum + ms, 0),
      finished['durationMs'],
    );
    assert.ok(Number(finished['durationMs']) > 0);
  });

  it('has the id of the scan in every line of it, and another one in those of the next', async () => {
    await checked('django==3.2.0\n');
    await client.request('workspace/executeCommand', { command: 'pinwatch.server.rescan' });
    const ids = client.logged.flatMap((line) => /"scanId":"([^"]+)"/u.exec(line)?.[1] ?? []);
    const scans = client.logged.filter((line) => /"scan\.(?:started|finished)"/u.test(line));
    assert.equal(scans.length, 4);
    assert.equal(new Set(ids).size, 2);
    assert.ok(scans.every((line) => line.includes('"scanId"')));
  });

  it('is JSON where that is asked for, as on the command line', async () => {
    environment.logFormat = 'json';
    await checked('django==3.2.0\n');
    for (const line of client.logged) {
      const { time, level, event, message } = JSON.parse(line) as Readonly<Record<string, string>>;
      assert.match(time ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z$/u);
      assert.match(level ?? '', /^(?:error|warn|info|debug)$/u);
      assert.deepEqual([typeof event, typeof message], ['string', 'string']);
    }
  });

  it('has no text of a document and no private name', async () => {
    const text = 'acme-vault==1.0\ndjango==3.2.0  # the-comment\nthis is no requirement!\n';
    await checked(text, { privacy: { privatePackages: ['acme-*'] } });
    await client.request('workspace/executeCommand', { command: 'pinwatch.server.rescan' });
    assert.doesNotMatch(client.logged.join('\n'), /acme-vault|the-comment|no requirement!/u);
  });

  it('audits what is done to what is kept', async () => {
    await checked('django==3.2.0\n');
    await client.request('workspace/executeCommand', { command: 'pinwatch.server.clearCache' });
    assert.equal(factsOf('cache.cleared')['event'], 'cache.cleared');
    const summary = {
      written: 3,
      older: 1,
      problems: [],
      setAside: undefined,
      requests: { sent: 4, failed: 1 },
      status: {
        ...{ path: '/db', records: 3, withdrawn: 0, packages: 1, newestModified: '' },
        ...{ importedAt: 0, currentAt: 0, ageSeconds: 0, bytes: 0 },
      },
    };
    const asked = client.request('workspace/executeCommand', { command: 'pinwatch.server.updateDatabase' });
    await client.settle('file:///ws/requirements.txt');
    (await client.waitFor('the change', () => environment.databaseChanges[0])).finish(summary);
    await asked;
    const { written, older, requests } = factsOf('database.updated');
    assert.deepEqual([written, older, requests], [3, 1, { sent: 4, failed: 1 }]);
  });
});

type Facts = Readonly<Record<string, unknown>>;

describe('the log of a server process', () => {
  it('has the id of the scan in the line of each failed request, with reason and attempt', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-log-'));
    const service = await startOsvService({ records: [demoRecords] });
    service.faults.set('all', { kind: 'status', status: 503 });
    const settings = { osv: { url: service.url }, index: { url: 'none' } };
    const server = await ServerProcess.start({ settings, storagePath: folder });
    try {
      await server.open('file:///ws/requirements.txt', 'django==3.2.0\n');
      await server.execute('pinwatch.server.rescan');
      const facts = server.logged
        .filter((line) => line.includes('"event"'))
        .map((line) => JSON.parse(line.slice(line.indexOf('{"'))) as Facts);
      const scans = facts.filter(({ event }) => event === 'scan.finished').map(({ scanId }) => scanId);
      const failed = facts.filter(({ event }) => event === 'request.failed');
      assert.ok(failed.length >= 3, server.logged.join('\n'));
      for (const { scanId, service, endpoint, reason, attempt, isLast } of failed) {
        assert.ok(scans.includes(scanId), server.logged.join('\n'));
        assert.deepEqual(
          [service, typeof endpoint, reason, typeof isLast],
          ['osv', 'string', 'serverError', 'boolean'],
        );
        assert.ok(Number(attempt) >= 1);
      }
      const finished = facts.find(({ event }) => event === 'scan.finished');
      const timings = Object.values(finished?.['timings'] as Readonly<Record<string, number>>);
      assert.equal(
        timings.reduce((sum, ms) => sum + ms, 0),
        finished?.['durationMs'],
      );
    } finally {
      await server.kill();
      await service.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
