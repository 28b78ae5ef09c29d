import assert from 'node:assert/strict';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect } from 'node:tls';
import { gunzipSync } from 'node:zlib';
import { startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { eventOf, http2Client, query, record, send } from './client.ts';

describe('the ports of the OSV service', () => {
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [[record('T-1', 'a', [{ introduced: '0' }])]], gzip: true });
  });

  afterEach(() => service.reset());

  after(() => service.close());

  const detail = '/v1/vulns/T-1';

  async function plainGet(
    headers: Readonly<Record<string, string>>,
  ): Promise<{ response: IncomingMessage; body: Buffer }> {
    const outgoing = httpRequest(service.url + detail, { headers, agent: false }).end();
    return received(outgoing);
  }

  it('are on loopback only', () => {
    for (const url of [service.url, service.tlsUrl]) assert.match(url, /^https?:\/\/127\.0\.0\.1:[0-9]+$/);
  });

  it('speak HTTP/1.1 in the clear', async () => {
    assert.equal((await send(service, detail)).status, 200);
    assert.deepEqual(service.traffic.protocols, { '1.1': 1, '2': 0 });
    assert.equal(service.traffic.log[0]?.isSecure, false);
  });

  it('speak HTTP/2 under TLS, many requests on one connection', async () => {
    const client = http2Client(service);
    service.faults.set('vulns', { kind: 'stall' });
    const pending = Array.from({ length: 50 }, () => client.get(detail));
    await service.waitFor(({ requests }) => requests.vulns === 50);
    assert.equal(service.traffic.inFlight.vulns.now, 50);
    assert.deepEqual(service.traffic.protocols, { '1.1': 0, '2': 50 });
    assert.equal(service.traffic.connections.opened, 1);
    assert.equal(service.traffic.connections.openedHttp2, 1);
    client.close();
    await Promise.all(pending);
    await service.waitFor(({ inFlight }) => inFlight.vulns.now === 0);
  });

  it('speak HTTP/1.1 under TLS with a client that knows no better', async () => {
    const options: RequestOptions = { ca: service.ca, agent: false };
    const { response, body } = await received(httpsRequest(service.tlsUrl + detail, options).end());
    assert.equal(response.statusCode, 200);
    assert.match(body.toString(), /"T-1"/);
    assert.deepEqual(service.traffic.protocols, { '1.1': 1, '2': 0 });
    assert.equal(service.traffic.log[0]?.isSecure, true);
  });

  it('can reset HTTP/1.1 under TLS', async () => {
    service.faults.set('vulns', { kind: 'reset', at: 'body' });
    const outgoing = httpsRequest(service.tlsUrl + detail, { ca: service.ca, agent: false }).end();
    await assert.rejects(received(outgoing), { code: 'ECONNRESET' });
  });

  it('are not trusted by a client without their authority', async () => {
    const socket = connect({ port: Number(new URL(service.tlsUrl).port), host: '127.0.0.1' });
    const error = await eventOf(socket, 'error');
    assert.ok(error instanceof Error && 'code' in error);
    assert.equal(error.code, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  });

  it('pack answers for those who ask', async () => {
    const { response, body } = await plainGet({ 'accept-encoding': 'br, gzip' });
    assert.equal(response.headers['content-encoding'], 'gzip');
    assert.match(gunzipSync(body).toString(), /"T-1"/);
  });

  it('pack no answer for others', async () => {
    const { response, body } = await plainGet({});
    assert.equal(response.headers['content-encoding'], undefined);
    assert.match(body.toString(), /"T-1"/);
  });

  it('pack nothing where that is not switched on', async () => {
    const unpacked = await startOsvService({ records: [[]] });
    const response = await fetch(`${unpacked.url}/v1/vulns/T-1`, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(response.headers.get('content-encoding'), null);
    await response.text();
    await unpacked.close();
  });

  it('tell HTTP/2 clients how many requests they may have at once', async () => {
    const narrow = await startOsvService({ records: [[]], maxConcurrentStreams: 7 });
    const client = http2Client(narrow);
    const settings = await eventOf(client.session, 'remoteSettings');
    assert.ok(typeof settings === 'object' && settings !== null && 'maxConcurrentStreams' in settings);
    assert.equal(settings.maxConcurrentStreams, 7);
    client.close();
    await narrow.close();
  });

  it('can be chosen, and fail when they are taken', async () => {
    const port = Number(new URL(service.url).port);
    await assert.rejects(startOsvService({ records: [[]], port }), { code: 'EADDRINUSE' });
    await assert.rejects(startOsvService({ records: [[]], tlsPort: port }), { code: 'EADDRINUSE' });
  });

  it('take a large batch', async () => {
    const queries = Array.from({ length: 1000 }, (_, index) => query(`package-with-a-long-name-${index}`, '1.2.3'));
    assert.equal((await send(service, '/v1/querybatch', { queries })).status, 200);
  });
});

async function received(
  outgoing: ReturnType<typeof httpRequest>,
): Promise<{ response: IncomingMessage; body: Buffer }> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
  const chunks: Buffer[] = [];
  for await (const chunk of response) if (chunk instanceof Buffer) chunks.push(chunk);
  return { response, body: Buffer.concat(chunks) };
}
