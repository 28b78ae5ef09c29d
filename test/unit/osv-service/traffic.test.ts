import assert from 'node:assert/strict';
import { startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { http2Client, query, record, send } from './client.ts';

describe('the books of the OSV service', () => {
  let service: OsvService;

  beforeEach(async () => {
    service = await startOsvService({ records: [[record('T-1', 'a', [{ introduced: '0' }])]] });
  });

  afterEach(() => service.close());

  it('count requests by endpoint', async () => {
    await send(service, '/v1/query', query('a'));
    await send(service, '/v1/querybatch', { queries: [] });
    await send(service, '/v1/vulns/T-1');
    await send(service, '/v1/vulns/T-2');
    await send(service, '/nothing');
    assert.deepEqual(service.traffic.requests, { query: 1, querybatch: 1, vulns: 2, unknown: 1 });
    assert.deepEqual(service.traffic.ids, ['T-1', 'T-2']);
    assert.deepEqual(
      service.traffic.answers.map(({ request, status, end }) => [request.number, status, end]),
      [
        [1, 200, 'sent'],
        [2, 200, 'sent'],
        [3, 200, 'sent'],
        [4, 404, 'sent'],
        [5, 404, 'sent'],
      ],
    );
  });

  it('keep what each batch asked for, as it was sent', async () => {
    await send(service, '/v1/querybatch', { queries: [query('Foo_Bar', '1.0'), query('b', '2', { page_token: 'P' })] });
    await send(service, '/v1/querybatch', { queries: [{ package: { purl: 'pkg:pypi/c@3' } }, null, { version: 4 }] });
    assert.deepEqual(service.traffic.batches, [
      [
        { name: 'Foo_Bar', version: '1.0', ecosystem: 'PyPI' },
        { name: 'b', version: '2', ecosystem: 'PyPI', pageToken: 'P' },
      ],
      [{ purl: 'pkg:pypi/c@3' }, {}, {}],
    ]);
  });

  it('keep the request itself: headers, body, protocol, connection', async () => {
    await fetch(`${service.url}/v1/query`, { method: 'POST', body: '{"bro', headers: { 'user-agent': 'test/1' } });
    const [first] = service.traffic.log;
    assert.ok(first);
    assert.deepEqual(
      [
        first.number,
        first.method,
        first.path,
        first.body,
        first.httpVersion,
        first.isSecure,
        first.connection,
        first.queries,
      ],
      [1, 'POST', '/v1/query', '{"bro', '1.1', false, 1, []],
    );
    assert.equal(first.headers['user-agent'], 'test/1');
  });

  it('number connections over both ports', async () => {
    const clients = [http2Client(service), http2Client(service)];
    for (const client of clients) await client.get('/v1/vulns/T-1');
    await send(service, '/v1/vulns/T-1');
    assert.deepEqual(
      service.traffic.log.map(({ connection }) => connection),
      [1, 2, 3],
    );
    assert.deepEqual(service.traffic.connections, { opened: 3, open: 3, openedSecure: 2, openedHttp2: 2 });
    for (const client of clients) client.close();
    await service.waitFor(({ connections }) => connections.open === 1);
    assert.equal(service.traffic.connections.opened, 3);
  });

  it('know the most requests there were at once', async () => {
    const client = http2Client(service);
    service.faults.set('all', { kind: 'thinkTime', ms: 30 });
    await Promise.all([...[1, 2, 3].map(() => client.get('/v1/vulns/T-1')), send(service, '/v1/query', query('a'))]);
    await service.waitFor(({ inFlight }) => inFlight.now === 0);
    await client.get('/v1/vulns/T-1');
    await service.waitFor(({ inFlight }) => inFlight.now === 0);
    assert.deepEqual(service.traffic.inFlight.vulns, { now: 0, peak: 3 });
    assert.deepEqual(service.traffic.inFlight.query, { now: 0, peak: 1 });
    assert.equal(service.traffic.inFlight.peak, 4);
    client.close();
  });

  it('start anew after a reset, but know what is still open', async () => {
    const client = http2Client(service);
    await client.get('/v1/vulns/T-1');
    service.faults.set('vulns', { kind: 'stall' });
    const stalled = client.get('/v1/vulns/T-1');
    await service.waitFor(({ requests }) => requests.vulns === 2);
    service.records.remove('T-1');
    service.reset();
    assert.deepEqual(service.traffic.requests, { query: 0, querybatch: 0, vulns: 0, unknown: 0 });
    assert.deepEqual([service.traffic.log, service.traffic.answers, service.traffic.batches], [[], [], []]);
    assert.deepEqual(service.traffic.connections, { opened: 0, open: 1, openedSecure: 0, openedHttp2: 0 });
    assert.deepEqual(service.traffic.inFlight.vulns, { now: 1, peak: 1 });
    assert.equal((await client.get('/v1/vulns/T-1')).status, 200);
    client.close();
    await stalled;
  });

  it('tell those who wait, at once or when it happens', async () => {
    await service.waitFor(({ requests }) => requests.vulns === 0);
    const seen = service.waitFor(({ requests }) => requests.vulns === 1);
    await send(service, '/v1/vulns/T-1');
    await seen;
  });

  it('tell those who wait in vain what there was instead', async () => {
    const waiting = service.waitFor(({ requests }) => requests.vulns === 1, 10);
    await assert.rejects(waiting, /Not seen by the OSV service within 10 ms.*"vulns":0/);
  });

  it('hand on what a predicate throws', async () => {
    const waiting = service.waitFor(() => {
      throw new Error('of the test itself');
    });
    await assert.rejects(waiting, /of the test itself/);
  });

  it('count a client that leaves in the middle of its request', async () => {
    const client = http2Client(service);
    const stream = client.session.request({ ':path': '/v1/query', ':method': 'POST' });
    stream.on('error', () => undefined);
    stream.write('{');
    await service.waitFor(({ inFlight }) => inFlight.query.now === 1);
    client.close();
    await service.waitFor(({ inFlight }) => inFlight.query.now === 0);
    assert.equal(service.traffic.requests.query, 0);
    assert.deepEqual(service.traffic.answers, []);
  });
});
