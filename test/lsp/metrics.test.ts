import assert from 'node:assert/strict';
import type { Health } from '../../protocol/messages/figures/health.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

describe('metrics port of the language server', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(() => (environment = new FakeEnvironment()));

  const start = async (port: number): Promise<void> => {
    client = await TestClient.start(environment, { settings: { metrics: { port } } });
    await client.request('workspace/executeCommand', { command: 'pinwatch.server.health' });
  };
  const changePort = (port: number): Promise<void> => client.changeSettings({ metrics: { port } });
  const ports = (): readonly number[] => environment.metrics.map(({ port }) => port);

  it('is not offered unless it is asked for', async () => {
    await start(0);
    await client.stop();
    assert.deepEqual(environment.metricsOffered, []);
  });

  it('is offered with the figures of the moment, and closed on shutdown', async () => {
    await start(9464);
    await client.waitFor('the port', () => environment.metrics[0]);
    const { '/metrics': metrics, '/health': health } = environment.metrics[0]?.pages ?? {};
    assert.match((await metrics?.())?.text ?? '', /^pinwatch_osv_requests_total\{endpoint="vulns"\} 2$/mu);
    const page = await health?.();
    assert.equal(page?.status, 200);
    assert.equal((JSON.parse(page.text) as Health).components.osv.status, 'UP');
    await client.stop();
    assert.deepEqual(ports(), []);
  });

  it('moves when the setting changes, the old one closed first', async () => {
    await start(9464);
    await changePort(9465);
    await client.waitFor('the log to name it', () => client.logged.find((line) => line.includes(':9465/metrics')));
    assert.deepEqual(ports(), [9465]);
    await changePort(0);
    await client.stop();
    assert.deepEqual([ports(), environment.metricsOffered], [[], [9464, 9465]]);
  });

  it('is one of its own where another window has it, and the log says which', async () => {
    environment.takenPorts.add(9464);
    await start(9464);
    const line = await client.waitFor('the log', () => client.logged.find((one) => one.includes('Port 9464')));
    assert.match(line, /cannot be used: .*EADDRINUSE.*are at http:\/\/127\.0\.0\.1:50000\/metrics\./u);
    await client.stop();
    assert.deepEqual(ports(), []);
  });

  it('is warned about once where it cannot be had, and the server goes on', async () => {
    environment.takenPorts.add(9464);
    await start(9464);
    environment.takenPorts.add(0);
    const warned = (): readonly string[] => client.logged.filter((line) => line.includes('Metrics cannot be offered'));
    await client.waitFor('the warning', () => warned()[0]);
    await client.changeSettings({ metrics: { port: 9464 }, scan: { debounceMilliseconds: 100 } });
    await changePort(9465);
    await client.waitFor('the other port', () => environment.metrics[0]);
    assert.equal(warned().length, 1);
    assert.match(warned()[0] ?? '', /9464.*pinwatch\.metrics\.port/u);
    await client.stop();
  });
});

describe('metrics of the language server', () => {
  const uri = 'file:///ws/requirements.txt';
  let environment: FakeEnvironment;
  let client: TestClient;
  beforeEach(() => (environment = new FakeEnvironment()));
  afterEach(() => client.stop());

  const samples = async (): Promise<ReadonlyMap<string, number>> => {
    const text = await client.execute<string>('pinwatch.server.metrics');
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    return new Map(lines.map((line) => [line.replace(/ \S+$/u, ''), Number(/\S+$/u.exec(line)?.[0])]));
  };

  it('count keys until they are shown, scans and requests by how they ended, and look-ups by what they came to', async () => {
    client = await TestClient.start(environment);
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForStatus('the answer', ({ assessed }) => assessed === 1);
    assert.equal((await samples()).get('pinwatch_key_to_publish_seconds_count'), 0);
    const before = client.published.length;
    await client.edit(uri, 2, 0, 13, 13, ' # a');
    await client.waitFor('what is shown', () => client.published[before]);
    await assert.rejects(client.execute('nobody.has.this.private-name'));
    const now = await samples();
    assert.equal(now.get('pinwatch_key_to_publish_seconds_count'), 1);
    assert.equal(now.get('pinwatch_lookups_total{kind="scan",result="assessed"}'), 1);
    assert.equal(now.get('pinwatch_operations_total{operation="scan",result="ok"}'), 1);
    assert.equal(now.get('pinwatch_operations_total{operation="workspace/executeCommand",result="error"}'), 1);
    assert.equal(now.get('pinwatch_operations_total{operation="pinwatch.server.metrics",result="ok"}'), 1);
    assert.equal(now.get('pinwatch_index_circuit{state="closed"}'), 1);
    assert.ok(![...now.keys()].some((name) => /private-name|django|requirements\.txt/u.test(name)));
  });
});
