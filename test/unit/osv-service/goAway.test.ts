import assert from 'node:assert/strict';
import { startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { http2Client, record } from './client.ts';

describe('GOAWAY from the OSV service', () => {
  let service: OsvService;

  beforeEach(async () => {
    service = await startOsvService({ records: [[record('T-1', 'a', [{ introduced: '0' }])]] });
  });

  afterEach(() => service.close());

  const detail = '/v1/vulns/T-1';
  const refused = 7;

  /** Five requests at once; the third sets it off. How each one ended. */
  async function burst(inFlight: 'finish' | 'refuse' | 'drop'): Promise<{ client: string[]; service: string[] }> {
    const client = http2Client(service);
    service.faults.set('vulns', { kind: 'thinkTime', ms: 20 });
    service.faults.set('vulns', { kind: 'goaway', inFlight }, { skip: 2, times: 1 });
    const ends = await Promise.all([1, 2, 3, 4, 5].map(() => client.get(detail)));
    if (!client.session.closed) await new Promise((resolve) => client.session.once('close', resolve));
    assert.equal(service.traffic.connections.opened, 1);
    await service.waitFor(({ answers }) => answers.length === 5);
    const answers = [...service.traffic.answers].sort((left, right) => left.request.number - right.request.number);
    return {
      client: ends.map(({ status, code }) => `${status ?? 'no status'} ${code}`),
      service: answers.map(({ end }) => end),
    };
  }

  it('lets what is in flight finish', async () => {
    const { client, service: ends } = await burst('finish');
    assert.deepEqual(
      client,
      Array.from({ length: 5 }, () => '200 0'),
    );
    assert.deepEqual(
      ends,
      Array.from({ length: 5 }, () => 'sent'),
    );
  });

  it('refuses what came after, which is safe to send again', async () => {
    const { client, service: ends } = await burst('refuse');
    const lost = `no status ${refused}`;
    assert.deepEqual(client, ['200 0', '200 0', lost, lost, lost]);
    assert.deepEqual(ends, ['sent', 'sent', 'broken', 'broken', 'broken']);
  });

  it('drops everything', async () => {
    const { client, service: ends } = await burst('drop');
    assert.ok(
      client.every((end) => end.startsWith('no status ')),
      client.join(', '),
    );
    assert.deepEqual(
      ends,
      Array.from({ length: 5 }, () => 'broken'),
    );
  });

  it('is a closed connection over HTTP/1.1', async () => {
    service.faults.set('vulns', { kind: 'goaway', inFlight: 'finish' }, { times: 1 });
    const response = await fetch(service.url + detail);
    assert.equal(response.headers.get('connection'), 'close');
    await response.text();
    await service.waitFor(({ connections }) => connections.open === 0);
  });
});
