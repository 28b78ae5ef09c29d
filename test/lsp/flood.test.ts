import assert from 'node:assert/strict';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';

describe('a flood of edits', () => {
  let environment: FakeEnvironment;
  let client: TestClient;
  let turns: (() => void)[];

  beforeEach(async () => {
    environment = new FakeEnvironment();
    turns = [];
    client = await TestClient.start(environment, {});
    await client.open(uri, 'six==\n');
    await client.waitForDiagnostics(uri, 'those of the first version', () => true);
    environment.timers.nextTurn = (call) => void turns.push(call);
  });
  afterEach(() => client.stop());

  const versions = (): readonly (number | undefined)[] =>
    client.published.filter((one) => one.uri === uri).map(({ version }) => version);
  /** The next turn, and what follows from it. */
  const turn = async (): Promise<void> => {
    turns.splice(0).forEach((call) => call());
    await client.settle(uri);
  };

  it('is shown as it is when nothing more comes, and not for each edit but the first', async () => {
    for (let version = 2; version <= 50; version++) {
      await client.edit(uri, version, 0, 5, 5, '1');
      await client.settle(uri);
      if (version % 10 === 0) {
        turns.splice(0).forEach((call) => call());
      }
    }
    const before = versions().length;
    assert.deepEqual([...new Set(versions())], [1, 2]);
    while (turns.length > 0) {
      await turn();
    }
    assert.equal(versions().at(-1), 50);
    assert.equal(versions().length, before + 1);
    await client.edit(uri, 51, 0, 5, 5, '1');
    await client.settle(uri);
    assert.equal(versions().at(-1), 51, 'and so is the next one, at once');
  });

  it('leaves nothing to be shown of a file that is switched off meanwhile', async () => {
    await client.edit(uri, 2, 0, 5, 5, ' # ');
    await client.edit(uri, 3, 0, 6, 6, 'x');
    await client.settle(uri);
    assert.ok(turns.length > 0, 'the last edit is still to be shown');
    await client.changeSettings({ enable: false });
    await client.settle(uri);
    while (turns.length > 0) {
      await turn();
    }
    assert.deepEqual(client.diagnostics(uri), []);
  });

  it('is no reason to keep quiet about a file that is closed and opened again as it was', async () => {
    await client.close(uri);
    await client.open(uri, 'six==\n');
    await client.settle(uri);
    assert.equal(versions().at(-1), 1);
  });

  it('leaves nothing to be shown of a file that is closed meanwhile', async () => {
    await client.edit(uri, 2, 0, 5, 5, '1');
    await client.edit(uri, 3, 0, 5, 5, '1');
    await client.close(uri);
    await client.settle(uri);
    while (turns.length > 0) {
      await turn();
    }
    assert.deepEqual(client.published.filter((one) => one.uri === uri).at(-1)?.diagnostics, []);
    assert.equal(client.published.filter((one) => one.uri === uri).at(-1)?.version, undefined);
  });
});
