import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createServer as createHttpServer } from 'node:http';
import {
  createOsvSource,
  type OsvSource,
  type OsvSourceOptions,
} from '../../../../server/src/hosts/node/osv/osvSource.ts';
import { type OsvService, startOsvService } from '../../../osv-service/osvService.ts';
import { noon } from '../../../support/builders.ts';
import { askDemoRecord, demoId, failToAsk } from '../../../support/askDemoRecord.ts';
import { demoRecords } from '../../../support/demoRecords.ts';
import { FakeLog } from '../../../support/fakeLog.ts';
import { FakeTiming } from '../../../support/fakeTiming.ts';

describe('OSV transport', () => {
  let service: OsvService;
  let timing: FakeTiming;
  let log: FakeLog;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => {
    timing = new FakeTiming();
    log = new FakeLog();
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    service.reset();
  });

  function connect(more: Partial<OsvSourceOptions> = {}): OsvSource {
    const network = { ca: service.ca };
    const options = { url: service.url, timeoutMs: 5000, concurrency: 100, version: '1.2.3', environment: {}, network };
    const source = createOsvSource({ ...options, timing, log, ...more });
    closing.push(() => source.close());
    return source;
  }

  async function listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => undefined)));
    closing.push(() => {
      sockets.forEach((socket) => socket.destroy());
      return new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  describe('deadlines', () => {
    it('gives a service up that takes no connection', async () => {
      const port = await listen(createServer()); // takes TCP, never speaks TLS
      const error = await failToAsk(connect({ url: `https://127.0.0.1:${port}`, connectTimeoutMs: 100 }));
      assert.equal(error.reason, 'timeout');
      assert.match(error.message, /could not be reached within 0\.1 s/u);
    });

    it('bears with a body that comes slowly but surely', async () => {
      service.faults.set('vulns', { kind: 'slowBody', chunkBytes: 64, intervalMs: 30 });
      const startedAt = performance.now();
      assert.equal(await askDemoRecord(connect({ timeoutMs: 150 })), demoId);
      assert.ok(performance.now() - startedAt > 150);
    });

    it('gives a body up that comes too slowly as a whole', async () => {
      service.faults.set('vulns', { kind: 'slowBody', chunkBytes: 1, intervalMs: 20 });
      const error = await failToAsk(connect({ wholeMs: 200 }));
      assert.equal(error.reason, 'timeout');
      assert.match(error.message, /did not finish its answer within 0\.2 s/u);
    });

    it('does not try again past the time for all tries', async () => {
      service.faults.set('vulns', { kind: 'status', status: 503, retryAfter: 8 });
      const error = await failToAsk(connect({ wholeMs: 7000 }));
      assert.equal(error.reason, 'serverError');
      assert.equal(service.traffic.requests.vulns, 1);
    });

    it('uses another connection after one that died without a word', async () => {
      const source = connect({ url: service.tlsUrl, timeoutMs: 200 });
      assert.equal(await askDemoRecord(source), demoId);
      service.faults.set('vulns', { kind: 'stall' }, { times: 1 });
      assert.equal((await failToAsk(source)).reason, 'timeout');
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(service.traffic.connections.opened, 2);
    });

    it('leaves alone what is under way on that connection', async () => {
      const source = connect({ url: service.tlsUrl, timeoutMs: 200 });
      assert.equal(await askDemoRecord(source), demoId);
      service.faults.set('vulns', { kind: 'stall' }, { times: 1 });
      const stalled = failToAsk(source);
      await service.waitFor(({ inFlight }) => inFlight.vulns.now === 1);
      service.faults.set('vulns', { kind: 'slowBody', chunkBytes: 64, intervalMs: 30 });
      assert.equal(await askDemoRecord(source), demoId);
      await stalled;
    });
  });

  describe('patience', () => {
    for (const [what, retryAfter, sleptMs] of [
      ['seconds', 2, [2150]],
      ['a date', new Date(noon + 3000).toUTCString(), [3150]],
      ['a date that has passed', new Date(noon - 60_000).toUTCString(), [225]],
      ['no sense', 'soon', [225]],
      ['a negative number', '-5', [225]],
    ] as const) {
      it(`waits as a retry-after of ${what} asks`, async () => {
        service.faults.set('vulns', { kind: 'status', status: 429, retryAfter }, { times: 1 });
        assert.equal(await askDemoRecord(connect()), demoId);
        assert.deepEqual(timing.sleptMs, sleptMs);
      });
    }

    it('waits longer where the caller has the time', async () => {
      service.faults.set('vulns', { kind: 'status', status: 429, retryAfter: 60 }, { times: 1 });
      assert.equal(await askDemoRecord(connect({ patienceMs: 90_000 })), demoId);
      assert.deepEqual(timing.sleptMs, [60_150]);
    });

    it('does not wait for a service that asks for more patience than ten seconds, and keeps away so long', async () => {
      service.faults.set('vulns', { kind: 'status', status: 429, retryAfter: 60 }, { times: 1 });
      const source = connect();
      assert.equal((await failToAsk(source)).reason, 'rateLimited');
      assert.equal(source.circuit, 'open');
      const error = await failToAsk(source);
      assert.equal(error.reason, 'rateLimited');
      assert.match(error.message, /fewer requests \(HTTP 429\)\. It is asked again not before 60 s from now\./u);
      assert.equal(service.traffic.requests.vulns, 1);
      timing.nowMs += 60_000;
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(source.circuit, 'closed');
    });

    it('waits longer from try to try, and not all clients alike', async () => {
      service.faults.set('vulns', { kind: 'status', status: 500 });
      for (const random of [0, 0.999]) {
        timing.randomValue = random;
        await failToAsk(connect());
      }
      assert.deepEqual(timing.sleptMs.map(Math.round), [150, 300, 300, 600]);
    });
  });

  describe('circuit', () => {
    it('opens after five requests in vain, fails at once with the reason, and closes with the first answer', async () => {
      const source = connect();
      service.faults.set('vulns', { kind: 'status', status: 503 });
      for (let request = 0; request < 5; request++) {
        assert.equal(source.circuit, 'closed');
        await failToAsk(source);
      }
      assert.equal(source.circuit, 'open');
      const asked = service.traffic.requests.vulns;
      const error = await failToAsk(source);
      assert.equal(error.reason, 'serverError');
      assert.match(error.message, /failed \(HTTP 503\)\. It is asked again not before 5 s from now\./u);
      const { signal } = new AbortController();
      const [answer] = await source.query([], signal).then(() => source.query([django], signal));
      assert.ok(answer?.kind === 'failed', 'what was not asked is not clean');
      assert.deepEqual([service.traffic.requests.vulns, service.traffic.requests.querybatch], [asked, 0]);
      service.faults.clear();
      timing.nowMs += 5000;
      assert.equal(source.circuit, 'halfOpen');
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(source.circuit, 'closed');
    });

    it('lets one of many through when its time is over', async () => {
      const source = connect();
      service.faults.set('vulns', { kind: 'status', status: 503 });
      await Promise.all(Array.from({ length: 5 }, () => failToAsk(source)));
      timing.nowMs += 5000;
      service.faults.clear();
      service.faults.set('vulns', { kind: 'latency', ms: 20 });
      const asked = service.traffic.requests.vulns;
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => askDemoRecord(source)));
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
      assert.equal(service.traffic.requests.vulns, asked + 1);
    });

    it('spares the tries that others still had when it opens', async () => {
      service.faults.set('vulns', { kind: 'status', status: 503 });
      service.faults.set('vulns', { kind: 'latency', ms: 0, jitterMs: 40 });
      const source = connect();
      await Promise.all(Array.from({ length: 100 }, () => failToAsk(source)));
      assert.ok(service.traffic.requests.vulns < 300, `${service.traffic.requests.vulns} requests`);
    });

    it('tries at once when a person asks to', async () => {
      const source = connect();
      service.faults.set('vulns', { kind: 'status', status: 503 });
      await Promise.all(Array.from({ length: 5 }, () => failToAsk(source)));
      service.faults.clear();
      source.reset();
      assert.equal(await askDemoRecord(source), demoId);
    });

    it('is not opened by what the service answers, however often: 404, nonsense', async () => {
      const source = connect();
      service.faults.set('vulns', { kind: 'html', status: 200 }, { times: 10 });
      for (let request = 0; request < 10; request++) {
        await failToAsk(source);
      }
      service.faults.set('vulns', { kind: 'status', status: 404 });
      for (let request = 0; request < 10; request++) {
        await failToAsk(source);
      }
      assert.equal(source.circuit, 'closed');
    });

    it('is not opened by those who left', async () => {
      service.faults.set('vulns', { kind: 'stall' });
      const source = connect();
      const controller = new AbortController();
      const left = Array.from({ length: 10 }, () => source.record(demoId, controller.signal));
      await service.waitFor(({ requests }) => requests.vulns === 10);
      controller.abort(new Error('left'));
      assert.ok((await Promise.allSettled(left)).every(({ status }) => status === 'rejected'));
      assert.equal(source.circuit, 'closed');
    });
  });

  describe('bodies', () => {
    for (const [what, fault] of [
      ['plain', { kind: 'hugeBody', bytes: 2 * 1024 * 1024 }],
      ['plain, with its length', { kind: 'hugeBody', bytes: 2 * 1024 * 1024, hasContentLength: true }],
      ['packed', { kind: 'gzipBomb', bytes: 2 * 1024 * 1024 }],
    ] as const) {
      it(`takes no detail of more than a megabyte (${what})`, async () => {
        service.faults.set('vulns', fault);
        const error = await failToAsk(connect());
        assert.equal(error.reason, 'badResponse');
        assert.match(error.message, /sent more than 1 MB/u);
      });
    }

    it('holds no more of a packed gigabyte than is allowed', async () => {
      service.faults.set('vulns', { kind: 'gzipBomb', bytes: 1024 * 1024 * 1024 });
      assert.match((await failToAsk(connect())).message, /sent more than 1 MB/u);
    });

    it('reads of an error page only the beginning', async () => {
      const server = createHttpServer((_request, response) => {
        response.writeHead(404);
        const more = (): void => {
          while (response.writable && response.write(Buffer.alloc(65_536, 'x')));
        };
        response.on('drain', more);
        more();
      });
      const port = await listen(server);
      assert.match((await failToAsk(connect({ url: `http://127.0.0.1:${port}` }))).message, /HTTP 404/u);
    });

    it('is not held up by packed nothing without end', async () => {
      const nothing = gzipSync('');
      const server = createHttpServer((_request, response) => {
        response.writeHead(200, { 'content-encoding': 'gzip' });
        const more = (): void => {
          while (response.writable && response.write(Buffer.concat(Array.from({ length: 1000 }, () => nothing))));
        };
        response.on('drain', more);
        more();
      });
      const port = await listen(server);
      assert.match((await failToAsk(connect({ url: `http://127.0.0.1:${port}` }))).message, /sent more than 1 MB/u);
    });
  });

  describe('redirects', () => {
    for (const [location, target] of [
      ['https://login.example/path?session=1', /redirects to login\.example \(HTTP 302\), which is not followed/u],
      [`https://${'x'.repeat(60)}.${'y'.repeat(60)}.example/`, /redirects to another address/u],
      [undefined, /redirects to another address/u],
    ] as const) {
      it(`follows none, and says where to: ${String(location).slice(0, 30)}`, async () => {
        service.faults.set('vulns', {
          kind: 'status',
          status: 302,
          ...(location === undefined ? {} : { location }),
        });
        const error = await failToAsk(connect());
        assert.equal(error.reason, 'badResponse');
        assert.match(error.message, target);
        assert.equal(service.traffic.log.length, 1);
      });
    }
  });

  describe('the first connection', () => {
    for (const tls of [true, false]) {
      it(`is made in advance without a request, and used by the first (${tls ? 'TLS' : 'plain'})`, async () => {
        const source = connect({ url: tls ? service.tlsUrl : service.url });
        source.preconnect();
        source.preconnect();
        await service.waitFor(({ connections }) => connections.opened === 1);
        assert.equal(service.traffic.log.length, 0);
        assert.equal(await askDemoRecord(source), demoId);
        source.preconnect();
        assert.equal(service.traffic.connections.opened, 1);
      });
    }

    it('is not made where there is one', async () => {
      const source = connect({ url: service.tlsUrl });
      assert.equal(await askDemoRecord(source), demoId);
      source.preconnect();
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(service.traffic.connections.opened, 1);
    });

    it('may still be under way when the first request comes', async () => {
      const source = connect({ url: service.tlsUrl });
      source.preconnect();
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(service.traffic.connections.opened, 1);
    });

    it('may be lost before it is used', async () => {
      const source = connect({ url: service.tlsUrl });
      source.preconnect();
      await service.waitFor(({ connections }) => connections.opened === 1);
      // The port is the same for the service that comes after.
      const { port } = new URL(service.tlsUrl);
      await service.close();
      service = await startOsvService({ records: [demoRecords], tlsPort: Number(port) });
      await failToAsk(source); // the new service has a certificate of its own
      assert.ok(service.traffic.connections.opened > 0, 'it was not tried again');
    });

    it('may fail without a word', async () => {
      const server = createServer();
      const port = await listen(server);
      server.on('connection', (socket) => socket.resetAndDestroy());
      const reset = once(server, 'connection');
      const source = connect({ url: `https://127.0.0.1:${port}` });
      source.preconnect();
      await reset;
      assert.equal((await failToAsk(source)).reason, 'offline');
      assert.deepEqual(log.said, []);
    });
  });

  describe('another way', () => {
    it('is taken by the next request, and by those under way', async () => {
      const source = connect({ url: service.tlsUrl, network: {}, systemCertificates: () => [] });
      await failToAsk(source);
      source.useNetwork({ ca: service.ca });
      assert.equal(await askDemoRecord(source), demoId);
      service.faults.set('vulns', { kind: 'stall' }, { times: 1 });
      const asking = askDemoRecord(source);
      await service.waitFor(({ requests }) => requests.vulns === 2);
      source.useNetwork({ ca: service.ca });
      assert.equal(await asking, demoId);
    });

    it('closes a circuit that the former opened', async () => {
      const source = connect({ url: service.tlsUrl, network: {}, systemCertificates: () => [] });
      for (let request = 0; request < 5; request++) {
        await failToAsk(source);
      }
      assert.equal(source.circuit, 'open');
      source.useNetwork({ ca: service.ca });
      assert.equal(await askDemoRecord(source), demoId);
    });
  });

  describe('certificates', () => {
    it("asks the operating system for its own when Node's do not do", async () => {
      let asked = 0;
      const systemCertificates = (): readonly string[] => {
        asked++;
        return [service.ca];
      };
      const source = connect({ url: service.tlsUrl, network: {}, systemCertificates });
      await Promise.all([askDemoRecord(source), askDemoRecord(source)]);
      assert.equal(asked, 1);
      assert.equal(source.counters.retries, 0);
    });

    it('does not ask the operating system where there is no need', async () => {
      const systemCertificates = (): readonly string[] => assert.fail('asked');
      assert.equal(await askDemoRecord(connect({ url: service.tlsUrl, systemCertificates })), demoId);
    });

    it('trusts nobody whom neither vouches for', async () => {
      const source = connect({ url: service.tlsUrl, network: {}, systemCertificates: () => [] });
      const error = await failToAsk(source);
      assert.equal(error.reason, 'offline');
      assert.match(error.message, /certificate .* is not trusted here/u);
      assert.equal(service.traffic.log.length, 0);
    });

    it('checks none where the user says so, and says that once', async () => {
      const source = connect({ url: service.tlsUrl, network: { strictSsl: false } });
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(log.said.length, 1);
      assert.match(log.said[0] ?? '', /^warn: Certificates are not checked/u);
    });
  });
});

const django = { name: 'django', version: '3.2.0' } as Parameters<OsvSource['query']>[0][number];
