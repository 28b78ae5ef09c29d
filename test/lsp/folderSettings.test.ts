import assert from 'node:assert/strict';
import { serverCommands } from '../../protocol/ids.ts';
import { assessed, finding } from '../support/builders.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { type ClientOptions, TestClient } from '../support/lspHarness.ts';

const shop = 'file:///project/shop';
const tools = 'file:///project/tools';
const inner = 'file:///project/shop/inner';
const fileIn = (folder: string): string => `${folder}/requirements.txt`;
const capabilities = { workspace: { workspaceFolders: true } };

describe('language server, settings of folders', () => {
  let environment: FakeEnvironment;
  let client: TestClient;

  async function start(options: ClientOptions): Promise<void> {
    client = await TestClient.start(environment, { capabilities, ...options });
  }

  /** Every pin that was ever asked about. */
  const asked = () => [...new Set(environment.scanner.questions.flatMap(({ pins }) => pins))].sort();

  beforeEach(() => {
    environment = new FakeEnvironment();
    environment.scanner.truth.set('django==3.2.0', assessed([finding({ severity: 'low' })]));
  });

  afterEach(() => client.stop());

  it('decide what each folder shows and never sends; the innermost folder wins', async () => {
    await start({
      folders: [shop, tools, inner],
      folderSettings: {
        [shop]: { privacy: { privatePackages: ['acme-*'] } },
        [tools]: { diagnostics: { minimumSeverity: 'high' } },
      },
    });
    for (const folder of [shop, tools, inner]) {
      await client.open(fileIn(folder), `django==3.2.0\nacme-${folder.at(-1)}==1.0\n`);
    }
    await client.waitForDiagnostics(fileIn(shop), 'a finding', (found) => found.length === 1);
    await client.waitForDiagnostics(fileIn(inner), 'a finding', (found) => found.length === 1);
    await client.waitForStatus('idle', ({ state }) => state === 'idle');
    assert.deepEqual(asked(), ['acme-r==1.0', 'acme-s==1.0', 'django==3.2.0']);
    assert.deepEqual(client.diagnostics(fileIn(tools)), []);
  });

  it('send nothing before every folder has said what is private', async () => {
    await start({
      folders: [shop, tools],
      folderSettings: { [shop]: { privacy: { privatePackages: ['acme-*'] } } },
      initializationOptions: { settings: { pinwatch: { enable: true } } },
    });
    await client.open(fileIn(shop), 'acme-core==1.0\nsix==1.16.0\n');
    await client.waitForStatus('idle', ({ state, skipped }) => state === 'idle' && skipped === 1);
    assert.deepEqual(asked(), ['six==1.16.0']);
  });

  it('say once in the log who answers, though the settings come in two parts', async () => {
    await start({
      folders: [shop],
      folderSettings: { [shop]: { privacy: { privatePackages: ['acme-*'] } } },
      initializationOptions: { settings: { pinwatch: { enable: true } } },
    });
    await client.open(fileIn(shop), 'acme-core==1.0\n');
    await client.waitForStatus('idle', ({ state, skipped }) => state === 'idle' && skipped === 1);
    assert.equal(client.logged.filter((line) => line.includes('Advisories come from')).length, 1);
  });

  it('decide nothing that all folders share', async () => {
    await start({
      folders: [shop],
      settings: { osv: { url: 'https://osv.example' } },
      folderSettings: { [shop]: { osv: { url: 'https://evil.example' }, scan: { debounceMilliseconds: 0 } } },
    });
    await client.open(fileIn(shop), 'django==3.2.0\n');
    await client.waitForDiagnostics(fileIn(shop), 'a finding', (found) => found.length === 1);
    assert.deepEqual(
      new Set(environment.engines.map(({ osvUrl }) => osvUrl).slice(1)),
      new Set(['https://osv.example']),
    );
    await client.edit(fileIn(shop), 2, 1, 0, 0, 'six==1.0\n');
    await client.settle(fileIn(shop));
    assert.ok(environment.timers.delaysMs.includes(300));
  });

  it('are asked for again when they change', async () => {
    await start({ folders: [shop, tools], folderSettings: { [shop]: { enable: false } } });
    await client.open(fileIn(shop), 'django==3.2.0\n');
    await client.open(fileIn(tools), 'django==3.2.0\n');
    await client.waitForDiagnostics(fileIn(tools), 'a finding', (found) => found.length === 1);
    assert.deepEqual(client.diagnostics(fileIn(shop)) ?? [], []);
    await client.changeSettings({}, { [tools]: { enable: false } });
    await client.waitForDiagnostics(fileIn(shop), 'a finding', (found) => found.length === 1);
    await client.waitForDiagnostics(fileIn(tools), 'none', (found) => found.length === 0);
  });

  it('hold a new folder back until it is known, and forget one that is gone', async () => {
    await start({ folders: [shop], folderSettings: { [tools]: { privacy: { privatePackages: ['acme-*'] } } } });
    await client.open(fileIn(shop), 'django==3.2.0\n');
    await client.waitForDiagnostics(fileIn(shop), 'a finding', (found) => found.length === 1);
    // Sent in one go: the server has the file before the folder's settings.
    await Promise.all([client.addFolder(tools), client.open(fileIn(tools), 'acme-core==1.0\nsix==1.16.0\n')]);
    await client.waitForStatus('idle', ({ state, skipped }) => state === 'idle' && skipped === 1);
    assert.deepEqual(asked(), ['django==3.2.0', 'six==1.16.0']);
    await client.removeFolder(tools);
    await client.waitForStatus('idle', ({ state, skipped }) => state === 'idle' && skipped === 0);
    assert.ok(asked().includes('acme-core==1.0'));
  });

  it('hold for a folder that joins a workspace that was searched; what was found goes with a folder that leaves', async () => {
    environment.disk.set(fileIn(shop), 'django==3.2.0\n');
    environment.disk.set(fileIn(tools), 'django==3.2.0\nacme-core==1.0\n');
    await start({ folders: [shop], folderSettings: { [tools]: { privacy: { privatePackages: ['acme-*'] } } } });
    await client.execute(serverCommands.rescan);
    await client.waitForDiagnostics(fileIn(shop), 'a finding', (found) => found.length === 1);
    await client.addFolder(tools);
    await client.waitForDiagnostics(fileIn(tools), 'a finding', (found) => found.length === 1);
    assert.deepEqual(asked(), ['django==3.2.0']);
    await client.removeFolder(tools);
    await client.waitForDiagnostics(fileIn(tools), 'none', (found) => found.length === 0);
    assert.equal(client.diagnostics(fileIn(shop))?.length, 1);
  });

  it('search a workspace that was not searched before only when that is asked for', async () => {
    environment.disk.set(fileIn(tools), 'django==3.2.0\n');
    await start({ folders: [shop] });
    await client.open(fileIn(shop), 'django==3.2.0\n');
    await client.addFolder(tools);
    const opened = `${tools}/requirements-dev.txt`;
    await client.open(opened, 'django==3.2.0\n'); // looked at once its folder's settings are known: a search would begin then
    await client.waitForDiagnostics(opened, 'a finding', (found) => found.length === 1);
    await client.removeFolder(shop);
    await client.settle(opened);
    assert.equal(client.diagnostics(fileIn(tools)), undefined);
    await client.stop();
    await start({ folders: [tools], initializationOptions: { searchWorkspace: true } });
    await client.waitForDiagnostics(fileIn(tools), 'a finding', (found) => found.length === 1);
  });

  it('name a bad value once, whatever the number of folders', async () => {
    const bad = { scan: { debounceMilliseconds: 'soon' } };
    await start({ folders: [shop, tools], settings: bad });
    await client.open(fileIn(shop), 'django==3.2.0\n');
    await client.waitForDiagnostics(fileIn(shop), 'a finding', (found) => found.length === 1);
    assert.equal(client.logged.filter((line) => line.includes('debounceMilliseconds')).length, 1);
  });

  it('cannot lift the block of an unusable list of private names by a mode that only the window decides', async () => {
    await start({
      folders: [shop],
      folderSettings: { [shop]: { offline: { mode: 'offline' }, privacy: { privatePackages: 'acme-*' } } },
    });
    await client.open(fileIn(shop), 'acme-core==1.0\n');
    await client.waitForStatus('what failed', ({ failed }) => failed === 1);
    assert.deepEqual(asked(), []);
  });
});
