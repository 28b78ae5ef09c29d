import assert from 'node:assert/strict';
import { createEditorFetch, type EditorFetchOptions } from '../../../client/src/editorFetch.ts';
import { networkSettings } from '../../../client/src/networkSettings.ts';
import type { FetchParams, FetchResult } from '../../../protocol/messages/fetch.ts';
import { type OsvService, startOsvService } from '../../osv-service/osvService.ts';
import { demoRecords } from '../../support/demoRecords.ts';

const signal = new AbortController().signal;

describe("the editor's fetch", () => {
  let service: OsvService;

  before(async () => {
    service = await startOsvService({ records: [demoRecords], gzip: true });
  });
  after(() => service.close());
  afterEach(() => service.reset());

  const request = (changes: Partial<FetchParams> = {}): FetchParams => ({
    method: 'GET',
    url: `${service.url}/v1/vulns/PYSEC-2018-28`,
    headers: { accept: 'application/json', 'user-agent': 'pinwatch/1.2.3' },
    maxBytes: 1_000_000,
    ...changes,
  });
  const send = (params: unknown, services = [service.url]): Promise<FetchResult> =>
    createEditorFetch({ fetch: globalThis.fetch, services: () => services })(params, signal);

  it('gets a record, unpacked, and says who asks', async () => {
    const result = await send(request());
    assert.ok(result.kind === 'answer' && result.status === 200);
    assert.equal((JSON.parse(result.text) as { id: string }).id, 'PYSEC-2018-28');
    assert.equal(service.traffic.log[0]?.headers['user-agent'], 'pinwatch/1.2.3');
  });

  it('posts a batch', async () => {
    const body = JSON.stringify({ queries: [{ package: { name: 'six', ecosystem: 'PyPI' }, version: '1.0' }] });
    const result = await send(request({ method: 'POST', url: `${service.url}/v1/querybatch`, body }));
    assert.ok(result.kind === 'answer');
    assert.deepEqual(JSON.parse(result.text), { results: [{}] });
  });

  it('hands bytes over in base64 where it is asked to, an error as the text that it is', async () => {
    const record = await send(request({ bodyAs: 'base64' }));
    assert.ok(record.kind === 'answer');
    const text = Buffer.from(record.text, 'base64').toString();
    assert.equal((JSON.parse(text) as { id: string }).id, 'PYSEC-2018-28');
    const missing = await send(request({ bodyAs: 'base64', url: `${service.url}/v1/vulns/PYSEC-1999-1` }));
    assert.ok(missing.kind === 'answer' && missing.status === 404);
    assert.match(missing.text, /[{ ]/u);
  });

  it('sends none but the usual headers', async () => {
    await send(request({ headers: { accept: 'a', cookie: 'b', authorization: 'c', 'x-other': 'd' } }));
    const { headers } = service.traffic.log[0] ?? assert.fail('nothing was sent');
    assert.equal(headers.accept, 'a');
    for (const name of ['cookie', 'authorization', 'x-other']) {
      assert.equal(headers[name], undefined);
    }
  });

  describe('refuses', () => {
    const base = 'https://osv.example/api';
    for (const url of [
      'https://evil.example/api/v1/query',
      'https://osv.example.evil.example/api/v1/query',
      'https://osv.example:8443/api/v1/query',
      'https://osv.example/other',
      'https://osv.example/apiary/v1/query',
      'https://osv.example/api/../other',
      'https://osv.example/api/%2e%2e/other',
      'https://osv.example/api/..%2fother',
      'https://me:secret@osv.example/api/v1/query',
      'http://osv.example/api/v1/query',
      'file:///etc/passwd',
      '/api/v1/query',
      '',
    ]) {
      it(`the address ${url}`, async () => {
        assert.equal(kindOf(await refusing(request({ url }), [base])), 'refused');
      });
    }

    it('plain http to another machine, even where the settings name it', async () => {
      const url = 'http://osv.example/v1/query';
      assert.equal(kindOf(await refusing(request({ url }), ['http://osv.example'])), 'refused');
    });

    for (const [name, params] of [
      ['another method', { method: 'DELETE' }],
      ['a GET with a body', { body: 'x' }],
      ['a body that is no text', { method: 'POST', body: { a: 1 } }],
      ['no headers', { headers: null }],
      ['no limit', { maxBytes: undefined }],
      ['a limit that is no number', { maxBytes: NaN }],
      ['a huge body', { method: 'POST', body: 'x'.repeat(5 * 1024 * 1024) }],
    ] as const) {
      it(name, async () => {
        assert.equal(kindOf(await refusing({ ...request(), ...params }, [service.url])), 'refused');
      });
    }

    for (const params of [undefined, null, 'x', []]) {
      it(`${JSON.stringify(params)} for a request`, async () => {
        assert.equal(kindOf(await refusing(params, [service.url])), 'refused');
      });
    }

    function refusing(params: unknown, services: readonly string[]): Promise<FetchResult> {
      const fetch: EditorFetchOptions['fetch'] = () => assert.fail('it was sent');
      return createEditorFetch({ fetch, services: () => services })(params, signal);
    }
  });

  it('follows no redirect', async () => {
    service.faults.set('vulns', { kind: 'status', status: 302, location: 'https://login.example/' });
    const result = await send(request());
    assert.ok(result.kind === 'answer');
    assert.deepEqual([result.status, result.location], [302, 'https://login.example/']);
    assert.equal(service.traffic.log.length, 1);
  });

  it('takes a redirect that a browser hides for one', async () => {
    const hidden = { type: 'opaqueredirect', status: 0, body: null, headers: new Headers() } as Response;
    const send = createEditorFetch({ fetch: () => Promise.resolve(hidden), services: () => [service.url] });
    const result = await send(request(), signal);
    assert.ok(result.kind === 'answer' && result.status === 302);
  });

  it('hands over what a busy service asks for', async () => {
    service.faults.set('vulns', { kind: 'status', status: 429, retryAfter: 7 });
    const result = await send(request());
    assert.ok(result.kind === 'answer');
    assert.deepEqual([result.status, result.retryAfter], [429, '7']);
  });

  for (const fault of [
    { kind: 'hugeBody', bytes: 2_000_000 },
    { kind: 'gzipBomb', bytes: 200_000_000 },
  ] as const) {
    it(`holds no more than is allowed (${fault.kind})`, async () => {
      service.faults.set('vulns', fault);
      assert.equal(kindOf(await send(request())), 'tooLarge');
    });
  }

  it('says which way the network failed', async () => {
    service.faults.set('vulns', { kind: 'reset' });
    const result = await send(request());
    assert.ok(result.kind === 'failed' && result.reason === 'network');
    assert.ok(result.code === 'UND_ERR_SOCKET' || result.code === 'ECONNRESET', result.code);
  });

  it('stops when it is asked to', async () => {
    service.faults.set('vulns', { kind: 'stall' });
    const controller = new AbortController();
    const fetching = createEditorFetch({ fetch: globalThis.fetch, services: () => [service.url] })(
      request(),
      controller.signal,
    );
    await service.waitFor(({ requests }) => requests.vulns === 1);
    controller.abort();
    assert.equal(kindOf(await fetching), 'network');
    await service.waitFor(({ answers }) => answers.some(({ end }) => end === 'abandoned'));
  });
});

describe('the network settings of the editor', () => {
  const from = (values: Readonly<Record<string, unknown>>) => networkSettings((key) => values[key]);

  it('are handed over', () => {
    assert.deepEqual(
      from({ proxy: 'http://p:8080', noProxy: ['a', 1, 'b'], proxyStrictSSL: false, proxyAuthorization: 'Basic x' }),
      { proxyUrl: 'http://p:8080', noProxy: ['a', 'b'], strictSsl: false, authorization: 'Basic x' },
    );
  });

  it('name no proxy where there is none, and check certificates unless told otherwise', () => {
    assert.deepEqual(from({ proxy: '', proxyStrictSSL: undefined, proxyAuthorization: null }), {
      noProxy: [],
      strictSsl: true,
    });
  });

  it('leave out every proxy where proxies are switched off', () => {
    assert.deepEqual(from({ proxy: 'http://p', proxySupport: 'off' }).noProxy, ['*']);
  });
});

function kindOf(result: FetchResult): string {
  return result.kind === 'failed' ? result.reason : result.kind;
}
