import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { Bucket } from '../../../../server/src/hosts/node/database/bucket.ts';
import type { NetworkSettings } from '../../../../server/src/hosts/node/http/networkSettings.ts';
import {
  createOsvSource,
  type OsvSource,
  type OsvSourceOptions,
} from '../../../../server/src/hosts/node/osv/osvSource.ts';
import { type Answer, silentLog } from '../../../../server/src/engine/ports.ts';
import { type OsvService, startOsvService } from '../../../osv-service/osvService.ts';
import { type ConnectProxy, type ConnectProxyOptions, startConnectProxy } from '../../../support/connectProxy.ts';
import { demoRecords } from '../../../support/demoRecords.ts';
import { FakeLog } from '../../../support/fakeLog.ts';
import { FakeTiming } from '../../../support/fakeTiming.ts';

describe('requests through a proxy', () => {
  let service: OsvService;
  /** By a name that only the proxies of these tests can find. */
  let url: string;
  let log: FakeLog;
  const closing: { close(): Promise<void> }[] = [];

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
    url = `https://osv.test:${new URL(service.tlsUrl).port}`;
  });
  after(() => service.close());
  beforeEach(() => {
    log = new FakeLog();
  });
  afterEach(async () => {
    await Promise.all(closing.splice(0).map((one) => one.close()));
    service.reset();
  });

  async function proxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
    const started = await startConnectProxy(options);
    closing.push(started);
    return started;
  }

  function connect(network: NetworkSettings, more: Partial<OsvSourceOptions> = {}): OsvSource {
    const source = createOsvSource({
      url,
      timeoutMs: 5000,
      concurrency: 100,
      version: '1.2.3',
      log,
      network: { ca: service.ca, ...network },
      environment: {},
      timing: new FakeTiming(),
      ...more,
    });
    closing.push(source);
    return source;
  }

  it('goes through the proxy of the settings, over one HTTP/2 connection', async () => {
    const { url: proxyUrl, asked } = await proxy();
    const source = connect({ proxyUrl });
    assert.equal(matches(await ask(source)), 2);
    await Promise.all(demoRecords.map(({ id }) => source.record(String(id), new AbortController().signal)));
    assert.deepEqual(asked, [{ target: new URL(url).host, authorization: undefined }]);
    assert.equal(service.traffic.protocols['2'], 1 + demoRecords.length);
    assert.equal(service.traffic.connections.opened, 1);
  });

  for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy']) {
    it(`goes through the proxy of ${name} where the settings name none`, async () => {
      const { url: proxyUrl, asked } = await proxy();
      assert.equal(matches(await ask(connect({}, { environment: { [name]: proxyUrl } }))), 2);
      assert.equal(asked.length, 1);
    });
  }

  it('goes through an https proxy', async () => {
    const { url: proxyUrl, ca, asked } = await proxy({ isTls: true });
    assert.equal(matches(await ask(connect({ proxyUrl, ca: `${service.ca}${ca}` }))), 2);
    assert.equal(asked.length, 1);
  });

  for (const [what, network, environment] of [
    ['NO_PROXY', {}, { NO_PROXY: 'example.org, osv.test' }],
    ['no_proxy', {}, { no_proxy: '.test' }],
    ['the setting', { noProxy: ['*.test'] }, {}],
    ['a lone star', { noProxy: ['*'] }, {}],
  ] as const) {
    it(`leaves out the proxy for hosts that ${what} exempts`, async () => {
      const { url: proxyUrl, asked } = await proxy();
      const [answer] = await ask(connect({ proxyUrl, ...network }, { environment }));
      // Nobody else knows where osv.test is.
      assert.ok(answer?.kind === 'failed');
      assert.match(answer.error.message, /osv\.test:\d+ could not be found/u);
      assert.equal(asked.length, 0);
    });
  }

  it('reaches this machine without the proxy', async () => {
    const { url: proxyUrl, asked } = await proxy();
    assert.equal(matches(await ask(connect({ proxyUrl }, { url: service.tlsUrl }))), 2);
    assert.equal(asked.length, 0);
  });

  for (const [where, network] of [
    ['the setting', (proxyUrl: string) => ({ proxyUrl, authorization: `Basic ${secret}` })],
    ['the address', (proxyUrl: string) => ({ proxyUrl: proxyUrl.replace('//', '//me:pass%20word@') })],
  ] as const) {
    it(`hands over the credentials of ${where}, and names them nowhere`, async () => {
      const { url: proxyUrl, asked } = await proxy({ authorization: `Basic ${secret}` });
      assert.equal(matches(await ask(connect(network(proxyUrl)))), 2);
      assert.equal(asked.length, 1);
      assert.ok(service.traffic.log.every(({ headers }) => headers['proxy-authorization'] === undefined));
      assert.deepEqual(log.lines, []);
    });
  }

  for (const [where, credentials, authorization] of [
    ['the address', 'me:hush%20hush@', undefined],
    ['the setting', '', 'Basic bWU6aHVzaA=='],
  ] as const) {
    it(`says once that the credentials of ${where} are wrong, without naming them`, async () => {
      const { url: proxyUrl, asked } = await proxy({ authorization: `Basic ${secret}` });
      const [answer] = await ask(
        connect({
          proxyUrl: proxyUrl.replace('//', `//${credentials}`),
          ...(authorization === undefined ? {} : { authorization }),
        }),
      );
      assert.ok(answer?.kind === 'failed' && answer.error.reason === 'offline');
      assert.match(answer.error.message, /does not accept the user name and password it was given \(HTTP 407\)/u);
      assert.equal(asked.length, 1);
      for (const text of [answer.error.message, ...log.lines]) {
        assert.doesNotMatch(text, /hush|bWU6|Basic/u);
      }
    });
  }

  it('says that the proxy wants credentials where it was given none', async () => {
    const { url: proxyUrl } = await proxy({ authorization: 'Basic x' });
    const [answer] = await ask(connect({ proxyUrl }));
    assert.ok(answer?.kind === 'failed' && answer.error.reason === 'offline');
    assert.match(answer.error.message, /wants a user name and password \(HTTP 407\)/u);
  });

  it('says that the proxy refuses, and does not go around it', async () => {
    const { url: proxyUrl, port } = await proxy({ refusal: 403 });
    const [answer] = await ask(connect({ proxyUrl }));
    assert.ok(answer?.kind === 'failed' && answer.error.reason === 'offline');
    assert.match(
      answer.error.message,
      new RegExp(`proxy 127\\.0\\.0\\.1:${port} does not connect .*\\(HTTP 403\\)`, 'u'),
    );
    assert.equal(service.traffic.connections.opened, 0);
  });

  it('tries again where the proxy fails for a moment', async () => {
    const { url: proxyUrl, asked } = await proxy({ refusal: 502 });
    const [answer] = await ask(connect({ proxyUrl }));
    assert.equal(answer?.kind, 'failed');
    assert.equal(asked.length, 3);
  });

  it('says that nobody listens where the proxy should be', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    server.close();
    const [answer] = await ask(connect({ proxyUrl: `http://me:secret@127.0.0.1:${port}` }));
    assert.ok(answer?.kind === 'failed' && answer.error.reason === 'offline');
    assert.match(answer.error.message, /The proxy 127\.0\.0\.1:\d+ could not be reached \(ECONNREFUSED\)/u);
    assert.doesNotMatch(answer.error.message, /secret/u);
  });

  it('does not wait for ever for a proxy that says nothing', async () => {
    const { url: proxyUrl, asked } = await proxy({ isSilent: true });
    const [answer] = await ask(connect({ proxyUrl }, { connectTimeoutMs: 150 }));
    assert.ok(answer?.kind === 'failed' && answer.error.reason === 'offline');
    assert.match(answer.error.message, /The proxy 127\.0\.0\.1:\d+ did not answer within 0\.15 s/u);
    assert.equal(asked.length, 1);
  });

  for (const [proxyUrl, message] of [
    ['socks5://127.0.0.1:1080', /kind "socks5"; only http and https proxies are supported/u],
    ['http://me:secret@', /address of the proxy makes no sense/u],
  ] as const) {
    it(`says what is wrong with ${proxyUrl.replace('secret', '…')}`, async () => {
      const [answer] = await ask(connect({ proxyUrl }));
      assert.ok(answer?.kind === 'failed');
      assert.match(answer.error.message, message);
      assert.doesNotMatch(answer.error.message, /secret/u);
    });
  }
});

const secret = Buffer.from('me:pass word').toString('base64');

function ask(source: OsvSource): Promise<readonly Answer[]> {
  return source.query([{ name: normalizeName('requests'), version: '2.19.0' }], new AbortController().signal);
}

function matches(answers: readonly Answer[]): number {
  const [answer] = answers;
  assert.ok(answer?.kind === 'matches', JSON.stringify(answer));
  return answer.matches.length;
}

describe('the bucket of exports', () => {
  it('is reached through the proxy, and the authority of the settings is trusted', async () => {
    const service = await startOsvService({ records: [demoRecords] });
    const proxy = await startConnectProxy();
    const { port } = new URL(service.tlsUrl);
    const network = { proxyUrl: proxy.url, ca: service.ca };
    const url = `https://osv.test:${port}/v1/vulns`;
    const bucket = new Bucket({ url, version: '1.2.3', log: silentLog, network, environment: {} });
    try {
      const text = await bucket.text('PYSEC-2018-28', 1_000_000, new AbortController().signal);
      assert.equal((JSON.parse(text) as { id: string }).id, 'PYSEC-2018-28');
      assert.deepEqual(proxy.asked, [{ target: `osv.test:${port}`, authorization: undefined }]);
    } finally {
      await Promise.all([bucket.close(), proxy.close(), service.close()]);
    }
  });
});
