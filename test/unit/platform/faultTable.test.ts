import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Assessed, Failed } from '../../../server/src/core/assessment/outcome.ts';
import { type Pin, pinKey } from '../../../server/src/core/assessment/pin.ts';
import { normalizeName } from '../../../server/src/core/requirements/packageName.ts';
import { createOsvSource, type OsvSource, type OsvSourceOptions } from '../../../server/src/platform/osvSource.ts';
import { createScanner } from '../../../server/src/scan/createScanner.ts';
import type { LookupFailure } from '../../../server/src/scan/ports.ts';
import type { Scanner } from '../../../server/src/scan/scanner.ts';
import type { Fault, FaultLimits, Route, WrongShape } from '../../osv-service/fault.ts';
import { type OsvService, startOsvService } from '../../osv-service/osvService.ts';
import { startConnectProxy } from '../../support/connectProxy.ts';
import { demoRecords } from '../../support/demoRecords.ts';
import { FakeLog } from '../../support/fakeLog.ts';
import { FakeTiming } from '../../support/fakeTiming.ts';

/**
 * What goes wrong with the service, by endpoint, and what becomes of three requirements: django with one vulnerability in
 * two records, requests with two, six with none. Whatever happens, what was not answered is never clean, and nothing of a
 * failure is kept: as soon as the service works again, so does the scan.
 */
const names = { django: '3.2.0', requests: '2.19.0', six: '1.16.0' } as const;
type Name = keyof typeof names;

/** How each requirement ends, as `describeOutcome` says it. */
type Ends = Readonly<Record<Name, string>>;

const right: Ends = {
  django: 'CVE-2021-35042',
  requests: 'CVE-2018-18074 CVE-2023-32681',
  six: 'clean',
};
/** The findings stand; that their details are missing is said, and aliases cannot be joined. */
const bare: Ends = {
  django: 'GHSA-xpfp-f569-q3p2? PYSEC-2021-109?',
  requests: 'PYSEC-2018-28? PYSEC-2023-74?',
  six: 'clean',
};
const allFailed = (reason: LookupFailure): Ends => ({
  django: `failed ${reason}`,
  requests: `failed ${reason}`,
  six: `failed ${reason}`,
});

const mb = 1024 * 1024;
// For what never ends: long enough for this machine to answer, short enough for a table of many rows.
const short = { timeoutMs: 300, wholeMs: 600 };

interface Row {
  readonly name: string;
  readonly fault: Fault;
  /** What a batch that meets the fault ends in: everything `right`, or everything failed for this reason. */
  readonly batch: LookupFailure | 'right';
  /** What details that meet it, however they are asked for, end in. */
  readonly details: 'bare' | 'right';
  readonly limits?: FaultLimits;
  /** Over HTTP/2 too, where it is another thing there. */
  readonly alsoHttp2?: boolean;
}

const rows: readonly Row[] = [
  row('a reset', { kind: 'reset' }, 'offline', { alsoHttp2: true }),
  row('a reset of the stream', { kind: 'reset', scope: 'stream' }, 'offline', { alsoHttp2: true }),
  row('a reset in the middle of the body', { kind: 'reset', at: 'body' }, 'offline', { alsoHttp2: true }),
  row('a stall', { kind: 'stall' }, 'timeout', { alsoHttp2: true }),
  row('a stall after the headers', { kind: 'stall', at: 'headers' }, 'timeout'),
  row('a stall in the body', { kind: 'stall', at: 'body' }, 'timeout', { alsoHttp2: true }),
  row('a slow body', { kind: 'slowBody', chunkBytes: 1, intervalMs: 20 }, 'timeout'),
  row('HTTP 429', { kind: 'status', status: 429 }, 'rateLimited'),
  row('HTTP 429 for a second', { kind: 'status', status: 429, retryAfter: 1 }, 'rateLimited'),
  row('HTTP 429 for an hour', { kind: 'status', status: 429, retryAfter: 3600 }, 'rateLimited'),
  ...[500, 502, 503, 504].map((status) => row(`HTTP ${status}`, { kind: 'status', status }, 'serverError')),
  row('HTTP 403', { kind: 'status', status: 403 }, 'badResponse'),
  row('HTTP 404', { kind: 'status', status: 404 }, 'badResponse'),
  row('a redirect', { kind: 'status', status: 302, location: 'https://login.example/' }, 'badResponse'),
  row('HTTP 204', { kind: 'status', status: 204, body: '' }, 'badResponse'),
  row('an HTML page with 200', { kind: 'html', status: 200 }, 'badResponse'),
  row('an HTML page with 502', { kind: 'html', status: 502 }, 'serverError'),
  row('truncated JSON', { kind: 'truncatedJson' }, 'badResponse'),
  row('broken JSON', { kind: 'brokenJson' }, 'badResponse'),
  row('a truncated gzip', { kind: 'truncatedGzip' }, 'badResponse'),
  row('an empty body', { kind: 'status', status: 200, body: '' }, 'badResponse'),
  row('an empty object', { kind: 'wrongShape', shape: 'empty' }, 'badResponse', { limits: { times: 9 } }),
  row('a gzip bomb', { kind: 'gzipBomb', bytes: 65 * mb }, 'badResponse'),
  row('65 MB', { kind: 'hugeBody', bytes: 65 * mb }, 'badResponse'),
  ...(['null', 'list', 'text', 'number'] satisfies WrongShape[]).map((shape) =>
    row(`the wrong shape (${shape})`, { kind: 'wrongShape', shape }, 'badResponse'),
  ),
  // Healthy again before the tries are used up.
  row('two resets', { kind: 'reset' }, 'right', { limits: { times: 2 }, details: 'right', alsoHttp2: true }),
  row('two times HTTP 503', { kind: 'status', status: 503 }, 'right', { limits: { times: 2 }, details: 'right' }),
  row('one HTTP 429', { kind: 'status', status: 429, retryAfter: 1 }, 'right', {
    limits: { times: 1 },
    details: 'right',
  }),
  row('fields nobody knows', { kind: 'extraFields' }, 'right', { details: 'right' }),
];

function row(
  name: string,
  fault: Fault,
  batch: Row['batch'],
  { details = 'bare', ...rest }: Partial<Pick<Row, 'details' | 'limits' | 'alsoHttp2'>> = {},
): Row {
  return { name, fault, batch, details, ...rest };
}

const detailRoutes: readonly Route[] = ['query', 'vulns'];

describe('faults of the service', () => {
  let service: OsvService;
  let timing: FakeTiming;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    service = await startOsvService({ records: [demoRecords], gzip: true });
  });
  after(() => service.close());
  beforeEach(() => {
    timing = new FakeTiming();
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    service.reset();
  });

  function connect(more: Partial<OsvSourceOptions> = {}): { readonly source: OsvSource; readonly scanner: Scanner } {
    const log = new FakeLog();
    const source = createOsvSource({
      url: service.url,
      timeoutMs: 10_000,
      concurrency: 100,
      version: '1.2.3',
      network: { ca: service.ca },
      environment: {},
      systemCertificates: () => [],
      timing,
      log,
      ...more,
    });
    closing.push(() => source.close());
    const limits = { maxEntries: 1000, answerTtlMs: 3_600_000, detailsMaxAgeMs: 86_400_000 };
    return { source, scanner: createScanner({ source, clock: timing, log, limits }) };
  }

  /** Asks again once the service is well and every circuit has closed. */
  async function recovers(scanner: Scanner): Promise<void> {
    service.faults.clear();
    timing.nowMs += 600_000;
    assert.deepEqual(await endsOf(scanner), right, 'the scan after the fault');
  }

  for (const { name, fault, batch, details, limits = {}, alsoHttp2 = false } of rows) {
    for (const isHttp2 of alsoHttp2 ? [false, true] : [false]) {
      const where = isHttp2 ? ' over HTTP/2' : '';
      const connectFor = (): Scanner =>
        connect({
          url: isHttp2 ? service.tlsUrl : service.url,
          ...(fault.kind === 'stall' || fault.kind === 'slowBody' ? short : {}),
        }).scanner;

      it(`batch: ${name}${where} → ${batch === 'right' ? 'the right findings' : `failed (${batch})`}`, async () => {
        const scanner = connectFor();
        service.faults.set('querybatch', fault, limits);
        assert.deepEqual(await endsOf(scanner), batch === 'right' ? right : allFailed(batch));
        await recovers(scanner);
      });

      it(`details: ${name}${where} → ${details === 'right' ? 'the right findings' : 'findings without details'}`, async () => {
        const scanner = connectFor();
        detailRoutes.forEach((route) => service.faults.set(route, fault, limits));
        assert.deepEqual(await endsOf(scanner), details === 'right' ? right : bare);
        await recovers(scanner);
      });
    }
  }

  for (const route of detailRoutes) {
    it(`details: only ${route} works → the right findings`, async () => {
      const { scanner } = connect();
      const other = route === 'query' ? 'vulns' : 'query';
      service.faults.set(other, { kind: 'status', status: 404 });
      const ends = await endsOf(scanner);
      // Whoever asks by one endpoint alone has findings without details when it fails.
      assert.ok([JSON.stringify(right), JSON.stringify(bare)].includes(JSON.stringify(ends)), JSON.stringify(ends));
      if (route === 'vulns') {
        assert.deepEqual(ends, right);
      }
    });
  }

  for (const shape of [
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
  ] satisfies WrongShape[]) {
    it(`batch: the wrong shape (${shape}) → failed (badResponse)`, async () => {
      const { scanner } = connect();
      service.faults.set('querybatch', { kind: 'wrongShape', shape });
      assert.deepEqual(await endsOf(scanner), allFailed('badResponse'));
      await recovers(scanner);
    });
  }

  for (const shape of ['idMissing', 'idNotText', 'vulnsNull', 'vulnNotAnObject'] satisfies WrongShape[]) {
    it(`details: the wrong shape (${shape}) → the findings stand`, async () => {
      const { scanner } = connect();
      detailRoutes.forEach((route) => service.faults.set(route, { kind: 'wrongShape', shape }));
      const ends = await endsOf(scanner);
      for (const name of ['django', 'requests'] as const) {
        assert.ok([right[name], bare[name]].includes(ends[name]), `${name}: ${ends[name]}`);
      }
      assert.equal(ends.six, 'clean');
      await recovers(scanner);
    });
  }

  describe('pages', () => {
    for (const [name, faults] of [
      ['one record a page', [[{ kind: 'pageSize', records: 1 }]]],
      ['an empty page with a token', [[{ kind: 'emptyPage' }, { times: 1 }]]],
      ['a time limit before the first query', [[{ kind: 'timeLimit', afterQueries: 0 }, { times: 1 }]]],
      ['a time limit in the middle', [[{ kind: 'timeLimit', afterQueries: 1 }, { times: 1 }]]],
      ['a full page, then one with neither records nor token', [[{ kind: 'pageSize', records: 2 }]]],
      ['full pages without a token at the end', [[{ kind: 'pageSize', records: 2 }], [{ kind: 'noTokenOnFullPage' }]]],
    ] satisfies [string, (readonly [Fault, FaultLimits?])[]][]) {
      it(`${name} → the right findings`, async () => {
        const { scanner } = connect();
        for (const [fault, limits] of faults) {
          service.faults.set('querybatch', fault, limits);
          service.faults.set('query', fault, limits);
        }
        assert.deepEqual(await endsOf(scanner), right);
      });
    }

    for (const [name, fault] of [
      ['a token that repeats itself', { kind: 'repeatedToken', packages: ['django'] }],
      ['empty pages without end', { kind: 'emptyPage', packages: ['django'] }],
    ] satisfies [string, Fault][]) {
      it(`batch: ${name} → failed (badResponse), for that package alone`, async () => {
        const { scanner } = connect();
        service.faults.set('querybatch', { kind: 'pageSize', records: 1, packages: ['django'] });
        service.faults.set('querybatch', fault);
        assert.deepEqual(await endsOf(scanner), { ...right, django: 'failed badResponse' });
        await recovers(scanner);
      });
    }

    it('batch: a failure on the second page → failed, for the package that was not at its end', async () => {
      const { scanner } = connect();
      service.faults.set('querybatch', { kind: 'pageSize', records: 1, packages: ['django'] });
      service.faults.set('querybatch', { kind: 'status', status: 500 }, { skip: 1 });
      assert.deepEqual(await endsOf(scanner), { ...right, django: 'failed serverError' });
      await recovers(scanner);
    });
  });

  describe('records', () => {
    it('gone between batch and details → a finding without details', async () => {
      const { scanner } = connect();
      for (const { id } of demoRecords) {
        service.records.hideDetails(String(id));
      }
      assert.deepEqual(await endsOf(scanner), bare);
      for (const { id } of demoRecords) {
        service.records.showDetails(String(id));
      }
      await recovers(scanner);
    });

    it('with a stamp moved back → fetched anew, and the right findings', async () => {
      const { scanner } = connect();
      assert.deepEqual(await endsOf(scanner), right);
      const asked = detailRequests(service);
      for (const { id } of demoRecords) {
        service.records.setModified(String(id), '2019-01-01T00:00:00Z');
      }
      assert.deepEqual(await endsOf(scanner, { again: true }), right);
      assert.ok(detailRequests(service) > asked);
    });

    it('of another advisory than was asked for → a finding without details', async () => {
      const { scanner } = connect();
      service.faults.set('query', { kind: 'status', status: 404 });
      service.faults.set('vulns', { kind: 'wrongShape', shape: 'otherId' });
      assert.deepEqual(await endsOf(scanner), bare);
      await recovers(scanner);
    });
  });

  for (const inFlight of ['finish', 'refuse', 'drop'] as const) {
    it(`GOAWAY (${inFlight}) at any endpoint → the right findings`, async () => {
      for (const route of ['querybatch', ...detailRoutes] as const) {
        const { scanner } = connect({ url: service.tlsUrl });
        service.faults.set(route, { kind: 'goaway', inFlight }, { times: 1 });
        assert.deepEqual(await endsOf(scanner), right, route);
        service.faults.clear();
      }
    });
  }

  it('every second request fails → right, failed or without details, and never clean', async () => {
    const seen = new Set<string>();
    service.faults.set('all', { kind: 'status', status: 503 }, { probability: 0.5 });
    for (let round = 0; round < 40; round++) {
      const { scanner } = connect();
      const ends = await endsOf(scanner);
      for (const name of Object.keys(names) as Name[]) {
        seen.add(ends[name]);
        assert.notEqual(name !== 'six' && ends[name], 'clean');
        // Of several records some may have details and others not; the findings are there all the same.
        assert.match(ends[name], name === 'six' ? /^(clean|failed serverError)$/u : /^(failed serverError|.*-\d+.*)$/u);
      }
    }
    assert.ok(seen.has(right.django) && seen.has('failed serverError'), [...seen].join(', '));
  });

  describe('no service at all', () => {
    it('refused → failed (offline)', async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const { port } = server.address() as AddressInfo;
      server.close();
      await once(server, 'close');
      const { scanner } = connect({ url: `http://127.0.0.1:${port}` });
      assert.deepEqual(await endsOf(scanner), allFailed('offline'));
    });

    it('a certificate that nobody vouches for → failed (offline)', async () => {
      const { scanner } = connect({ url: service.tlsUrl, network: {} });
      assert.deepEqual(await endsOf(scanner), allFailed('offline'));
      assert.equal(service.traffic.log.length, 0);
    });

    it('a certificate for another name → failed (offline)', async () => {
      const proxy = await startConnectProxy();
      closing.push(() => proxy.close());
      const { port } = new URL(service.tlsUrl);
      const { scanner } = connect({
        url: `https://other.test:${port}`,
        network: { ca: service.ca, proxyUrl: proxy.url },
      });
      assert.deepEqual(await endsOf(scanner), allFailed('offline'));
      assert.equal(service.traffic.log.length, 0);
    });

    it('TLS spoken by nobody → failed (offline)', async () => {
      const { scanner } = connect({ url: service.url.replace('http:', 'https:') });
      assert.deepEqual(await endsOf(scanner), allFailed('offline'));
    });

    it('a name that does not exist → failed (offline)', async () => {
      const { scanner } = connect({ url: 'https://osv.invalid' });
      assert.deepEqual(await endsOf(scanner), allFailed('offline'));
    });

    it('a proxy that wants credentials → failed (offline)', async () => {
      const proxy = await startConnectProxy({ refusal: 407 });
      closing.push(() => proxy.close());
      const { scanner } = connect({ url: 'https://osv.test', network: { proxyUrl: proxy.url } });
      assert.deepEqual(await endsOf(scanner), allFailed('offline'));
    });
  });

  it('held back while the service does not work → failed with the reason, and nothing is sent', async () => {
    const { source, scanner } = connect();
    service.faults.set('querybatch', { kind: 'status', status: 500 });
    for (let round = 0; round < 5; round++) {
      assert.deepEqual(await endsOf(scanner), allFailed('serverError'));
    }
    assert.equal(source.circuit, 'open');
    const asked = service.traffic.log.length;
    assert.deepEqual(await endsOf(scanner), allFailed('serverError'));
    assert.equal(service.traffic.log.length, asked);
    await recovers(scanner);
    assert.equal(source.circuit, 'closed');
  });

  it('fails after an answer was known → failed, with what was known beside it', async () => {
    const { scanner } = connect();
    assert.deepEqual(await endsOf(scanner), right);
    timing.nowMs += 2 * 3_600_000;
    service.faults.set('querybatch', { kind: 'reset' });
    const outcome = (await scan(scanner)).get(pinKey(pinOf('django')));
    assert.ok(outcome?.kind === 'failed');
    assert.equal(outcome.lastKnown?.findings[0]?.id, right.django);
  });
});

function detailRequests({ traffic: { requests } }: OsvService): number {
  return requests.query + requests.vulns;
}

function pinOf(name: Name): Pin {
  return { name: normalizeName(name), version: names[name] };
}

function scan(scanner: Scanner, options: { readonly again?: boolean } = {}): ReturnType<Scanner['scan']> {
  return scanner.scan((Object.keys(names) as Name[]).map(pinOf), { signal: new AbortController().signal, ...options });
}

async function endsOf(scanner: Scanner, options: { readonly again?: boolean } = {}): Promise<Ends> {
  const outcomes = await scan(scanner, options);
  const end = (name: Name): string => describeOutcome(outcomes.get(pinKey(pinOf(name))));
  return { django: end('django'), requests: end('requests'), six: end('six') };
}

/** `clean`, the ids of the findings with a question mark where details are missing, or `failed` with the reason. */
function describeOutcome(outcome: Assessed | Failed | undefined): string {
  assert.ok(outcome !== undefined, 'a requirement without an outcome');
  if (outcome.kind === 'failed') {
    return `failed ${outcome.reason}`;
  }
  const ids = outcome.findings.map(({ id, missingDetails }) => `${id}${missingDetails.length > 0 ? '?' : ''}`);
  assert.equal(outcome.verdict, ids.length === 0 ? 'clean' : 'vulnerable');
  return ids.length === 0 ? 'clean' : ids.sort().join(' ');
}
