import assert from 'node:assert/strict';
import { once } from 'node:events';
import { IncomingMessage, request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { startOsvService, type OsvService } from '../../osv-service/osvService.ts';
import { ask, eventOf, http2Client, idsOf, query, record, resultsOf, send } from './client.ts';

describe('faults of the OSV service', () => {
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [[record('T-1', 'a', [{ introduced: '0' }], { severity: [] })]] });
  });

  afterEach(() => service.reset());

  after(() => service.close());

  const detail = '/v1/vulns/T-1';
  const batch = { queries: [query('a', '1'), query('b', '1')] };

  /** The answer as it comes over the wire, unpacked by nobody. */
  async function raw(path: string): Promise<{ status: number; headers: Headers; text: string }> {
    const response = await fetch(service.url + path);
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  describe('limits', () => {
    const fault = { kind: 'status', status: 503 } as const;

    async function statuses(count: number, path = detail): Promise<readonly number[]> {
      const seen: number[] = [];
      for (let index = 0; index < count; index++) seen.push((await send(service, path)).status);
      return seen;
    }

    it('hold for every request where there are none', async () => {
      service.faults.set('all', fault);
      assert.deepEqual(await statuses(3), [503, 503, 503]);
    });

    it('hold for the next requests only, or only after some', async () => {
      service.faults.set('vulns', fault, { times: 2 });
      assert.deepEqual(await statuses(3), [503, 503, 200]);
      service.faults.set('vulns', fault, { skip: 1, times: 1 });
      assert.deepEqual(await statuses(3), [200, 503, 200]);
    });

    it('hold for their route', async () => {
      service.faults.set('querybatch', fault);
      assert.deepEqual(await statuses(1), [200]);
      assert.equal((await send(service, '/v1/querybatch', batch)).status, 503);
    });

    it('hold for the requests a predicate picks', async () => {
      service.records.put(record('T-2', 'a', []));
      service.faults.set('vulns', fault, { only: ({ id }) => id === 'T-2' });
      assert.deepEqual(await statuses(1), [200]);
      assert.deepEqual(await statuses(1, '/v1/vulns/T-2'), [503]);
    });

    it('let faults that stand in for the answer come one after the other', async () => {
      service.faults.set('vulns', { kind: 'status', status: 429 }, { times: 1 });
      service.faults.set('vulns', { kind: 'status', status: 500 }, { times: 2 });
      assert.deepEqual(await statuses(4), [429, 500, 500, 200]);
    });

    it('can be taken back one by one, by route, or all together', async () => {
      const takeBack = service.faults.set('vulns', fault);
      takeBack();
      assert.deepEqual(await statuses(1), [200]);
      service.faults.set('vulns', fault);
      service.faults.set('query', fault);
      service.faults.clear('vulns');
      assert.deepEqual(await statuses(1), [200]);
      assert.equal((await send(service, '/v1/query', query('a'))).status, 503);
      service.faults.clear();
      assert.equal((await send(service, '/v1/query', query('a'))).status, 200);
    });

    it('hold by chance, and by the same chance after a reset', async () => {
      service.faults.set('vulns', fault, { probability: 0.3 });
      const first = await statuses(100);
      service.reset();
      service.faults.set('vulns', fault, { probability: 0.3 });
      assert.deepEqual(await statuses(100), first);
      const failed = first.filter((status) => status === 503).length;
      assert.ok(failed > 15 && failed < 45, `${failed} of 100 failed`);
    });
  });

  describe('of status', () => {
    it('answer any status with a JSON error', async () => {
      for (const status of [429, 500, 503, 504]) {
        service.faults.set('vulns', { kind: 'status', status }, { times: 1 });
        const answer = await send(service, detail);
        assert.deepEqual([answer.status, answer.body], [status, { code: status, message: `Fault: status ${status}` }]);
        assert.equal(answer.headers.get('retry-after'), null);
      }
    });

    it('say when to come back, in seconds or as a date', async () => {
      for (const retryAfter of [7, 'Sat, 21 Nov 2026 12:00:00 GMT']) {
        service.faults.set('vulns', { kind: 'status', status: 429, retryAfter }, { times: 1 });
        assert.equal((await send(service, detail)).headers.get('retry-after'), String(retryAfter));
      }
    });

    it('answer a text instead', async () => {
      service.faults.set('vulns', { kind: 'status', status: 503, body: 'upstream connect error' });
      const { status, headers, text } = await raw(detail);
      assert.deepEqual(
        [status, headers.get('content-type'), text],
        [503, 'text/plain; charset=UTF-8', 'upstream connect error'],
      );
    });

    it('answer an HTML page, even with 200', async () => {
      for (const status of [200, 502]) {
        service.faults.set('vulns', { kind: 'html', status }, { times: 1 });
        const answer = await raw(detail);
        assert.equal(answer.status, status);
        assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
        assert.match(answer.text, /^<!DOCTYPE html>/);
      }
    });
  });

  describe('of time', () => {
    it('keep a request waiting before it is looked at', async () => {
      service.faults.set('vulns', { kind: 'latency', ms: 60 });
      const begun = performance.now();
      const answer = send(service, detail);
      await service.waitFor(({ requests }) => requests.vulns === 1);
      service.records.hideDetails('T-1');
      assert.equal((await answer).status, 404);
      assert.ok(performance.now() - begun >= 55);
    });

    it('keep an answer waiting after that', async () => {
      service.faults.set('vulns', { kind: 'thinkTime', ms: 60 });
      const begun = performance.now();
      const answer = send(service, detail);
      await service.waitFor(({ requests }) => requests.vulns === 1);
      service.records.hideDetails('T-1');
      assert.equal((await answer).status, 200);
      assert.ok(performance.now() - begun >= 55);
    });

    it('add up, with a part of chance', async () => {
      service.faults.set('all', { kind: 'latency', ms: 20, jitterMs: 5 });
      service.faults.set('vulns', { kind: 'thinkTime', ms: 30 });
      const begun = performance.now();
      await send(service, detail);
      assert.ok(performance.now() - begun >= 45);
    });

    it('send a body piece by piece', async () => {
      const whole = await raw(detail);
      service.faults.set('vulns', { kind: 'slowBody', chunkBytes: Math.ceil(whole.text.length / 5), intervalMs: 10 });
      const begun = performance.now();
      const response = await fetch(service.url + detail);
      assert.equal(await response.text(), whole.text);
      assert.ok(performance.now() - begun >= 35);
    });

    for (const at of ['request', 'headers', 'body'] as const) {
      it(`stop for good at the ${at}, until the client leaves`, async () => {
        service.faults.set('vulns', { kind: 'stall', at });
        const abort = new AbortController();
        const reading = (async () => {
          const response = await fetch(service.url + detail, { signal: abort.signal });
          return response.text();
        })();
        const rejected = assert.rejects(reading, { name: 'AbortError' });
        await service.waitFor(({ requests }) => requests.vulns === 1);
        assert.equal(service.traffic.inFlight.now, 1);
        abort.abort();
        await rejected;
        await service.waitFor(({ inFlight }) => inFlight.now === 0);
        const [answer] = service.traffic.answers;
        assert.equal(answer?.end, 'abandoned');
        assert.equal(answer.status, at === 'request' ? undefined : 200);
      });
    }
  });

  describe('of the connection', () => {
    for (const at of ['request', 'headers', 'body'] as const) {
      it(`reset it at the ${at}`, async () => {
        service.faults.set('vulns', { kind: 'reset', at });
        const code = await (async () => {
          try {
            const response = await fetch(service.url + detail);
            assert.notEqual(at, 'request');
            assert.equal(response.status, 200);
            await response.text();
            return 'no error';
          } catch (error) {
            return error instanceof Error && error.cause instanceof Error && 'code' in error.cause
              ? error.cause.code
              : error;
          }
        })();
        assert.equal(code, 'ECONNRESET');
        await service.waitFor(({ answers }) => answers.length === 1);
        assert.equal(service.traffic.answers[0]?.end, 'broken');
      });

      it(`reset it under TLS and HTTP/2 at the ${at}`, async () => {
        service.faults.set('vulns', { kind: 'reset', at });
        const client = http2Client(service);
        const { status, code } = await client.get(detail);
        assert.equal(status, at === 'request' ? undefined : 200);
        assert.notEqual(code, 0);
        assert.ok(client.session.destroyed);
      });
    }

    it('reset one stream and leave the connection alone', async () => {
      service.faults.set('vulns', { kind: 'reset', scope: 'stream' }, { times: 1 });
      const client = http2Client(service);
      assert.deepEqual(await client.get(detail), { status: undefined, body: '', code: 2 });
      assert.equal((await client.get(detail)).status, 200);
      assert.equal(service.traffic.connections.opened, 1);
      client.close();
    });
  });

  describe('of the body', () => {
    it('cut JSON off, in a complete answer', async () => {
      const whole = await raw(detail);
      service.faults.set('vulns', { kind: 'truncatedJson' });
      const { status, headers, text } = await raw(detail);
      assert.equal(status, 200);
      assert.equal(headers.get('content-length'), String(text.length));
      assert.ok(text.length < whole.text.length && whole.text.startsWith(text));
    });

    it('break JSON', async () => {
      service.faults.set('vulns', { kind: 'brokenJson' });
      const { text } = await raw(detail);
      assert.throws(() => JSON.parse(text), SyntaxError);
    });

    it('cut packed bytes off', async () => {
      service.faults.set('vulns', { kind: 'truncatedGzip' });
      // Not with fetch, which takes the part it can unpack for the whole.
      const outgoing = httpRequest(service.url + detail, { agent: false }).end();
      const response = await eventOf(outgoing, 'response');
      assert.ok(response instanceof IncomingMessage);
      assert.equal(response.headers['content-encoding'], 'gzip');
      const packed = await buffer(response);
      assert.equal(response.headers['content-length'], String(packed.length));
      assert.throws(() => gunzipSync(packed), { code: 'Z_BUF_ERROR' });
    });

    it('add fields nobody knows, at every level', async () => {
      service.faults.set('all', { kind: 'extraFields' });
      const answer = await ask(service, '/v1/querybatch', batch);
      assert.ok(typeof answer === 'object' && answer !== null && 'unheard_of' in answer);
      const [result] = resultsOf(answer);
      assert.ok(typeof result === 'object' && result !== null && 'unheard_of' in result);
      assert.deepEqual(idsOf(result), ['T-1']);
    });

    it('send many bytes of white space', async () => {
      for (const hasContentLength of [false, true]) {
        service.faults.set('vulns', { kind: 'hugeBody', bytes: 3_000_000, hasContentLength }, { times: 1 });
        const { headers, text } = await raw(detail);
        assert.equal(text.length, 3_000_000);
        assert.deepEqual(JSON.parse(text), {});
        assert.equal(headers.get('content-length'), hasContentLength ? '3000000' : null);
      }
    });

    it('send few bytes that unpack to many', async () => {
      service.faults.set('vulns', { kind: 'gzipBomb', bytes: 20_000_000 });
      const client = http2Client(service);
      const stream = client.session.request({ ':path': detail });
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      const headers = await eventOf(stream, 'response');
      assert.ok(typeof headers === 'object' && headers !== null && 'content-encoding' in headers);
      assert.equal(headers['content-encoding'], 'gzip');
      await once(stream, 'close');
      const packed = Buffer.concat(chunks);
      assert.ok(packed.length < 200_000, `${packed.length} bytes sent`);
      assert.equal(gunzipSync(packed).length, 20_000_000);
      client.close();
    });

    it('end a bomb when the client has had enough', async () => {
      service.faults.set('vulns', { kind: 'gzipBomb', bytes: 1e12 });
      const abort = new AbortController();
      const response = await fetch(service.url + detail, { signal: abort.signal });
      assert.equal(response.status, 200);
      abort.abort();
      await service.waitFor(({ inFlight }) => inFlight.now === 0);
    });

    const shapes = [
      ['null', null],
      ['list', [answers()]],
      ['text', 'OK'],
      ['number', 200],
      ['empty', {}],
      ['resultsMissing', {}],
      ['resultsNull', { results: null }],
      ['resultsNotAList', { results: { 0: { vulns: [match()] }, 1: {} } }],
      ['resultsTooShort', { results: [{ vulns: [match()] }] }],
      ['resultsTooLong', { results: [{ vulns: [match()] }, {}, {}] }],
      ['resultNull', { results: [null, null] }],
      ['vulnsNull', { results: [{ vulns: null }, { vulns: null }] }],
      ['vulnsNotAList', { results: [{ vulns: { 0: match() } }, { vulns: {} }] }],
      ['vulnNotAnObject', { results: [{ vulns: ['T-1'] }, {}] }],
      ['idMissing', { results: [{ vulns: [{ modified: match().modified }] }, {}] }],
      ['idNotText', { results: [{ vulns: [{ ...match(), id: 7 }] }, {}] }],
      ['modifiedMissing', { results: [{ vulns: [{ id: 'T-1' }] }, {}] }],
      ['modifiedNotText', { results: [{ vulns: [{ id: 'T-1', modified: 1_700_000_000 }] }, {}] }],
      ['tokenNotText', { results: [{ vulns: [match()], next_page_token: 1 }, { next_page_token: 1 }] }],
    ] as const;
    for (const [shape, expected] of shapes) {
      it(`give a batch the wrong shape: ${shape}`, async () => {
        service.faults.set('querybatch', { kind: 'wrongShape', shape });
        assert.deepEqual(await ask(service, '/v1/querybatch', batch), expected);
      });
    }

    it('give a record the wrong shape', async () => {
      const right = await ask(service, detail);
      assert.ok(typeof right === 'object' && right !== null);
      for (const [shape, changes] of [
        ['otherId', { id: 'T-1-other' }],
        ['idNotText', { id: 7 }],
        ['modifiedNotText', { modified: 1_700_000_000 }],
      ] as const) {
        service.faults.set('vulns', { kind: 'wrongShape', shape }, { times: 1 });
        assert.deepEqual(await ask(service, detail), { ...right, ...changes });
      }
      service.faults.set('vulns', { kind: 'wrongShape', shape: 'affectedNotAList' }, { times: 1 });
      const wrong = await ask(service, detail);
      assert.ok(typeof wrong === 'object' && wrong !== null && 'affected' in wrong && !Array.isArray(wrong.affected));
    });

    it('give the answer to a query the wrong shape', async () => {
      service.faults.set('query', { kind: 'wrongShape', shape: 'vulnsNotAList' });
      const answer = await ask(service, '/v1/query', query('a'));
      assert.ok(typeof answer === 'object' && answer !== null && 'vulns' in answer && !Array.isArray(answer.vulns));
    });
  });

  it('leave the ports free when the service is closed in the middle of them', async () => {
    const stalled = await startOsvService({ records: [[]] });
    stalled.faults.set('all', { kind: 'stall' });
    const client = http2Client(stalled);
    const pending = [
      assert.rejects(fetch(`${stalled.url}/v1/vulns/T-1`)),
      client.get('/v1/vulns/T-1').then(({ status }) => assert.equal(status, undefined)),
    ];
    await stalled.waitFor(({ inFlight }) => inFlight.now === 2 && stalled.traffic.requests.vulns === 2);
    await stalled.close();
    await Promise.all(pending);
    const again = createServer().listen(Number(new URL(stalled.url).port), '127.0.0.1');
    await once(again, 'listening');
    again.close();
  });
});

function match(): { readonly id: string; readonly modified: string } {
  return { id: 'T-1', modified: '2026-01-02T03:04:05.000000Z' };
}

function answers(): object {
  return { results: [{ vulns: [match()] }, {}] };
}
