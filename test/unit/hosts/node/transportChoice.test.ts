import assert from 'node:assert/strict';
import { createEditorFetch } from '../../../../client/src/editorFetch.ts';
import type { EditorFetch } from '../../../../server/src/hosts/node/http/editorClient.ts';
import {
  createOsvSource,
  type OsvSource,
  type OsvSourceOptions,
} from '../../../../server/src/hosts/node/osv/osvSource.ts';
import { type OsvService, startOsvService } from '../../../osv-service/osvService.ts';
import { askDemoRecord, demoId, failToAsk } from '../../../support/askDemoRecord.ts';
import { startConnectProxy } from '../../../support/connectProxy.ts';
import { demoRecords } from '../../../support/demoRecords.ts';
import { FakeLog } from '../../../support/fakeLog.ts';
import { FakeTiming } from '../../../support/fakeTiming.ts';

// Nobody but the editor of these tests knows where this is.
const url = 'https://osv.invalid';

describe('the way to the service', () => {
  let service: OsvService;
  let log: FakeLog;
  let timing: FakeTiming;
  /** How often the editor was asked. */
  let asked: number;
  const closing: (() => Promise<unknown>)[] = [];

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => {
    log = new FakeLog();
    timing = new FakeTiming();
    asked = 0;
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((close) => close()));
    service.reset();
  });

  /** The client's half, which finds `osv.invalid` at the local service. */
  const editorFetch: EditorFetch = (request, signal) => {
    asked++;
    const fetch = (address: string, init: RequestInit): Promise<Response> =>
      globalThis.fetch(address.replace(url, service.url), init);
    return createEditorFetch({ fetch, services: () => [url] })(request, signal);
  };

  function connect(options: Partial<OsvSourceOptions>): OsvSource {
    const usual = { url, timeoutMs: 5000, concurrency: 10, version: '1.2.3', environment: {}, editorFetch };
    const source = createOsvSource({ ...usual, timing, log, ...options });
    closing.push(() => source.close());
    return source;
  }

  it('leads through the editor where the settings say so', async () => {
    const source = connect({ transport: 'editor' });
    assert.equal(await askDemoRecord(source), demoId);
    assert.equal(asked, 1);
    assert.equal(source.counters.vulns, 1);
    assert.equal(service.traffic.log[0]?.headers['user-agent'], 'pinwatch/1.2.3');
  });

  it('leads past the editor where the settings say so', async () => {
    assert.equal((await failToAsk(connect({ transport: 'direct' }))).reason, 'offline');
    assert.equal(asked, 0);
  });

  describe('that it finds by itself', () => {
    it('leads through the editor where the name is not found, from then on and with one word about it', async () => {
      const source = connect({ transport: 'auto' });
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(asked, 2);
      assert.equal(log.said.length, 1);
      assert.match(log.said[0] ?? '', /osv\.invalid cannot be reached directly \(\w+\), but through the editor/u);
    });

    it('leads through the editor where the certificate is not trusted', async () => {
      const proxy = await startConnectProxy();
      closing.push(() => proxy.close());
      const { port } = new URL(service.tlsUrl);
      const source = connect({
        transport: 'auto',
        url: `https://osv.test:${port}`,
        network: { proxyUrl: proxy.url },
        systemCertificates: () => [],
        editorFetch: () => {
          asked++;
          return Promise.resolve({ kind: 'answer', status: 200, text: JSON.stringify({ id: demoId }) });
        },
      });
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(asked, 1);
    });

    it('leads through the editor where the proxy wants to know who asks', async () => {
      const proxy = await startConnectProxy({ refusal: 407 });
      closing.push(() => proxy.close());
      const source = connect({ transport: 'auto', network: { proxyUrl: proxy.url } });
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(proxy.asked.length, 1);
      assert.match(log.said[0] ?? '', /\(The proxy 127\.0\.0\.1:\d+ wants a user name and password \(HTTP 407\)/u);
    });

    it('stays direct once that was answered, whatever happens later', async () => {
      const proxy = await startConnectProxy();
      const { port } = new URL(service.tlsUrl);
      const source = connect({
        transport: 'auto',
        url: `https://osv.test:${port}`,
        network: { ca: service.ca, proxyUrl: proxy.url },
      });
      assert.equal(await askDemoRecord(source), demoId);
      await proxy.close();
      assert.equal((await failToAsk(source)).reason, 'offline');
      assert.equal(asked, 0);
    });

    for (const [name, fault] of [
      ['fails', { kind: 'status', status: 500 }],
      ['refuses', { kind: 'status', status: 403 }],
      ['makes no sense', { kind: 'html', status: 200 }],
      ['does not answer', { kind: 'stall' }],
    ] as const) {
      it(`stays direct where the service ${name}`, async () => {
        const proxy = await startConnectProxy();
        closing.push(() => proxy.close());
        const { port } = new URL(service.tlsUrl);
        service.faults.set('vulns', fault);
        const source = connect({
          transport: 'auto',
          url: `https://osv.test:${port}`,
          network: { ca: service.ca, proxyUrl: proxy.url },
          ...(fault.kind === 'stall' ? { timeoutMs: 200 } : {}),
        });
        await failToAsk(source);
        assert.equal(asked, 0);
      });
    }

    it('says what is wrong with the direct way where the editor fails too, and tries both the next time', async () => {
      let isUp = false;
      const source = connect({
        transport: 'auto',
        editorFetch: (request, signal) =>
          isUp
            ? editorFetch(request, signal)
            : Promise.resolve({ kind: 'failed', reason: 'network', message: 'net::ERR_INTERNET_DISCONNECTED' }),
      });
      assert.match((await failToAsk(source)).message, /could not be found/u);
      assert.deepEqual(log.said, []);
      isUp = true;
      assert.equal(await askDemoRecord(source), demoId);
    });

    it('is looked for anew when a person asks to try again, but not where it works', async () => {
      const proxy = await startConnectProxy({ refusal: 407 });
      closing.push(() => proxy.close());
      const source = connect({ transport: 'auto', network: { proxyUrl: proxy.url } });
      await askDemoRecord(source);
      source.reset();
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(proxy.asked.length, 1);
      service.faults.set('vulns', { kind: 'html', status: 200 }, { times: 1 });
      await failToAsk(source);
      source.reset();
      assert.equal(await askDemoRecord(source), demoId);
      assert.equal(proxy.asked.length, 2);
      assert.equal(log.said.length, 1);
    });

    it('leads to this machine without the editor', async () => {
      service.faults.set('vulns', { kind: 'reset' });
      await failToAsk(connect({ transport: 'auto', url: service.url }));
      assert.equal(asked, 0);
    });
  });

  describe('through an editor', () => {
    for (const [name, answer, reason, message] of [
      ['that has no network', { kind: 'failed', reason: 'network', code: 'ENOTFOUND' }, 'offline', /not be found/u],
      ['that refuses', { kind: 'failed', reason: 'refused', message: 'no' }, 'badResponse', /editor refused \(no\)/u],
      ['that got too much', { kind: 'failed', reason: 'tooLarge' }, 'badResponse', /sent more than 1 MB/u],
      ['that answers nonsense', { kind: 'answer', status: '200' }, 'badResponse', /no answer/u],
      ['that answers nothing', null, 'badResponse', /no answer/u],
      [
        'that hands over too much',
        { kind: 'answer', status: 200, text: ' '.repeat(2 ** 20 + 1) },
        'badResponse',
        /more than 1 MB/u,
      ],
      ['that hands over a 503', { kind: 'answer', status: 503, text: '' }, 'serverError', /HTTP 503/u],
      ['that hands over a page', { kind: 'answer', status: 200, text: '<html>' }, 'badResponse', /not JSON/u],
    ] as const) {
      it(`${name}: a failure that says so`, async () => {
        const error = await failToAsk(connect({ transport: 'editor', editorFetch: () => Promise.resolve(answer) }));
        assert.equal(error.reason, reason);
        assert.match(error.message, message);
      });
    }

    it('that never answers: given up in time', async () => {
      const source = connect({ transport: 'editor', timeoutMs: 50, editorFetch: whenAborted });
      const error = await failToAsk(source);
      assert.equal(error.reason, 'timeout');
      assert.match(error.message, /did not answer within 0\.05 s/u);
    });

    it('that is told when nobody waits any more', async () => {
      const controller = new AbortController();
      const asking = connect({ transport: 'editor', editorFetch: whenAborted }).record(demoId, controller.signal);
      const reason = new Error('left');
      controller.abort(reason);
      await assert.rejects(asking, reason);
    });

    it('that is none: directly, with one word about it', async () => {
      const options = { url: service.url, timeoutMs: 5000, concurrency: 10, version: '1.2.3', log };
      const source = createOsvSource({ ...options, transport: 'editor' });
      closing.push(() => source.close());
      assert.equal(await askDemoRecord(source), demoId);
      assert.match(log.said[0] ?? '', /^warn: This editor offers no network/u);
    });
  });
});

const whenAborted: EditorFetch = (_request, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
