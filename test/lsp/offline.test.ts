import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic } from 'vscode-languageserver-protocol/node';
import { serverCommands } from '../../protocol/ids.ts';
import type { DatabaseResult } from '../../protocol/messages/database.ts';
import type { Health } from '../../protocol/messages/figures/health.ts';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { embeddedRecords, type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { DatabaseFixture, jsonLines } from '../support/databaseFixture.ts';
import { TestClient } from '../support/lspHarness.ts';
import { type PackageIndexService, startPackageIndex } from '../support/packageIndexService.ts';

const serverScript = path.resolve(import.meta.dirname, '../../server/src/main/serverMain.ts');
const uri = 'file:///w/requirements.txt';

const records = readdirSync(embeddedRecords)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(path.join(embeddedRecords, name), 'utf8')) as object);

/** Over a real database, beside services that count what reaches them. */
describe('language server without the service', () => {
  let fixture: DatabaseFixture;
  let service: OsvService;
  let index: PackageIndexService;
  let client: TestClient | undefined;

  before(async () => {
    service = await startOsvService();
    index = await startPackageIndex();
  });
  after(async () => {
    await service.close();
    await index.close();
  });
  beforeEach(() => (fixture = new DatabaseFixture()));
  afterEach(async () => {
    await client?.stop();
    client = undefined;
    service.reset();
    fixture.dispose();
  });

  async function start(mode: 'online' | 'fallback' | 'offline'): Promise<TestClient> {
    const globalStoragePath = path.join(fixture.root, 'global');
    mkdirSync(globalStoragePath, { recursive: true });
    client = await TestClient.start(nodeEnvironment('1.2.3', serverScript), {
      settings: {
        osv: { url: service.url },
        index: { url: mode === 'online' ? 'none' : index.url },
        network: { transport: 'direct' },
        offline: { mode, databasePath: fixture.folder },
      },
      initializationOptions: { globalStoragePath },
    });
    return client;
  }

  /** What each line shows when nothing is under way any more. */
  async function diagnosticsOf(text: string, one: TestClient): Promise<readonly Diagnostic[]> {
    await one.open(uri, text);
    await one.waitForStatus('the end of the scan', ({ state }) => state !== 'scanning');
    await one.settle(uri);
    return one.diagnostics(uri) ?? [];
  }

  const importByCommand = (one: TestClient, name: string, content: string): Promise<DatabaseResult> =>
    one.execute(serverCommands.importDatabase, { uri: pathToFileURL(fixture.write(name, content)).href });

  it('sends nothing in offline mode, and finds what the service would have said', async () => {
    await fixture.importRecords(...records);
    const names = [...new Set(records.flatMap(namesIn))];
    const lines = names.flatMap((name, number) => [
      `${name}==${['1.0', '0.1', '2.2.1', '3.2.0', '25.0'][number % 5]}`,
      `${name}${['>=1.0', '', '~=3.2', '<2'][number % 4]}`,
    ]);
    const text = `${lines.join('\n')}\n`;
    const online = await diagnosticsOf(text, await start('online'));
    await client?.stop();
    service.reset();
    const { connections } = service.traffic;
    const offline = await diagnosticsOf(text, await start('offline'));
    assert.ok(online.length >= 20, `${online.length}`); // one for each vulnerable requirement
    assert.deepEqual(offline, online);
    assert.deepEqual([service.traffic.log, connections.opened, index.seen], [[], 0, []]);
  });

  it('says who tells, and how old that is', async () => {
    await fixture.importRecords(...records);
    const one = await start('offline');
    await diagnosticsOf('django==1.0\n', one);
    const status = one.statuses.at(-1);
    assert.equal(status?.source.isDefault, false);
    const currentAt = status.source.database?.currentAt ?? '';
    assert.ok(Date.parse(currentAt) > 0, currentAt);
    assert.ok(status.isOld && (status.dataAgeDays ?? 0) > 7, 'its newest record is from long ago');
    assert.match(JSON.stringify(await one.ask('textDocument/codeLens', uri)), /data \d+ days old/u);
    const health = await one.execute<Health>(serverCommands.health);
    const { osv, index: packageIndex, advisoryDatabase } = health.components;
    assert.deepEqual([osv.status, packageIndex.status], ['OFF', 'OFF']);
    assert.deepEqual([health.status, advisoryDatabase.status], ['DEGRADED', 'DEGRADED']);
    assert.match(advisoryDatabase.message ?? '', /^Its data are \d+ days old\. Newer advisories are missing\.$/u);
    assert.match(advisoryDatabase.advice ?? '', /Update Local Database/u);
    assert.ok(Date.parse(advisoryDatabase.lastSuccess ?? '') > 0);
    assert.match(JSON.stringify(await one.hover(uri, 0, 1)), /local advisory database.*old/u);
    const { text } = await one.request<{ text: string }>('pinwatch/report', { format: 'json' });
    const { source } = JSON.parse(text) as { source: { kind: string; dataAge: number } };
    assert.equal(source.kind, 'database');
    assert.ok(source.dataAge > 0);
    assert.match(text, /"complete": false/u);
  });

  it('tells of the moment whether the service answers', async () => {
    const one = await start('online');
    const health = (): Promise<Health> => one.execute<Health>(serverCommands.health);
    const before = await health();
    assert.deepEqual([before.status, before.components.osv.status], ['UP', 'UNKNOWN']);
    assert.equal(before.components.osv.lastSuccess, undefined);
    await diagnosticsOf('six==1.16.0\n', one);
    const { status, components } = await health();
    assert.ok(Date.parse(components.osv.lastSuccess ?? '') > 0);
    assert.deepEqual([status, components.osv.status, components.osv.advice], ['UP', 'UP', undefined]);
    service.faults.set('all', { kind: 'status', status: 400 });
    await one.execute(serverCommands.rescan, { uris: [uri] });
    const after = await health();
    assert.deepEqual([after.status, after.components.osv.status], ['DEGRADED', 'DEGRADED']);
    assert.match(after.components.osv.message ?? '', /400/u);
    assert.match(after.components.osv.advice ?? '', /address of the service/u);
  });

  for (const mode of ['offline', 'fallback'] as const) {
    it(`fails every line without a database, and says which command makes one (${mode})`, async () => {
      service.faults.set('all', { kind: 'status', status: 400 });
      const one = await start(mode);
      const found = await diagnosticsOf('requests==2.19.0\nsix==1.16.0\nflask>=1\n', one);
      assert.deepEqual(
        found.map(({ code, range }) => [code, range.start.line]),
        [0, 1, 2].map((line) => ['could-not-check', line]),
      );
      assert.ok(found.every((one) => JSON.stringify(one.message).includes('Pinwatch: Update Local Database')));
      assert.equal(one.statuses.at(-1)?.failed, 3);
    });

    it(`is down without a database while the service does not answer (${mode})`, async () => {
      service.faults.set('all', { kind: 'status', status: 400 });
      const one = await start(mode);
      await diagnosticsOf('six==1.16.0\n', one);
      const { status, components } = await one.execute<Health>(serverCommands.health);
      assert.deepEqual([status, components.advisoryDatabase.status], ['DOWN', 'DOWN']);
      assert.match(components.advisoryDatabase.advice ?? '', /Update Local Database/u);
      assert.equal(components.osv.status, mode === 'offline' ? 'OFF' : 'DOWN');
    });

    it(`takes what was imported into account at once (${mode})`, async () => {
      service.faults.set('all', { kind: 'status', status: 400 });
      const one = await start(mode);
      await diagnosticsOf('requests==2.19.0\nsix==1.16.0\n', one);
      const result = await importByCommand(one, 'records.jsonl', jsonLines(records));
      assert.deepEqual([result.written, result.problems.count], [records.length, 0]);
      assert.equal(result.database.records, records.length);
      assert.ok(result.database.currentAt !== null);
      const found = await one.waitForDiagnostics(uri, 'findings from the database', (list) =>
        list.some(({ code }) => code !== 'could-not-check'),
      );
      assert.ok(found.every(({ range }) => range.start.line === 0));
    });
  }

  it('does not wait for all tries of a service in trouble: shows what the database says, and as that, until it answers', async () => {
    await fixture.importRecords(...records);
    service.faults.set('all', { kind: 'status', status: 503, retryAfter: 1 }, { times: 1 });
    const one = await start('fallback');
    await one.open(uri, 'django==3.2.0\nsix==1.16.0\n');
    const isShown = (list: readonly Diagnostic[]): boolean => list.length > 0;
    const [meanwhile] = await one.waitForDiagnostics(uri, 'what the database says', isShown);
    const text = (found: Diagnostic | undefined): string => JSON.stringify(found?.message);
    assert.match(text(meanwhile), /From the local advisory database, whose data are .*Being checked again/u);
    assert.equal(one.statuses.at(-1)?.state, 'scanning');
    assert.match(JSON.stringify(await one.hover(uri, 1, 1)), /Being checked.*local advisory database.*HTTP 503/su);
    await one.waitForStatus('the end of the scan', ({ state }) => state !== 'scanning');
    await one.settle(uri);
    const [final] = one.diagnostics(uri) ?? [];
    assert.ok(final);
    assert.doesNotMatch(text(final), /local advisory database|Being checked/u);
    assert.ok(
      one.published
        .slice(one.published.findIndex(({ diagnostics }) => isShown(diagnostics)))
        .every(({ diagnostics }) => isShown(diagnostics)),
      'nothing flickers',
    );
  });

  it('leaves the database as it was when a file cannot be read, and says why', async () => {
    await fixture.importRecords(...records);
    const one = await start('offline');
    await assert.rejects(importByCommand(one, 'broken.json', 'no advisory at all\n'), (error: Error) => {
      assert.match(error.message, /broken\.json.*Nothing was changed/su);
      return true;
    });
    assert.equal(fixture.open().status().records, records.length);
    await assert.rejects(one.execute(serverCommands.importDatabase, { uri: 'https://example.org/all.zip' }), /file:/u);
  });
});

function namesIn(record: object): readonly string[] {
  const { affected = [] } = record as { affected?: readonly { package?: { ecosystem?: string; name?: string } }[] };
  return affected.flatMap((entry) => (entry.package?.ecosystem === 'PyPI' ? (entry.package.name ?? []) : []));
}
