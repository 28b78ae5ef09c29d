import type { Route } from '../../../osv-service/route.ts';
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { Assessed, Failed } from '../../../../server/src/core/assessment/outcome.ts';
import { type Lookup, lookupKey } from '../../../../server/src/core/assessment/lookup.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { parseClause } from '../../../../server/src/core/versions/specifier.ts';
import {
  createOsvSource,
  type OsvSource,
  type OsvSourceOptions,
} from '../../../../server/src/hosts/node/osv/osvSource.ts';
import { scannerOver } from '../../../support/scannerOver.ts';
import type { LookupFailure } from '../../../../server/src/engine/ports.ts';
import type { Scanner } from '../../../../server/src/engine/lookup/scanner.ts';
import type { Fault, FaultLimits, WrongShape } from '../../../osv-service/fault.ts';
import { type OsvService, startOsvService } from '../../../osv-service/osvService.ts';
import { startConnectProxy } from '../../../support/connectProxy.ts';
import { demoRecords } from '../../../support/demoRecords.ts';
import { FakeLog } from '../../../support/fakeLog.ts';
import { FakeTiming } from '../../../support/fakeTiming.ts';

/**
 * What goes wrong with the service, by endpoint, and what becomes of four requirements: django with one vulnerability in
 * two records, requests with two, six with none, and a range of django's releases, for which all of its advisories have to
 * be known. Whatever happens, what was not answered is never clean, and nothing of a failure is kept: as soon as the service
 * works again, so does the scan.
 */
const lookups = {
  django: { name: normalizeName('django'), version: '3.2.0' },
  requests: { name: normalizeName('requests'), version: '2.19.0' },
  six: { name: normalizeName('six'), version: '1.16.0' },
  range: { name: normalizeName('django'), specifier: [parseClause('>=', '3.1') ?? assert.fail()], text: '>=3.1' },
} as const satisfies Readonly<Record<string, Lookup>>;
type Name = keyof typeof lookups;
const names = Object.keys(lookups) as readonly Name[];

/** How each requirement ends, as `describeOutcome` says it. */
type Ends = Readonly<Record<Name, string>>;

const right: Ends = {
  django: 'CVE-2021-35042',
  requests: 'CVE-2018-18074 CVE-2023-32681',
  six: 'clean',
  range: 'CVE-2021-35042',
};
/** The findings stand; that their details are missing is said, and aliases cannot be joined. */
const bare = (reason: LookupFailure): Ends => ({
  django: 'GHSA-xpfp-f569-q3p2? PYSEC-2021-109?',
  requests: 'PYSEC-2018-28? PYSEC-2023-74?',
  six: 'clean',
  range: `failed ${reason}`,
});
const allFailed = (reason: LookupFailure): Ends => everyEnd(`failed ${reason}`);
const everyEnd = (end: string): Ends => ({ django: end, requests: end, six: end, range: end });

const mb = 1024 * 1024;
// For what never ends: long enough for this machine to answer, short enough for a table of many rows.
const short = { timeoutMs: 200, wholeMs: 400 };

interface Row {
  readonly name: string;
  readonly fault: Fault;
  /** What those who meet the fault end in: failed for this reason, or without details for it, or `right`. */
  readonly end: LookupFailure | 'right';
  readonly limits?: FaultLimits;
  /** Over HTTP/2 too, where it is another thing there. */
  readonly alsoHttp2?: boolean;
  /** It may be a proper answer to a query for one package. */
  readonly maySayNothing?: boolean;
}

const rows: readonly Row[] = [
  row('a reset', { kind: 'reset' }, 'offline', { alsoHttp2: true }),
  row('a reset of the stream', { kind: 'reset', scope: 'stream' }, 'offline', { alsoHttp2: true }),
  row('a reset in the middle of the body', { kind: 'reset', at: 'body' }, 'offline', { alsoHttp2: true }),
  row('a stall', { kind: 'stall' }, 'timeout', { alsoHttp2: true }),
  row('a stall in the body', { kind: 'stall', at: 'body' }, 'timeout'),
  row('a slow body', { kind: 'slowBody', chunkBytes: 1, intervalMs: 20 }, 'timeout', { maySayNothing: true }),
  row('HTTP 429', { kind: 'status', status: 429 }, 'rateLimited'),
  row('HTTP 429 for a second', { kind: 'status', status: 429, retryAfter: 1 }, 'rateLimited'),
  row('HTTP 429 for an hour', { kind: 'status', status: 429, retryAfter: 3600 }, 'rateLimited'),
  ...[500, 502, 503, 504].map((status) => row(`HTTP ${status}`, { kind: 'status', status }, 'serverError')),
  row('HTTP 403', { kind: 'status', status: 403 }, 'badResponse'),
  // The service may have no such query: the batch is asked then.
  row('HTTP 404', { kind: 'status', status: 404 }, 'badResponse', { maySayNothing: true }),
  row('a redirect', { kind: 'status', status: 302, location: 'https://login.example/' }, 'badResponse'),
  row('HTTP 204', { kind: 'status', status: 204, body: '' }, 'badResponse'),
  row('an HTML page with 200', { kind: 'html', status: 200 }, 'badResponse'),
  row('an HTML page with 502', { kind: 'html', status: 502 }, 'serverError'),
  row('truncated JSON', { kind: 'truncatedJson' }, 'badResponse'),
  row('broken JSON', { kind: 'brokenJson' }, 'badResponse'),
  row('a truncated gzip', { kind: 'truncatedGzip' }, 'badResponse'),
  row('an empty body', { kind: 'status', status: 200, body: '' }, 'badResponse'),
  row('a byte order mark', { kind: 'status', status: 200, body: '\uFEFF{"results":[{}]}' }, 'badResponse'),
  row('UTF-16', { kind: 'status', status: 200, body: [...'{}'].map((one) => `${one}\u0000`).join('') }, 'badResponse'),
  row('a number that is none', { kind: 'status', status: 200, body: '{"results":NaN}' }, 'badResponse'),
  row('depth without end', { kind: 'status', status: 200, body: '['.repeat(1_000_000) }, 'badResponse'),
  row('HTTP 206', { kind: 'status', status: 206, body: '{"results":[{}]}' }, 'badResponse'),
  row('an empty object', { kind: 'wrongShape', shape: 'empty' }, 'badResponse', { maySayNothing: true }),
  row('a gzip bomb', { kind: 'gzipBomb', bytes: 65 * mb }, 'badResponse'),
  row('65 MB', { kind: 'hugeBody', bytes: 65 * mb }, 'badResponse'),
  ...(['null', 'list', 'text', 'number'] satisfies WrongShape[]).map((shape) =>
    row(`the wrong shape (${shape})`, { kind: 'wrongShape', shape }, 'badResponse'),
  ),
  // Healthy again before the tries are used up.
  row('two resets', { kind: 'reset' }, 'right', { limits: { times: 2 }, alsoHttp2: true }),
  row('two times HTTP 503', { kind: 'status', status: 503 }, 'right', { limits: { times: 2 } }),
  row('one HTTP 429', { kind: 'status', status: 429, retryAfter: 1 }, 'right', {
    limits: { times: 1 },
  }),
  row('fields nobody knows', { kind: 'extraFields' }, 'right'),
];

function row(
  name: string,
  fault: Fault,
  end: Row['end'],
  more: Pick<Row, 'limits' | 'alsoHttp2' | 'maySayNothing'> = {},
): Row {
  return { name, fault, end, ...more };
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
    const limits = { maxEntries: 1000, answerTtlMs: 3_600_000, cleanTtlMs: 3_600_000, detailsMaxAgeMs: 86_400_000 };
    return { source, scanner: scannerOver({ source, sourceId: 'test', tiers: [], clock: timing, log, limits }) };
  }

  /** Asks again once the service is well and every circuit has closed. */
  async function recovers(scanner: Scanner): Promise<void> {
    service.faults.clear();
    timing.nowMs += 600_000;
    assert.deepEqual(await endsOf(scanner), right, 'the scan after the fault');
  }

  for (const { name, fault, end, limits = {}, alsoHttp2 = false, maySayNothing = false } of rows) {
    for (const isHttp2 of alsoHttp2 ? [false, true] : [false]) {
      const where = isHttp2 ? ' over HTTP/2' : '';
      const connectFor = (): Scanner =>
        connect({
          url: isHttp2 ? service.tlsUrl : service.url,
          ...(fault.kind === 'stall' || fault.kind === 'slowBody' ? short : {}),
        }).scanner;
      const failed = end === 'right' ? 'the right findings' : `failed (${end})`;

      it(`batch: ${name}${where} → ${failed}`, async () => {
        const scanner = connectFor();
        service.faults.set('querybatch', fault, limits);
        assert.deepEqual(await endsOf(scanner), end === 'right' ? right : allFailed(end));
        await recovers(scanner);
      });

      it(`details: ${name}${where} → ${end === 'right' ? failed : 'findings without details'}`, async () => {
        const scanner = connectFor();
        detailRoutes.forEach((route) => service.faults.set(route, fault, limits));
        assert.deepEqual(await endsOf(scanner), end === 'right' ? right : bare(end));
        await recovers(scanner);
      });

      // Twice is enough for what takes its time.
      if (!maySayNothing && fault.kind !== 'hugeBody' && fault.kind !== 'gzipBomb') {
        it(`typing: ${name}${where} → ${failed}`, async () => {
          const scanner = connectFor();
          detailRoutes.forEach((route) => service.faults.set(route, fault, limits));
          assert.deepEqual(await endsOf(scanner, { typing: true }), end === 'right' ? right : allFailed(end));
          assert.equal(service.traffic.requests.querybatch, 0);
          await recovers(scanner);
        });
      }
    }
  }

  for (const [broken, route] of [
    ['vulns', 'query'],
    ['query', 'vulns'],
  ] satisfies [Route, Route][]) {
    it(`details: only ${route} works → the right findings`, async () => {
      const { scanner } = connect();
      service.faults.set(broken, { kind: 'status', status: 404 });
      assert.deepEqual(await endsOf(scanner), right);
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
        assert.ok([right[name], bare('badResponse')[name]].includes(ends[name]), `${name}: ${ends[name]}`);
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

    for (const [name, fault, django] of [
      ['a token that repeats itself', { kind: 'repeatedToken', packages: ['django'] }, `${right.django} …`],
      ['empty pages without end', { kind: 'emptyPage', packages: ['django'] }, 'failed badResponse'],
    ] satisfies [string, Fault, string][]) {
      it(`batch: ${name} → ${django}, for that package alone`, async () => {
        const { scanner } = connect();
        service.faults.set('querybatch', { kind: 'pageSize', records: 1, packages: ['django'] });
        service.faults.set('querybatch', fault);
        assert.deepEqual(await endsOf(scanner), {
          ...right,
          django,
          range: 'failed badResponse',
        });
        await recovers(scanner);
      });
    }

    it('batch: a failure on the second page → what the first one named, for the package that was not at its end', async () => {
      const { scanner } = connect();
      service.faults.set('querybatch', { kind: 'pageSize', records: 1, packages: ['django'] });
      service.faults.set('querybatch', { kind: 'status', status: 500 }, { skip: 1 });
      assert.deepEqual(await endsOf(scanner), {
        ...right,
        django: `${right.django} …`,
        range: 'failed serverError',
      });
      await recovers(scanner);
    });
  });

  describe('records', () => {
    it('gone between batch and details → a finding without details', async () => {
      const { scanner } = connect();
      for (const { id } of demoRecords) {
        service.records.hideDetails(String(id));
      }
      assert.deepEqual(await endsOf(scanner), bare('badResponse'));
      for (const { id } of demoRecords) {
        service.records.showDetails(String(id));
      }
      await recovers(scanner);
    });

    it('named anew but without details → never clean again before they are had', async () => {
      const { scanner } = connect();
      for (const { id } of demoRecords.filter((record) => JSON.stringify(record['affected']).includes('django'))) {
        service.records.remove(String(id));
      }
      assert.equal((await endsOf(scanner)).django, 'clean');
      service.records.reset();
      detailRoutes.forEach((route) => service.faults.set(route, { kind: 'status', status: 500 }));
      const ends = await endsOf(scanner, { again: true });
      assert.equal(ends.django, bare('serverError').django);
      assert.match(ends.range, /^failed /u);
      for (const name of ['django', 'range'] as const) {
        const known = scanner.peek(lookups[name]);
        assert.ok(known.kind !== 'fresh' || known.outcome.verdict !== 'clean', name);
      }
      assert.notEqual((await endsOf(scanner)).django, 'clean');
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
      assert.deepEqual(await endsOf(scanner), bare('badResponse'));
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

  it('every second request fails → right, failed or without details, and never clean', async function () {
    this.timeout(20_000); // forty scans, on a machine that others use too
    const seen = new Set<string>();
    service.faults.set('all', { kind: 'status', status: 503 }, { probability: 0.5 });
    for (let round = 0; round < 40; round++) {
      const { scanner } = connect();
      const ends = await endsOf(scanner);
      for (const name of names) {
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
    const outcome = (await scan(scanner)).get(lookupKey(lookups.django));
    assert.ok(outcome?.kind === 'failed');
    assert.equal(outcome.lastKnown?.findings[0]?.id, right.django);
  });
});

function detailRequests({ traffic: { requests } }: OsvService): number {
  return requests.query + requests.vulns;
}

interface Asking {
  readonly again?: boolean;
  readonly typing?: boolean;
}

function scan(scanner: Scanner, asking: Asking = {}): ReturnType<Scanner['scan']> {
  return scanner.scan(
    names.map((name) => lookups[name]),
    { signal: new AbortController().signal, ...asking },
  );
}

async function endsOf(scanner: Scanner, asking: Asking = {}): Promise<Ends> {
  const outcomes = await scan(scanner, asking);
  const end = (name: Name): string => describeOutcome(outcomes.get(lookupKey(lookups[name])));
  return { django: end('django'), requests: end('requests'), six: end('six'), range: end('range') };
}

/**
 * `clean`, the ids of the findings with a question mark where details are missing, and with `…` where there may be more, or
 * `failed` with the reason.
 */
function describeOutcome(outcome: Assessed | Failed | undefined): string {
  assert.ok(outcome !== undefined, 'a requirement without an outcome');
  if (outcome.kind === 'failed') {
    return `failed ${outcome.reason}`;
  }
  const ids = outcome.findings.map(({ id, missingDetails }) => `${id}${missingDetails.length > 0 ? '?' : ''}`);
  assert.equal(outcome.verdict === 'clean', ids.length === 0);
  return ids.length === 0 ? 'clean' : ids.sort().join(' ') + (outcome.brokenOff === undefined ? '' : ' …');
}
