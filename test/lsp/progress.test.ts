import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-languageserver-protocol';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { longestMs as untilOldMs } from '../../server/src/lsp/publish/ageWatch.ts';
import { TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';
const showing = { capabilities: { window: { workDoneProgress: true } } };

describe('language server, progress', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.holds = true;
  });

  afterEach(() => client.stop());

  /** Opens a file whose scan takes long, and waits until it is shown. */
  async function openAndWait(): Promise<number | string> {
    client = await TestClient.start(environment, showing);
    await client.open(uri, 'django==3.2.0\nsix==1.16.0\n');
    await environment.scanner.question(1);
    environment.timers.elapse(1000);
    const { token, value } = await client.waitFor('progress', () => client.progress[0]);
    assert.deepEqual(value, {
      kind: 'begin',
      title: 'Pinwatch',
      message: 'Checking 2 requirements',
      cancellable: true,
    });
    return token;
  }

  const kinds = () => client.progress.map(({ value }) => value.kind);

  it('shows a scan that takes longer than a second, and its end', async () => {
    await openAndWait();
    (await environment.scanner.question(1)).answer();
    await client.waitFor('the end', () => (kinds().length === 2 ? true : undefined));
    assert.deepEqual(kinds(), ['begin', 'end']);
  });

  it('shows no scan that is over sooner, and none to a client that cannot show it', async () => {
    client = await TestClient.start(environment, showing);
    await client.open(uri, 'django==3.2.0\n');
    (await environment.scanner.question(1)).answer();
    await client.waitForStatus('idle', ({ state }) => state === 'idle');
    environment.timers.elapse(1000);
    await client.settle(uri);
    assert.deepEqual(client.asked, []);
    await client.stop();

    client = await TestClient.start(environment);
    await client.open(uri, 'flask==1.0\n');
    const question = await environment.scanner.question(2);
    environment.timers.elapse(1000);
    await client.settle(uri);
    assert.deepEqual(client.asked, []);
    question.answer();
  });

  it('stops when cancelled, and says of every line without an answer that it was not checked', async () => {
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    environment.scanner.holds = false;
    client = await TestClient.start(environment, showing);
    await client.open(uri, 'django==3.2.0\n');
    await client.waitForDiagnostics(uri, 'a finding', (found) => found.length === 1);
    environment.scanner.holds = true;
    await client.edit(uri, 2, 1, 0, 0, 'six==1.16.0\n');
    await client.settle(uri);
    environment.timers.elapse(300);
    const question = await environment.scanner.question(2);
    environment.timers.elapse(1000);
    const { token } = await client.waitFor('progress', () => client.progress[0]);

    await client.cancelProgress(token);
    const found = await client.waitForDiagnostics(uri, 'the failure', (diagnostics) => diagnostics.length === 2);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['CVE-2021-35042', 'could-not-check'],
    );
    assert.match(JSON.stringify(found[1]?.message), /six 1\.16\.0 could not be checked: The check was cancelled/u);
    assert.ok(question.signal.aborted);
    const status = await client.waitForStatus('not idle', ({ state }) => state !== 'scanning');
    assert.deepEqual([status.state, status.failed], ['degraded', 1]);
    await client.waitFor('the end', () => (kinds().at(-1) === 'end' ? true : undefined));
    assert.deepEqual(environment.timers.delaysMs, [600_000, untilOldMs], 'it does not start again soon');
  });

  it('says the same where a rescan is cancelled by the one who asked for it', async () => {
    client = await TestClient.start(environment);
    await client.open(uri, 'six==1.16.0\n');
    await environment.scanner.question(1);
    const cancellation = new CancellationTokenSource();
    const rescan = client.execute('pinwatch.server.rescan', { uris: [uri] }, cancellation.token);
    const question = await environment.scanner.question(2);
    cancellation.cancel();
    await assert.rejects(rescan, /cancelled/u);
    assert.ok(question.signal.aborted);
    const [diagnostic] = await client.waitForDiagnostics(uri, 'the failure', (found) => found.length === 1);
    assert.equal(diagnostic?.code, 'could-not-check');
    await client.waitForStatus('not idle', ({ state }) => state === 'degraded');
  });

  it('keeps what the service had named by the time it was cancelled', async () => {
    environment.scanner.named.set('django==3.2.0', assessed([finding({ missingDetails: ['PYSEC-2021-109'] })]));
    await openAndWait();
    const [shown] = client.progress;
    await client.cancelProgress(shown?.token ?? assert.fail());
    const found = await client.waitForDiagnostics(uri, 'both', (diagnostics) => diagnostics.length === 2);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['CVE-2021-35042', 'could-not-check'],
    );
    const status = await client.waitForStatus('not idle', ({ state }) => state !== 'scanning');
    assert.deepEqual([status.vulnerable, status.failed], [1, 1]);
  });

  it('ends when the file is closed', async () => {
    await openAndWait();
    await client.close(uri);
    await client.waitFor('the end', () => (kinds().at(-1) === 'end' ? true : undefined));
  });
});
