import type { Route } from '../../../../osv-service/route.ts';
import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { Pin } from '../../../../../server/src/core/assessment/pin.ts';
import { normalizeName } from '../../../../../server/src/core/packages/packageName.ts';
import {
  createOsvSource,
  type OsvSource,
  type OsvSourceOptions,
} from '../../../../../server/src/hosts/node/osv/osvSource.ts';
import { type Answer, LookupError } from '../../../../../server/src/engine/ports.ts';
import type { Fault } from '../../../../osv-service/fault.ts';
import { type OsvService, startOsvService } from '../../../../osv-service/osvService.ts';
import { FakeTiming } from '../../../../support/fakeTiming.ts';

/** Two advisories of our own making; `demo` 1.0 has both, 1.5 only the second. */
const records = [
  record('GHSA-demo-0000-0001', '1.2'),
  record('PYSEC-2000-2', '2.0'),
  ...Array.from({ length: 60 }, (_, index) => record(`PYSEC-2002-${100 + index}`, '9', 'lots')),
  ...Array.from({ length: 40 }, (_, index) => record(`PYSEC-2001-${100 + index}`, '9', 'many')),
];

function record(id: string, fixed: string, name = 'demo'): Record<string, unknown> {
  return {
    id,
    modified: '2026-01-02T03:04:05Z',
    affected: [
      {
        package: { ecosystem: 'PyPI', name },
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed }] }],
      },
    ],
  };
}

describe('OSV source', () => {
  let service: OsvService;
  const sources: OsvSource[] = [];

  before(async () => {
    service = await startOsvService({ records: [records], gzip: true });
  });
  after(() => service.close());
  afterEach(async () => {
    await Promise.all(sources.splice(0).map((source) => source.close()));
    service.reset();
  });

  function connect({
    url = service.url,
    timeoutMs = 5000,
    concurrency = 100,
    timing = new FakeTiming(),
  }: Partial<OsvSourceOptions> = {}): OsvSource {
    const source = createOsvSource({
      url,
      timeoutMs,
      concurrency,
      version: '1.2.3',
      network: { ca: service.ca },
      timing,
    });
    sources.push(source);
    return source;
  }

  const ask = (source: OsvSource, ...pins: string[]): Promise<readonly Answer[]> =>
    source.query(pins.map(toPin), new AbortController().signal);

  it('fails of a batch that is refused only the query that is to blame', async () => {
    const isBad = ({ body }: { readonly body: string }): boolean => body.includes('"six"');
    service.faults.set('querybatch', { kind: 'status', status: 400 }, { only: isBad });
    const answers = await ask(connect(), 'demo==1.0', 'demo==1.5', 'six==1.0', 'idna==2.0');
    assert.deepEqual(
      answers.map(({ kind }) => kind),
      ['matches', 'matches', 'failed', 'matches'],
    );
  });

  it('asks with one batch, normalised names and nothing but names and versions', async () => {
    const answers = await ask(connect(), 'Demo==1.0', 'demo==1.5', 'six==1.16.0', 'demo==1.0');
    assert.deepEqual(answers.map(ids), [
      ['GHSA-demo-0000-0001', 'PYSEC-2000-2'],
      ['PYSEC-2000-2'],
      [],
      ['GHSA-demo-0000-0001', 'PYSEC-2000-2'],
    ]);
    assert.equal(service.traffic.requests.querybatch, 1);
    const [request] = service.traffic.log;
    assert.deepEqual(JSON.parse(request?.body ?? ''), {
      queries: [
        { package: { name: 'demo', ecosystem: 'PyPI' }, version: '1.0' },
        { package: { name: 'demo', ecosystem: 'PyPI' }, version: '1.5' },
        { package: { name: 'six', ecosystem: 'PyPI' }, version: '1.16.0' },
      ],
    });
    assert.equal(request?.headers['user-agent'], 'pinwatch/1.2.3');
  });

  it('puts at most a thousand pins into a batch', async () => {
    const pins = Array.from({ length: 2001 }, (_, index) => `six==1.${index}`);
    const answers = await ask(connect(), ...pins);
    assert.equal(answers.length, 2001);
    assert.deepEqual(
      service.traffic.batches.map((batch) => batch.length).sort((a, b) => b - a),
      [1000, 1000, 1],
    );
  });

  it('sends no version that is not PEP 440', async () => {
    const [bad, good] = await ask(connect(), 'demo==latest', 'demo==1.0');
    assert.ok(bad?.kind === 'failed');
    assert.match(bad.error.message, /"latest" is no PEP 440 version/u);
    assert.equal(good?.kind, 'matches');
    assert.equal(service.traffic.batches[0]?.length, 1);
  });

  for (const [name, fault] of [
    ['pages', { kind: 'pageSize', records: 7 }],
    ['an empty page with a token', { kind: 'emptyPage' }],
    ['a time limit', { kind: 'timeLimit', afterQueries: 0 }],
  ] as const) {
    it(`follows ${name} to the end`, async () => {
      service.faults.set('querybatch', fault, name === 'pages' ? {} : { times: 1 });
      const [many, six, demo] = await ask(connect(), 'many==1.0', 'six==1.0', 'demo==1.0');
      assert.deepEqual([ids(many).length, ids(six).length, ids(demo).length], [40, 0, 2]);
      assert.ok(service.traffic.requests.querybatch > 1);
      // Only what was unfinished is asked again.
      assert.ok(service.traffic.batches.slice(2).every((batch) => batch.every((query) => query.name === 'many')));
    });
  }

  it('follows as many pages as bring something new', async () => {
    service.faults.set('querybatch', { kind: 'pageSize', records: 1 });
    service.faults.set('query', { kind: 'pageSize', records: 1 });
    const source = connect();
    const [lots] = await ask(source, 'lots==1.0');
    assert.equal(ids(lots).length, 60);
    assert.equal((await source.package(normalizeName('lots'), new AbortController().signal)).length, 60);
  });

  it('leaves off where page after page brings a new token and nothing else', async () => {
    let token = 0;
    const server = createHttpServer((request, response) => {
      const page = { vulns: [{ id: 'PYSEC-2000-1', modified: '' }], next_page_token: `t${token++}` };
      response.end(JSON.stringify(request.url === '/v1/query' ? page : { results: [page] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const source = connect({ url: `http://127.0.0.1:${port}` });
      const [answer] = await ask(source, 'demo==1.0');
      assert.ok(answer?.kind === 'failed');
      assert.match(answer.error.message, /never came to the end/u);
      const asked = source.package(normalizeName('demo'), new AbortController().signal);
      await assert.rejects(asked, /never came to the end/u);
      assert.ok(token < 100);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('leaves off where pages bring something new for ever', async () => {
    let page = 0;
    const server = createHttpServer((request, response) => {
      const from = page++ * 5_000;
      const vulns = Array.from({ length: 5_000 }, (_, index) => ({ id: `PYSEC-2000-${from + index}`, modified: '' }));
      const result = { vulns, next_page_token: `t${page}` };
      response.end(JSON.stringify(request.url === '/v1/query' ? result : { results: [result] }));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as { port: number };
      const source = connect({ url: `http://127.0.0.1:${port}` });
      const [answer] = await ask(source, 'demo==1.0');
      assert.ok(answer?.kind === 'failed');
      const asked = source.package(normalizeName('demo'), new AbortController().signal);
      await assert.rejects(asked, /never came to the end/u);
      assert.ok(page <= 10, `${page}`);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });

  it('fails a pin whose pages never end, and only that one', async () => {
    service.faults.set('querybatch', { kind: 'pageSize', records: 7, packages: ['many'] });
    service.faults.set('querybatch', { kind: 'repeatedToken', packages: ['many'] });
    const [many, demo] = await ask(connect(), 'many==1.0', 'demo==1.0');
    assert.ok(many?.kind === 'failed');
    assert.equal(many.error.reason, 'badResponse');
    assert.match(many.error.message, /never came to the end of its answer for many/u);
    assert.deepEqual(ids(demo).length, 2);
  });

  const failures: readonly (readonly [string, Fault, LookupError['reason'], RegExp])[] = [
    ['HTTP 429', { kind: 'status', status: 429, retryAfter: 3600 }, 'rateLimited', /fewer requests/u],
    ['HTTP 404', { kind: 'status', status: 404 }, 'badResponse', /HTTP 404/u],
    ['an HTML page with 200', { kind: 'html', status: 200 }, 'badResponse', /not JSON/u],
    ['truncated JSON', { kind: 'truncatedJson' }, 'badResponse', /not JSON/u],
    ['broken JSON', { kind: 'brokenJson' }, 'badResponse', /not JSON/u],
    ['a truncated gzip', { kind: 'truncatedGzip' }, 'badResponse', /unpacked/u],
    ['a gzip bomb', { kind: 'gzipBomb', bytes: 80 * 1024 * 1024 }, 'badResponse', /more than 64 MB/u],
    ['a stall', { kind: 'stall' }, 'timeout', /did not answer within 0\.4 s/u],
    ['a stalled body', { kind: 'stall', at: 'body' }, 'timeout', /did not answer within 0\.4 s/u],
  ];
  for (const [name, fault, reason, message] of failures) {
    it(`turns ${name} into "${reason}", never into "nothing known"`, async () => {
      service.faults.set('querybatch', fault);
      const answers = await ask(connect({ timeoutMs: fault.kind === 'stall' ? 400 : 5000 }), 'demo==1.0', 'six==1.0');
      for (const answer of answers) {
        assert.ok(answer.kind === 'failed');
        assert.equal(answer.error.reason, reason);
        assert.match(answer.error.message, message);
        assert.match(answer.error.message, /^127\.0\.0\.1:\d+ /u);
      }
    });
  }

  for (const shape of [
    'null',
    'list',
    'text',
    'empty',
    'resultsMissing',
    'resultsNull',
    'resultsNotAList',
    'resultsTooShort',
    'resultsTooLong',
    'resultNull',
    'vulnsNull',
    'vulnsNotAList',
    'vulnNotAnObject',
    'idMissing',
    'idNotText',
    'modifiedNotText',
    'tokenNotText',
  ] as const) {
    it(`does not take an answer of the wrong shape (${shape}) for an answer`, async () => {
      service.faults.set('querybatch', { kind: 'wrongShape', shape });
      const [answer] = await ask(connect(), 'demo==1.0');
      assert.ok(answer?.kind === 'failed');
      assert.equal(answer.error.reason, 'badResponse');
    });
  }

  for (const [name, fault] of [
    ['HTTP 503', { kind: 'status', status: 503 }],
    ['HTTP 429 that asks for a moment', { kind: 'status', status: 429, retryAfter: 0 }],
    ['a reset', { kind: 'reset' }],
    ['a reset in the middle of the body', { kind: 'reset', at: 'body' }],
  ] as const) {
    for (const tls of [false, true]) {
      it(`tries again after ${name}, POST included, over ${tls ? 'HTTP/2' : 'HTTP/1.1'}`, async () => {
        service.faults.set('querybatch', fault, { times: 2 });
        const source = connect({ url: tls ? service.tlsUrl : service.url });
        const troubles: string[] = [];
        const late: string[] = [];
        source.onTrouble((why) => {
          troubles.push(why);
          source.onTrouble((again) => void late.push(again)); // who comes later is told of it, too
        });
        const [answer] = await ask(source, 'demo==1.0');
        assert.equal(ids(answer).length, 2);
        assert.equal(source.counters.retries, 2);
        assert.deepEqual([troubles.length, late], [1, troubles], 'one request is one trouble');
        source.onTrouble(() => assert.fail('it is over'));
        assert.equal(source.health.lastError, undefined);
      });
    }
  }

  for (const inFlight of ['finish', 'refuse', 'drop'] as const) {
    it(`loses nothing to a GOAWAY in the middle of a burst (${inFlight})`, async () => {
      const source = connect({ url: service.tlsUrl });
      await ask(source, 'many==1.0');
      service.faults.set('vulns', { kind: 'latency', ms: 20 });
      service.faults.set('vulns', { kind: 'goaway', inFlight }, { skip: 10, times: 1 });
      const { signal } = new AbortController();
      const found = await Promise.all(records.map(({ id }) => source.record(String(id), signal)));
      assert.deepEqual(
        found.map((one) => (one as { id: string }).id),
        records.map(({ id }) => id),
      );
    });
  }

  it('asks over HTTP/1.1 where HTTP/2 connections end before anything is answered', async () => {
    service.faults.set(
      'querybatch',
      { kind: 'goaway', inFlight: 'drop' },
      { only: ({ httpVersion }) => httpVersion === '2' },
    );
    const source = connect({ url: service.tlsUrl });
    const [answer] = await ask(source, 'demo==1.0');
    assert.equal(ids(answer).length, 2);
    const [again] = await ask(source, 'demo==1.5');
    assert.equal(ids(again).length, 1);
    assert.equal(service.traffic.protocols['1.1'], 2);
  });

  it('sends nothing any more once it is closed, though a request was about to go another way', async () => {
    const http2 = { only: ({ httpVersion }: { readonly httpVersion: string }) => httpVersion === '2' };
    service.faults.set('querybatch', { kind: 'goaway', inFlight: 'drop' }, http2);
    const timing = new FakeTiming();
    const source = connect({
      url: service.tlsUrl,
      timing: {
        now: () => timing.now(),
        random: () => timing.random(),
        sleep: async (delayMs, signal) => {
          await timing.sleep(delayMs, signal);
          if (timing.sleptMs.length === 2) {
            await source.close();
          }
        },
      },
    });
    const [answer] = await ask(source, 'demo==1.0');
    assert.equal(answer?.kind, 'failed');
    assert.equal(service.traffic.protocols['1.1'], 0);
  });

  for (const status of [404, 405, 501]) {
    it(`has a package record by record where the service has no such query (HTTP ${status})`, async () => {
      service.faults.set('query', { kind: 'status', status });
      const source = connect();
      const found = await source.package(normalizeName('demo'), new AbortController().signal);
      assert.deepEqual(
        found.map((one) => (one as { id: string }).id),
        ['GHSA-demo-0000-0001', 'PYSEC-2000-2'],
      );
      const { query, querybatch, vulns } = service.traffic.requests;
      assert.deepEqual([query, querybatch, vulns, source.counters.retries], [1, 1, 2, 0]);
      assert.equal(source.circuit, 'closed');
    });
  }

  it('gives up after two more tries and says that the service fails', async () => {
    service.faults.set('querybatch', { kind: 'status', status: 500 });
    const source = connect();
    const [answer] = await ask(source, 'demo==1.0');
    assert.ok(answer?.kind === 'failed');
    assert.equal(answer.error.reason, 'serverError');
    assert.equal(service.traffic.requests.querybatch, 3);
    assert.match(source.health.lastError ?? '', /HTTP 500/u);
  });

  it('says that nobody answers where nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    const [answer] = await ask(connect({ url: `http://127.0.0.1:${port}` }), 'demo==1.0');
    assert.ok(answer?.kind === 'failed');
    assert.equal(answer.error.reason, 'offline');
    assert.match(answer.error.message, /could not be reached \(ECONNREFUSED\)/u);
  });

  it('does not trust a certificate that nobody vouches for', async () => {
    const source = createOsvSource({ url: service.tlsUrl, timeoutMs: 5000, concurrency: 1, version: '1' });
    sources.push(source);
    const [answer] = await ask(source, 'demo==1.0');
    assert.ok(answer?.kind === 'failed' && answer.error.reason === 'offline');
    assert.match(answer.error.message, /certificate .* not trusted/u);
    assert.equal(source.counters.retries, 0);
  });

  it('sends many requests over one HTTP/2 connection at once, no more than its bound', async () => {
    service.faults.set('vulns', { kind: 'latency', ms: 30 });
    const source = connect({ url: service.tlsUrl, concurrency: 20 });
    const { signal } = new AbortController();
    await ask(source, 'many==1.0');
    await Promise.all(records.map(({ id }) => source.record(String(id), signal)));
    assert.equal(service.traffic.connections.openedHttp2, 1);
    assert.equal(service.traffic.connections.opened, 1);
    assert.equal(service.traffic.inFlight.vulns.peak, 20);
    assert.equal(service.traffic.protocols['2'], 1 + records.length);
  });

  it('rejects at once with the reason of an aborted signal', async () => {
    service.faults.set('querybatch', { kind: 'stall' });
    const controller = new AbortController();
    const asking = connect().query([toPin('demo==1.0')], controller.signal);
    await service.waitFor((traffic) => traffic.requests.querybatch === 1);
    const reason = new Error('left');
    controller.abort(reason);
    await assert.rejects(asking, reason);
  });

  it('fetches a record, and says when there is none', async () => {
    const source = connect();
    const { signal } = new AbortController();
    const found = await source.record('PYSEC-2000-2', signal);
    assert.equal((found as { id: string }).id, 'PYSEC-2000-2');
    await assert.rejects(
      source.record('PYSEC-2000-3', signal),
      (error) => error instanceof LookupError && error.reason === 'badResponse',
    );
  });

  for (const route of ['querybatch', 'vulns'] satisfies Route[]) {
    it(`bears with unknown fields in ${route}`, async () => {
      service.faults.set(route, { kind: 'extraFields' });
      const source = connect();
      const [answer] = await ask(source, 'demo==1.0');
      assert.equal(ids(answer).length, 2);
      await source.record('PYSEC-2000-2', new AbortController().signal);
    });
  }
});

function toPin(text: string): Pin {
  const [name = '', version = ''] = text.split('==');
  return { name: normalizeName(name), version };
}

function ids(answer: Answer | undefined): readonly string[] {
  assert.ok(answer?.kind === 'matches', JSON.stringify(answer));
  return answer.matches.map(({ id }) => id).sort();
}
