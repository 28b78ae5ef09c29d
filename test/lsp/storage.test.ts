import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serverCommands } from '../../protocol/ids.ts';
import type { Health } from '../../protocol/messages/figures/health.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { ServerProcess } from '../support/serverProcess.ts';

const uri = 'file:///w/requirements.txt';

describe('language server without a storage that it can use', function () {
  this.timeout(20_000);
  let service: OsvService;
  let root: string;
  let server: ServerProcess | undefined;

  before(async () => {
    service = await startOsvService({ records: [demoRecords] });
  });
  after(() => service.close());
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-storage-'))));
  afterEach(async () => {
    await server?.kill();
    server = undefined;
    rmSync(root, { recursive: true, force: true });
  });

  const places: Readonly<Record<string, { readonly make: () => string; readonly why: RegExp; readonly posix?: true }>> =
    {
      'a folder that cannot be made': {
        make: () => {
          writeFileSync(path.join(root, 'file'), '');
          return path.join(root, 'file', 'x');
        },
        why: /cannot be used/u,
      },
      'a folder below /proc': {
        make: () => (existsSync('/proc/self') ? '/proc/x/y' : path.join(root, 'n'.repeat(1000))),
        why: /cannot be used/u,
      },
      'a folder that others can write to': {
        make: () => {
          const folder = path.join(root, 'open');
          mkdirSync(folder);
          chmodSync(folder, 0o777);
          return folder;
        },
        why: /is not used: other users can write to/u,
        posix: true,
      },
    };

  for (const [what, { make, why, posix }] of Object.entries(places)) {
    it(`shows findings, and says why in log and health: ${what}`, async function () {
      if (posix === true && process.platform === 'win32') {
        return this.skip();
      }
      const settings = { osv: { url: service.url }, index: { url: 'none' }, network: { transport: 'direct' } };
      server = await ServerProcess.start({ settings, storagePath: make() });
      await server.open(uri, 'django==3.2.0\n');
      await server.waitFor('the finding', ({ status }) => status?.state === 'idle' && status.vulnerable === 1);
      const { status, components } = await server.execute<Health>(serverCommands.health);
      const { message } = components.cacheDisk;
      assert.deepEqual([status, components.cacheDisk.status], ['DEGRADED', 'DEGRADED']);
      assert.match(message ?? '', why);
      assert.equal(server.logged.filter((line) => line.startsWith(message ?? '-')).length, 1);
      assert.equal(await server.stop(), 0);
    });
  }
});
