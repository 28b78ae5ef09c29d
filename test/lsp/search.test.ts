import assert from 'node:assert/strict';
import { CancellationTokenSource } from 'vscode-languageserver-protocol';
import { serverCommands } from '../../protocol/ids.ts';
import type { RescanResult } from '../../protocol/messages/rescan.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const folder = 'file:///project';
const other = 'file:///other';
const uri = `${folder}/requirements.txt`;

describe('the search of the workspace', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding()]));
    environment.disk.set(uri, 'django==3.2.0\n');
  });

  afterEach(() => client.stop());

  async function start(options: ClientOptions = {}): Promise<void> {
    client = await TestClient.start(environment, {
      folders: [folder],
      initializationOptions: { searchWorkspace: true },
      findings: true,
      ...options,
    });
  }

  const isVulnerable = (): Promise<unknown> =>
    client.waitForStatus('the finding', ({ state, vulnerable }) => state === 'idle' && vulnerable === 1);

  /** The nth search waits after it has listed the files, until it may go on. */
  function holdSearch(nth = 1): { readonly begun: Promise<void>; readonly goOn: () => void } {
    const discover = environment.files.discover.bind(environment.files);
    let begin = (): void => undefined;
    let goOn = (): void => undefined;
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let searches = 0;
    Object.assign(environment.files, {
      discover: async (...args: Parameters<typeof discover>) => {
        const found = await discover(...args);
        if (++searches === nth) {
          begin();
          await held;
        }
        return args[1].signal.aborted ? { uris: [], unread: ['It was not searched to its end.'] } : found;
      },
    });
    return { begun, goOn: () => goOn() };
  }

  /** A file is there, and cannot be read. */
  function lock(file: string): () => void {
    const read = environment.files.read.bind(environment.files);
    Object.assign(environment.files, {
      read: (...args: Parameters<typeof read>) =>
        args[0] === file
          ? Promise.resolve({ kind: 'unreadable', error: `"${file}" could not be read (EACCES).` })
          : read(...args),
    });
    return () => void Object.assign(environment.files, { read });
  }

  it('that is cancelled keeps what was known', async () => {
    await start();
    await isVulnerable();
    const { begun, goOn } = holdSearch();
    const cancel = new CancellationTokenSource();
    const asked = client.execute(serverCommands.rescan, {}, cancel.token).catch(() => undefined);
    await begun;
    cancel.cancel();
    await client.settle(uri);
    goOn();
    await asked;
    await client.settle(uri);
    assert.equal(client.diagnostics(uri)?.length, 1);
    assert.equal(client.statuses.at(-1)?.vulnerable, 1);
    environment.timers.elapse(200);
    await client.settle(uri);
    const { workspace, headline } = client.findings.at(-1) ?? {};
    assert.deepEqual([workspace, headline], [true, 'findings']);
  });

  it('counts what it has found as not checked until that is answered', async () => {
    environment.scanner.holds = true;
    await start();
    const question = await environment.scanner.question(1);
    const asked = question.pins.length > 0 ? question : await environment.scanner.question(2);
    environment.timers.elapse(200);
    const told = await client.waitFor('findings', () => client.findings.find(({ workspace }) => workspace));
    assert.deepEqual([told.files, told.requirements, told.pending, told.headline], [1, 1, 1, 'incomplete']);
    asked.answer();
    await isVulnerable();
  });

  it('searches a folder that is added while it is in progress', async () => {
    environment.disk.set(`${other}/requirements.txt`, 'django==3.2.0\n');
    const { begun, goOn } = holdSearch(2); // the first one is for what storage knows
    await start({ capabilities: { workspace: { workspaceFolders: true } } });
    await begun;
    await client.addFolder(other);
    for (let round = 0; round < 5; round++) {
      await client.settle(uri); // until the settings of the folder are known
    }
    goOn();
    await client.waitForStatus('both findings', ({ state, vulnerable }) => state === 'idle' && vulnerable === 2);
  });

  it('keeps a file that is made while it is in progress', async () => {
    const made = `${folder}/dev-requirements.txt`;
    await start();
    await isVulnerable();
    const { begun, goOn } = holdSearch();
    const asked = client.execute(serverCommands.rescan);
    await begun;
    environment.disk.set(made, 'django==3.2.0\n');
    await client.changeOnDisk(made);
    await client.waitForDiagnostics(made, 'the finding', ({ length }) => length === 1);
    goOn();
    await asked;
    await client.settle(uri);
    assert.equal(client.diagnostics(made)?.length, 1);
  });

  it('finds a file that is made while the first one is in progress', async () => {
    const made = `${folder}/dev-requirements.txt`;
    const { begun, goOn } = holdSearch(2);
    await start();
    await begun;
    environment.disk.set(made, 'django==3.2.0\n');
    await client.changeOnDisk(made);
    await client.settle(uri);
    goOn();
    await client.waitForStatus('both findings', ({ state, vulnerable }) => state === 'idle' && vulnerable === 2);
  });

  it('counts a file that cannot be read in the status and the list of findings', async () => {
    environment.disk.set(uri, 'six==1.16.0\n');
    lock(`${folder}/dev-requirements.txt`);
    environment.disk.set(`${folder}/dev-requirements.txt`, 'django==3.2.0\n');
    await start();
    const status = await client.waitForStatus('an end', ({ state, assessed }) => state === 'idle' && assessed === 1);
    assert.deepEqual([status.headline, status.unread], ['incomplete', 1]);
    environment.timers.elapse(200);
    const told = await client.waitFor('findings', () => client.findings.at(-1));
    assert.deepEqual([told.workspace, told.headline, told.unread], [true, 'incomplete', 1]);
  });

  it('counts a file that can be read no longer, until it can be again', async () => {
    await start();
    await isVulnerable();
    const unlock = lock(uri);
    await client.changeOnDisk(uri);
    await client.waitForStatus('an unread file', ({ headline, unread }) => headline === 'incomplete' && unread === 1);
    unlock();
    await client.changeOnDisk(uri);
    await client.waitForStatus('the finding again', ({ vulnerable, unread }) => vulnerable === 1 && unread === 0);
    environment.disk.delete(uri);
    Object.assign(environment.files, { read: () => Promise.resolve({ kind: 'missing', error: 'There is none.' }) });
    await client.changeOnDisk(uri);
    await client.waitForStatus('nothing', ({ headline, unread }) => headline === 'empty' && unread === 0);
  });

  describe('a rescan', () => {
    beforeEach(async () => {
      await start();
      await isVulnerable();
      environment.scanner.holds = true;
    });

    it('that another one overtakes leaves no requirement out', async () => {
      const asked = environment.scanner.questions.length;
      const first = client.execute<RescanResult>(serverCommands.rescan);
      await environment.scanner.question(asked + 1);
      const second = client.execute<RescanResult>(serverCommands.rescan);
      const { files, requirements, vulnerable, failed } = await first;
      assert.deepEqual([files, requirements, vulnerable, failed], [1, 1, 0, 1]);
      (await environment.scanner.question(asked + 2)).answer();
      assert.deepEqual([(await second).requirements, (await second).vulnerable], [1, 1]);
    });

    it('says of a requirement that was edited meanwhile that it was not checked', async () => {
      await client.open(uri, 'django==3.2.0\n');
      await client.settle(uri);
      const asked = client.execute<RescanResult>(serverCommands.rescan, { uris: [uri] });
      await environment.scanner.question(environment.scanner.questions.length + 1);
      await client.edit(uri, 2, 0, 8, 13, '3.1.0');
      const { requirements, vulnerable, failed } = await asked;
      assert.deepEqual([requirements, vulnerable, failed], [1, 0, 1]);
    });
  });
});
