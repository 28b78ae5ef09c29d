import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startOsvService, type OsvService } from '../test/osv-service/osvService.ts';
import { manyPins, manyRecords } from './manyPins.ts';
import { ServerProcess } from './serverProcess.ts';

const root = path.resolve(import.meta.dirname, '..');
const server = path.join(root, 'dist/server.js');
const count = 200;
const typed = '1.23.4.5';

/** Requests that a server in a process of its own makes: counts, which no load can change. */
export async function benchRequests(): Promise<void> {
  const storagePath = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  const service = await startOsvService({ records: [manyRecords(count)] });
  const settings = { osv: { url: service.url }, index: { url: '' } };
  const start = (): Promise<ServerProcess> => ServerProcess.start(server, settings, { storagePath });
  const text = manyPins(count, count);
  const all = ({ diagnostics }: { readonly diagnostics: readonly unknown[] }): boolean => diagnostics.length === count;
  console.log(`\nrequests of a server in a process of its own, ${count} pins, ${count} vulnerable packages:`);
  try {
    const first = await start();
    await counted('  everything unknown', service, () => first.open('file:///a/requirements.txt', text, all));
    await counted('  another file with the same pins', service, () =>
      first.open('file:///b/requirements.txt', text, all),
    );
    const second = await start();
    await counted('  another window with the same storage', service, () =>
      second.open('file:///a/requirements.txt', text, all),
    );
    await counted(`  ${typed.length} keys of another version of a package that is known`, service, () =>
      typeVersion(second, 'file:///c/requirements.txt', 'vulnerable-1==\n'),
    );
    await counted(`  ${typed.length} keys of a version of a package that nothing is known of`, service, () =>
      typeVersion(second, 'file:///d/requirements.txt', 'never-seen==\n'),
    );
    await first.stop();
    await second.stop();
    const third = await start();
    await counted('  once more after both have ended', service, () =>
      third.open('file:///a/requirements.txt', text, all),
    );
    await third.stop();
    await benchHitRate(service);
  } finally {
    await service.close();
    rmSync(storagePath, { recursive: true });
  }
}

/** 176 pins in memory: how many are answered from there when the file is opened again. */
async function benchHitRate(service: OsvService): Promise<void> {
  const pins = 176;
  const process = await ServerProcess.start(server, { osv: { url: service.url }, index: { url: '' } });
  const text = manyPins(pins, 20);
  const all = ({ diagnostics }: { readonly diagnostics: readonly unknown[] }): boolean => diagnostics.length === 20;
  await process.open('file:///a/requirements.txt', text, all);
  const before = await process.whenIdle();
  await process.open('file:///b/requirements.txt', text, all);
  const after = await process.whenIdle(({ hits, misses }) => hits + misses > before.hits + before.misses);
  const hits = after.hits - before.hits;
  const asked = hits + after.misses - before.misses;
  console.log(`  ${pins} pins asked about again: ${hits} of ${asked} look-ups from memory`);
  await process.stop();
}

async function typeVersion(process: ServerProcess, uri: string, text: string): Promise<void> {
  await process.open(uri, text, () => true);
  const end = text.trimEnd().length;
  for (const [index, key] of [...typed].entries()) {
    await process.edit(uri, index + 2, 0, end + index, key);
    await new Promise((resolve) => setTimeout(resolve, 100)); // as fast as people type
  }
  // The pause in typing, and what it brings; nothing else tells that there is nothing to come.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

async function counted(what: string, { traffic }: OsvService, work: () => Promise<unknown>): Promise<void> {
  const before = { ...traffic.requests };
  await work();
  const routes = (['querybatch', 'query', 'vulns'] as const).map(
    (route) => `${traffic.requests[route] - before[route]} ${route}`,
  );
  console.log(`${what}: ${routes.join(', ')}`);
}
