import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { serverCommands } from '../../protocol/ids.ts';
import type { Health } from '../../protocol/messages/figures/health.ts';
import type { Statistics } from '../../protocol/messages/figures/statistics.ts';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { ServerProcess } from '../support/serverProcess.ts';

const files = 20;
const packagesPerFile = 50;
const advisoriesPerPackage = 8;
// A bare server takes 27 MB of it.
const heapMiB = 46;

const nameOf = (number: number): string => `package-${number}`;

describe('language server that comes near the limit of its memory', function () {
  this.timeout(90_000);
  let service: OsvService;
  let root: string;
  let server: ServerProcess | undefined;

  before(async () => {
    const packages = Array.from({ length: files * packagesPerFile }, (_, index) => nameOf(index));
    const records = packages.flatMap((name) =>
      Array.from({ length: advisoriesPerPackage }, (_, index) => advisory(name, index)),
    );
    service = await startOsvService({ records: [records] });
    root = mkdtempSync(path.join(tmpdir(), 'pinwatch-memory-'));
  });
  after(async () => {
    await server?.kill();
    await service.close();
    rmSync(root, { recursive: true, force: true });
  });

  it('lives, says so once, and shows what it should', async () => {
    server = await ServerProcess.start({
      settings: {
        osv: { url: service.url },
        index: { url: 'none' },
        network: { transport: 'direct' },
      },
      storagePath: path.join(root, 'storage'),
      nodeOptions: [`--max-old-space-size=${heapMiB}`],
    });
    const uris = Array.from({ length: files }, (_, index) => `file:///w/${index}/requirements.txt`);
    for (const [index, uri] of uris.entries()) {
      const pins = Array.from({ length: packagesPerFile }, (_, line) => nameOf(index * packagesPerFile + line));
      await server.open(uri, pins.map((name) => `${name}==1.0\n`).join(''));
      const vulnerable = (index + 1) * packagesPerFile;
      await server.waitFor(
        `file ${index}`,
        ({ status }) => status?.state === 'idle' && status.vulnerable === vulnerable,
        60_000,
      );
    }
    assert.equal(server.status?.failed, 0);
    for (const uri of uris) {
      const lines: ReadonlySet<number> = new Set(server.diagnostics(uri)?.map(({ range }) => range.start.line));
      assert.equal(lines.size, packagesPerFile, uri);
    }
    const { status, components } = await server.execute<Health>(serverCommands.health);
    const { message } = components.cacheMemory;
    assert.deepEqual([status, components.cacheMemory.status], ['DEGRADED', 'DEGRADED']);
    assert.match(message ?? '', /^Memory is short/u);
    assert.equal(server.logged.filter((line) => line.startsWith(message ?? '-')).length, 1);
    const { memory } = (await server.execute<Statistics>(serverCommands.statistics)).cache;
    assert.ok(memory.entries < files * packagesPerFile, `${memory.entries} entries`);
    assert.equal(await server.stop(), 0);
  });
});

function advisory(name: string, index: number): Record<string, unknown> {
  return {
    id: `GHSA-${name}-${index}`,
    modified: '2026-01-02T03:04:05Z',
    published: '2021-07-02T10:15:00Z',
    schema_version: '1.7.5',
    summary: `Something in ${name}`,
    details: `What it is, number ${index}. `.repeat(200),
    affected: [
      {
        package: { ecosystem: 'PyPI', name },
        versions: Array.from({ length: 30 }, (_, version) => `0.${version}`),
        ranges: [{ type: 'ECOSYSTEM', events: [{ introduced: '0' }, { fixed: '2.0' }] }],
      },
    ],
  };
}
