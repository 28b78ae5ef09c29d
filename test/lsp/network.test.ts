import assert from 'node:assert/strict';
import type { CancellationToken } from 'vscode-languageserver-protocol/node';
import { createEditorFetch } from '../../client/src/editorFetch.ts';
import { serverCommands } from '../../protocol/ids.ts';
import type { FetchParams } from '../../protocol/messages/fetch.ts';
import { networkMethod } from '../../protocol/messages/network.ts';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const uri = 'file:///w/requirements.txt';

describe('the network of a language server', () => {
  let client: TestClient | undefined;

  afterEach(async () => {
    await client?.stop();
    client = undefined;
  });

  describe('whose editor sends', () => {
    const url = 'https://osv.invalid';
    let service: OsvService;

    before(async () => {
      service = await startOsvService({ records: [demoRecords] });
    });
    after(() => service.close());
    afterEach(() => service.reset());

    /** The client's half, which finds `osv.invalid` at the local service. */
    const fetchFor = (services: readonly string[]) => (params: unknown) =>
      createEditorFetch({
        fetch: (address, init) => fetch(address.replace(url, service.url), init),
        services: () => services,
      })(params, new AbortController().signal);

    for (const transport of ['editor', 'auto']) {
      it(`shows what the service says (${transport})`, async () => {
        client = await TestClient.start(nodeEnvironment('1.2.3', ''), {
          settings: { osv: { url }, network: { transport } },
          initializationOptions: { canFetch: true },
          fetch: fetchFor([url]),
        });
        await client.open(uri, 'django==3.2.0\nsix==1.16.0\n');
        const found = await client.waitForDiagnostics(uri, 'the finding', (list) => list.length > 0);
        assert.deepEqual(
          found.map(({ code }) => code),
          ['CVE-2021-35042'],
        );
      });
    }

    it('says so where the editor refuses, and calls nothing clean', async () => {
      client = await TestClient.start(nodeEnvironment('1.2.3', ''), {
        settings: { osv: { url }, network: { transport: 'editor' } },
        initializationOptions: { canFetch: true },
        fetch: fetchFor(['https://other.invalid']),
      });
      await client.open(uri, 'six==1.16.0\n');
      const [found] = await client.waitForDiagnostics(uri, 'the failure', (list) => list.length > 0);
      assert.match(JSON.stringify(found), /editor refused/u);
      assert.equal(service.traffic.log.length, 0);
    });
  });

  describe('is told of by the client', () => {
    let environment: FakeEnvironment;

    async function start(options: ClientOptions): Promise<TestClient> {
      environment = new FakeEnvironment();
      client = await TestClient.start(environment, options);
      return client;
    }

    it('at the start, and when it changes', async () => {
      const network = { proxyUrl: 'http://proxy:8080', noProxy: ['a'], strictSsl: false, authorization: 'Basic x' };
      const started = await start({ initializationOptions: { network } });
      assert.deepEqual(environment.networks, [network]);
      await started.notify(networkMethod, { noProxy: [] });
      await started.settle(uri);
      assert.deepEqual(environment.networks.at(-1), { noProxy: [], strictSsl: true });
      assert.equal(environment.closedEngines, 0, 'what is known was thrown away');
    });

    it('in a way that makes no sense: certificates are checked', async () => {
      await start({ initializationOptions: { network: { proxyUrl: 8080, noProxy: 'a', strictSsl: 'no' } } });
      assert.deepEqual(environment.networks, [{ strictSsl: true }]);
    });

    it('not at all', async () => {
      await start({});
      assert.deepEqual(environment.networks, [{}]);
      assert.equal(environment.access.ask, undefined);
    });
  });

  it('is warmed up when a requirements file opens, and tried at once when a person asks', async () => {
    const environment = new FakeEnvironment();
    client = await TestClient.start(environment, { pull: false });
    await client.open(uri, 'six==1.16.0\n');
    await client.settle(uri);
    environment.timers.elapse(300);
    assert.equal(environment.preconnects, 1);
    assert.equal(environment.resets, 0);
    await client.execute(serverCommands.rescan, { uris: [uri] });
    assert.equal(environment.resets, 1);
  });

  it('tells the editor when nobody waits for its answer any more', async () => {
    const environment = new FakeEnvironment();
    let told: () => void = () => undefined;
    const cancelled = new Promise<void>((resolve) => (told = resolve));
    let begun: () => void = () => undefined;
    const asked = new Promise<void>((resolve) => (begun = resolve));
    client = await TestClient.start(environment, {
      initializationOptions: { canFetch: true },
      fetch: (_params: unknown, token: CancellationToken) =>
        new Promise((resolve) => {
          token.onCancellationRequested(() => {
            told();
            resolve(null);
          });
          begun();
        }),
    });
    const { ask } = environment.access;
    assert.ok(ask);
    const controller = new AbortController();
    const params: FetchParams = { method: 'GET', url: 'https://osv.invalid/', headers: {}, maxBytes: 1 };
    const answer = ask(params, controller.signal);
    await asked;
    const reason = new Error('left');
    controller.abort(reason);
    await assert.rejects(answer, reason);
    await cancelled;
  });
});
