import assert from 'node:assert/strict';
import { serverCommands } from '../../protocol/ids.ts';
import type { RescanResult } from '../../protocol/messages/rescan.ts';
import { assessed, failed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';

describe('a rescan that fails', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    client = await TestClient.start(environment);
    await client.open(uri, 'django==3.2.0\nsix==1.16.0\n');
    await client.waitForStatus('idle', ({ state, vulnerable }) => state === 'idle' && vulnerable === 1);
  });

  afterEach(() => client.stop());

  const rescan = (): Promise<RescanResult> => client.execute(serverCommands.rescan, { uris: [uri] });

  it('says so in its answer, the status, the lines and the hover, though older answers are not old yet', async () => {
    environment.scanner.truth.set('six==1.16.0', failed({ reason: 'offline', message: 'There is no network.' }));
    const result = await rescan();
    assert.equal(result.failed, 1);
    assert.equal(result.vulnerable, 1);
    assert.equal(client.statuses.at(-1)?.state, 'offline');
    assert.deepEqual(
      client.diagnostics(uri)?.map(({ code }) => code),
      ['CVE-2021-35042', 'could-not-check'],
    );
    const { contents } = (await client.hover(uri, 1, 5)) ?? {};
    assert.match(JSON.stringify(contents), /Could not be checked.*What was known before.*Checked/su);
  });

  it('is tried again for what was known, too, and is over as soon as that is answered', async () => {
    environment.scanner.truth.set('six==1.16.0', failed({ reason: 'offline', message: 'There is no network.' }));
    await rescan();
    environment.scanner.truth.delete('six==1.16.0');
    environment.timers.elapse(15_000);
    await client.waitForStatus('idle', ({ state }) => state === 'idle');
    assert.equal(environment.scanner.questions.at(-1)?.again, true);
    assert.deepEqual(
      client.diagnostics(uri)?.map(({ code }) => code),
      ['CVE-2021-35042'],
    );
  });

  it('counts what it did not see: a file that is not there, and an include that was not read', async () => {
    const result = await client.execute<RescanResult>(serverCommands.rescan, { uris: ['file:///project/none.txt'] });
    assert.deepEqual([result.files, result.unread], [0, 1]);
    const other = 'file:///project/dev-requirements.txt';
    await client.open(other, '-r missing.txt\nsix==1.16.0\n');
    await client.waitForDiagnostics(other, 'the include', (found) => found.length === 1);
    const included = await client.execute<RescanResult>(serverCommands.rescan, { uris: [other] });
    assert.deepEqual([included.failed, included.unread], [0, 1]);
  });
});
