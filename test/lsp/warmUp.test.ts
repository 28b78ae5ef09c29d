import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverCommands } from '../../protocol/ids.ts';
import type { Statistics } from '../../protocol/messages/figures/statistics.ts';
import { nodeEnvironment } from '../../server/src/main/nodeEnvironment.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { FakeEnvironment } from '../support/fakeEnvironment.ts';
import { locked } from '../support/locked.ts';
import { TestClient } from '../support/lspHarness.ts';

describe('files of the workspace that are not open', () => {
  describe('over real storage', () => {
    let service: OsvService;
    let root: string;
    let client: TestClient | undefined;

    before(async () => {
      service = await startOsvService({ records: [demoRecords] });
    });
    after(() => service.close());
    beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-warm-'))));
    afterEach(async () => {
      await client?.stop();
      client = undefined;
      service.reset();
      rmSync(root, { recursive: true, force: true });
    });

    const write = (folder: string, text: string): string => {
      const file = path.join(root, 'project', folder, 'requirements.txt');
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, text);
      return pathToFileURL(file).href;
    };
    const start = async (): Promise<TestClient> => {
      client = await TestClient.start(nodeEnvironment('1.2.3', ''), {
        settings: { osv: { url: service.url }, index: { url: 'none' }, network: { transport: 'direct' } },
        folders: [pathToFileURL(path.join(root, 'project')).href],
        initializationOptions: { storagePath: path.join(root, 'storage') },
      });
      return client;
    };

    it('show what storage knows of them on the first keystroke, and nobody is asked about them', async () => {
      const open = write('open', 'django==3.2.0\n');
      const other = write('other', 'requests==2.19.0\n');
      const first = await start();
      await first.execute(serverCommands.rescan, { uris: [open, other] });
      await first.stop();
      service.reset();
      write('unknown', 'six==1.16.0\n');

      const second = await start();
      await second.open(open, 'django==3.2.0\n');
      await second.waitForDiagnostics(open, 'what is known of the open file', (found) => found.length > 0);
      const entries = async (): Promise<number> =>
        (await second.execute<Statistics>(serverCommands.statistics)).cache.memory.entries;
      while ((await entries()) < 4); // an answer and a package for each of the two files
      await second.open(other, 'requests==2.19.0\n');
      await second.settle(other);
      const [shown] = second.published.filter((published) => published.uri === other);
      assert.ok((shown?.diagnostics.length ?? 0) > 0, 'the first that is published of it is complete');
      assert.deepEqual(service.traffic.log, []);
    });
  });

  describe('among others', () => {
    let environment: FakeEnvironment;
    let client: TestClient;
    const folder = 'file:///project';
    const uri = `${folder}/requirements.txt`;

    beforeEach(() => {
      environment = new FakeEnvironment();
      environment.disk.set(`${folder}/dev/requirements.txt`, 'six==1.16.0\nacme-core==1.0\n');
    });
    afterEach(() => client.stop());

    const open = async (settings: object): Promise<void> => {
      client = await TestClient.start(environment, { settings, folders: [folder] });
      await client.open(uri, 'django==3.2.0\n');
      await environment.scanner.question(1);
      await client.settle(uri);
    };

    it('are looked up once the open one was served, without private names', async () => {
      environment.scanner.holds = true;
      await open({ privacy: { privatePackages: ['acme-*'] } });
      assert.deepEqual(environment.scanner.recalled, []);
      environment.scanner.questions[0]?.answer();
      await client.waitFor('the end of the scan', () => (client.statuses.at(-1)?.state === 'idle' ? true : undefined));
      await client.settle(uri);
      assert.deepEqual(environment.scanner.recalled, ['six==1.16.0']);
      assert.equal(environment.scanner.questions.length, 1);
    });

    it('are looked up by the versions that locks decide', async () => {
      const other = `${folder}/dev/requirements.txt`;
      environment.disk.set(other, 'flask>=1\nsix\n');
      environment.locks.set(other, [locked('lock', 'uv.lock', { flask: '2.0' })]);
      await open({});
      await client.waitFor('the end of the scan', () => (client.statuses.at(-1)?.state === 'idle' ? true : undefined));
      await client.settle(uri);
      assert.deepEqual(environment.scanner.recalled, ['flask==2.0', 'six ']);
    });

    it('are left alone where Pinwatch is switched off', async () => {
      client = await TestClient.start(environment, { settings: { enable: false }, folders: [folder] });
      await client.open(uri, 'django==3.2.0\n');
      await client.settle(uri);
      assert.deepEqual(environment.scanner.recalled, []);
    });
  });
});
