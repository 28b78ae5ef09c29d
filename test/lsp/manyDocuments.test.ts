import assert from 'node:assert/strict';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const count = 300;

describe('documents opened and closed all day', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(async () => {
    environment = new FakeEnvironment();
    client = await TestClient.start(environment, {});
  });
  afterEach(() => client.stop());

  it('leave no timer, no diagnostics and nothing that is being checked', async () => {
    const other = 'file:///project/other/requirements.txt';
    await client.open(other, 'six==1.0\n');
    await client.waitForDiagnostics(other, 'those of the other file', () => true);
    await client.settle(other);
    const before = environment.timers.delaysMs.length;
    for (let index = 0; index < count; index++) {
      const uri = `file:///project/${index % 7}/requirements.txt`;
      await client.open(uri, `package-${index}==1.0\n`);
      await client.edit(uri, 2, 0, 0, 0, '#');
      await client.close(uri);
    }
    await client.settle(other);
    const { length } = environment.timers.delaysMs;
    // What draws views and packs memory waits once, however many there were.
    assert.ok(length <= before + 3, `${before} timers before, ${length} after`);
    for (let index = 0; index < 7; index++) {
      assert.deepEqual(client.diagnostics(`file:///project/${index}/requirements.txt`) ?? [], []);
    }
    assert.equal(client.statuses.at(-1)?.checking ?? 0, 0);
  });
});
