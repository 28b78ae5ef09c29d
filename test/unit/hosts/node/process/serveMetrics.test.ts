import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { MonitoringPages } from '../../../../../server/src/engine/ports.ts';
import { serveMetrics } from '../../../../../server/src/hosts/node/process/serveMetrics.ts';

describe('metrics for this machine', () => {
  let port: number;
  let served: Awaited<ReturnType<typeof serveMetrics>>;

  beforeEach(async () => {
    port = await freePort();
    served = await serveMetrics(port, pages('pinwatch_up 1\n'));
  });

  afterEach(() => served.close());

  it('are text for Prometheus', async () => {
    const { status, type, text } = await fetched(port);
    assert.deepEqual([status, text], [200, 'pinwatch_up 1\n']);
    assert.match(type, /^text\/plain; version=0\.0\.4/u);
  });

  for (const [host, status] of [
    ['127.0.0.1', 200],
    ['localhost', 200],
    ['LOCALHOST', 200],
    ['evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['localhost@evil.example', 403],
  ] as const) {
    it(`answer ${status} to the host ${host}, with and without its port`, async () => {
      for (const name of [host, `${host}:${port}`]) {
        const answer = await fetched(port, { headers: { host: name } });
        assert.deepEqual([answer.status, answer.text === ''], [status, status !== 200], name);
      }
    });
  }

  for (const [origin, status] of [
    ['http://localhost:3000', 200],
    ['https://evil.example', 403],
    ['null', 403],
  ] as const) {
    it(`answer ${status} to a page of ${origin}`, async () =>
      assert.equal((await fetched(port, { headers: { origin } })).status, status));
  }

  it('may be asked with a query, or for their head alone', async () => {
    assert.equal((await fetched(port, { path: '/metrics?name[]=pinwatch_up' })).text, 'pinwatch_up 1\n');
    const { status, text } = await fetched(port, { method: 'HEAD' });
    assert.deepEqual([status, text], [200, '']);
  });

  it('have their own status, and 500 where one fails', async () => {
    assert.equal((await fetched(port, { path: '/health' })).status, 503);
    assert.equal((await fetched(port, { path: '/broken' })).status, 500);
  });

  it('are on any free port where 0 is asked for', async () => {
    const other = await serveMetrics(0, pages('other'));
    assert.equal((await fetched(other.port)).text, 'other');
    await other.close();
  });

  it('are nothing but GET /metrics', async () => {
    assert.equal((await fetched(port, { path: '/' })).status, 404);
    assert.equal((await fetched(port, { path: '/metrics/../secret' })).status, 404);
    assert.equal((await fetched(port, { method: 'POST' })).status, 405);
  });

  it('are not offered to other machines', async function () {
    const address = Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;
    if (address === undefined) {
      this.skip(); // this machine has no address but the loopback
    }
    const socket = connect(port, address);
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNREFUSED');
  });

  it('reject where the port is taken', async () => {
    await assert.rejects(serveMetrics(port, {}), { code: 'EADDRINUSE' });
  });

  it('free the port when they are closed', async () => {
    await served.close();
    served = await serveMetrics(port, pages('again'));
    assert.equal((await fetched(port)).text, 'again');
  });
});

function pages(text: string): MonitoringPages {
  const type = 'text/plain; version=0.0.4; charset=utf-8';
  return {
    '/metrics': () => Promise.resolve({ status: 200, type, text }),
    '/health': () => Promise.resolve({ status: 503, type, text: '{}' }),
    '/broken': () => Promise.reject(new Error('broken')),
  };
}

interface Fetched {
  readonly status: number | undefined;
  readonly type: string;
  readonly text: string;
}

async function fetched(
  port: number,
  options: { readonly path?: string; readonly method?: string; readonly headers?: Record<string, string> } = {},
): Promise<Fetched> {
  const request = get({ host: '127.0.0.1', port, path: '/metrics', agent: false, ...options });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
  }
  const { statusCode, headers } = response;
  return { status: statusCode, type: headers['content-type'] ?? '', text: Buffer.concat(chunks).toString('utf8') };
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
