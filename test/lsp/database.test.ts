import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { serverCommands } from '../../protocol/ids.ts';
import type { DatabaseResult } from '../../protocol/messages/database.ts';
import type { ImportSummary } from '../../server/src/engine/offline/advisoryDatabase.ts';
import { noon } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { TestClient } from '../support/lspHarness.ts';

const uri = 'file:///project/requirements.txt';

const summary: ImportSummary = {
  written: 7,
  older: 1,
  problems: Array.from({ length: 30 }, (_, number) => ({ where: `line ${number}`, message: 'is\u202e not JSON' })),
  setAside: undefined,
  status: {
    path: '/db/advisories.sqlite',
    records: 9,
    withdrawn: 0,
    packages: 3,
    newestModified: '',
    importedAt: noon,
    currentAt: noon,
    ageSeconds: 0,
    bytes: 1,
  },
};

describe('local database by way of the language server', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(() => (environment = new FakeEnvironment()));
  afterEach(() => client.stop());

  const start = async (mode: string): Promise<void> => {
    const capabilities = { window: { workDoneProgress: true } };
    client = await TestClient.start(environment, { settings: { offline: { mode } }, capabilities });
    await client.open(uri, 'six==1.0\n');
    await environment.scanner.question(1);
  };
  const wanted = (): Promise<FakeEnvironment['databaseChanges'][number]> =>
    client.waitFor('the change to begin', () => environment.databaseChanges[0]);

  /** The wish reaches the environment without a message to the client, so a request is waited for. */
  const begin = async (command: string, argument?: object, token?: CancellationTokenSource['token']) => {
    const result = client.execute<DatabaseResult>(command, argument, token);
    result.catch(() => undefined);
    await client.settle(uri);
    return { result, change: await wanted() };
  };

  for (const [mode, engines] of [
    ['offline', 2],
    ['fallback', 2],
    ['online', 1],
  ] as const) {
    it(`is updated, and ${engines === 2 ? 'asked anew' : 'nothing is asked of it'} (${mode})`, async () => {
      await start(mode);
      const before = environment.engines.length;
      const { result, change } = await begin(serverCommands.updateDatabase);
      assert.deepEqual(change.wish, { kind: 'update' });
      change.finish(summary);
      const { database, problems, written, older } = await result;
      assert.deepEqual([written, older, database.records, problems.count, problems.first.length], [7, 1, 9, 30, 20]);
      assert.equal(problems.first[0], 'line 0 is not JSON');
      assert.equal(database.currentAt, new Date(noon).toISOString());
      await client.settle(uri);
      assert.equal(environment.engines.length - before, engines - 1);
      assert.equal(environment.closedEngines, environment.engines.length - 1);
      assert.equal(environment.scanner.questions.length, engines);
    });
  }

  it('shows its progress once it takes long, and can be cancelled there', async () => {
    await start('offline');
    const { result, change } = await begin(serverCommands.importDatabase, { uri: 'file:///a.zip' });
    assert.deepEqual(change.wish, { kind: 'import', uri: 'file:///a.zip' });
    environment.timers.elapse(1_000);
    const shown = await client.waitFor('progress', () => client.progress[0]);
    change.options.onProgress('imported 5000 records');
    await client.waitFor('news', () => client.progress.find(({ value }) => value.message === 'imported 5000 records'));
    await client.cancelProgress(shown.token);
    await assert.rejects(result, /cancelled/u);
    assert.equal(change.options.signal.aborted, true);
    await client.waitFor('the end', () => client.progress.find(({ value }) => value.kind === 'end'));
  });

  it('is left alone when the request is cancelled', async () => {
    await start('offline');
    const source = new CancellationTokenSource();
    const { result, change } = await begin(serverCommands.updateDatabase, undefined, source.token);
    source.cancel();
    await assert.rejects(result, /The database is unchanged|cancelled/u);
    assert.equal(change.options.signal.aborted, true);
  });

  it('says what went wrong', async () => {
    await start('offline');
    const { result, change } = await begin(serverCommands.updateDatabase);
    change.fail(new Error('Another process writes.'));
    await assert.rejects(result, /Another process writes\./u);
  });

  it('stops its change when the server shuts down', async () => {
    await start('offline');
    const { change } = await begin(serverCommands.updateDatabase);
    await client.stop();
    assert.equal(change.options.signal.aborted, true);
    client = await TestClient.start(new FakeEnvironment());
  });
});
