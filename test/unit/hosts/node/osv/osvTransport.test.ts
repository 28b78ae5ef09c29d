import assert from 'node:assert/strict';
import type { HttpAnswer, HttpClient, HttpRequest } from '../../../../../server/src/hosts/node/http/httpClient.ts';
import { OsvTransport } from '../../../../../server/src/hosts/node/osv/osvTransport.ts';
import { LookupError } from '../../../../../server/src/engine/ports.ts';
import { FakeTiming } from '../../../../support/fakeTiming.ts';

const { signal } = new AbortController();

/** A service whose connection ends `times` times in the middle of a request for `/lost`; others may be answered meanwhile. */
function transportOver(times: number, meanwhile: () => Promise<unknown>): OsvTransport {
  let lost = 0;
  const client: HttpClient = {
    send: async ({ path }: HttpRequest): Promise<HttpAnswer> => {
      if (path === '/lost' && lost++ < times) {
        await meanwhile();
        throw Object.assign(new Error('other side closed'), { code: 'UND_ERR_SOCKET' });
      }
      return { status: 200, retryAfter: undefined, location: undefined, text: `"${path}"` };
    },
    preconnect: () => undefined,
    reset: () => undefined,
    close: () => Promise.resolve(),
  };
  return new OsvTransport({ client, baseUrl: 'https://osv.example', timeoutMs: 1000, timing: new FakeTiming() });
}

const ask = (transport: OsvTransport, path: string): Promise<unknown> =>
  transport.json({ endpoint: 'vulns', path, maxBytes: 1000 }, signal);

describe('OSV transport', () => {
  it('goes on with a request whose connections end while the service answers others', async () => {
    const transport: OsvTransport = transportOver(10, () => ask(transport, '/other'));
    assert.equal(await ask(transport, '/lost'), '/lost');
    assert.equal(transport.circuit, 'closed');
  });

  it('leaves off where nothing is answered meanwhile', async () => {
    const transport = transportOver(Infinity, () => Promise.resolve());
    await assert.rejects(ask(transport, '/lost'), LookupError);
    assert.equal(transport.counters.retries, 3);
  });

  it('leaves off some time where one request ends every connection', async () => {
    const transport: OsvTransport = transportOver(Infinity, () => ask(transport, '/other'));
    await assert.rejects(ask(transport, '/lost'), LookupError);
    assert.ok(transport.counters.retries < 20);
  });
});
