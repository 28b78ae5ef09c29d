import assert from 'node:assert/strict';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';

describe('policies in the editor', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  const waitForCodes = (expected: readonly unknown[], of = uri) =>
    client.waitForDiagnostics(of, expected.join(', '), (found) => {
      return JSON.stringify(found.map(({ code }) => code)) === JSON.stringify(expected);
    });

  beforeEach(() => {
    environment = new FakeEnvironment();
  });

  afterEach(() => client.stop());

  it('draw what is not wanted at its line, follow edits and other settings, and change no count', async () => {
    client = await TestClient.start(environment, {
      settings: { policy: { packages: [{ package: 'django', versions: '<4.2' }] } },
    });
    await client.open(uri, 'six==1.16.0\ndjango==4.1.0\n');
    const [drawn] = await waitForCodes(['policy-package']);
    assert.deepEqual(drawn?.range, { start: { line: 1, character: 8 }, end: { line: 1, character: 13 } });
    assert.equal(drawn?.severity, 1);
    const status = await client.waitForStatus('idle', ({ state }) => state === 'idle');
    assert.deepEqual([status.vulnerable, status.failed], [0, 0]);
    await client.edit(uri, 2, 1, 10, 11, '2');
    await waitForCodes([]);
    await client.changeSettings({ policy: { packages: [{ package: 'six', level: 'warning' }] } });
    const [other] = await waitForCodes(['policy-package']);
    assert.equal(other?.severity, 2);
  });

  it('say that a policy cannot be read, and hold none of it', async () => {
    client = await TestClient.start(environment, { settings: { policy: { packages: [{ name: 'django' }] } } });
    await client.waitFor('a warning', () => client.logged.find((text) => text.includes('pinwatch.policy.packages')));
  });
});
