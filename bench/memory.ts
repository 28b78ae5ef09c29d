import { build } from 'esbuild';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { manyPins, manyRecords } from './manyPins.ts';
import { median } from './ratio.ts';
import { ServerProcess } from './serverProcess.ts';

const root = path.resolve(import.meta.dirname, '..');
const pins = 1_000;
const advisories = 10_000;
const rounds = 3;

/** Resident memory of the server's process after a large scan, against a language server that does nothing. Linux only. */
export async function benchMemory(): Promise<void> {
  if (process.platform !== 'linux') {
    console.log('\nmemory: skipped, it is read from /proc');
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  // As OSV answers: over TLS and HTTP/2, packed.
  const service = await startOsvService({ records: [manyRecords(pins, advisories / pins)], gzip: true });
  try {
    const bare = path.join(folder, 'bare.js');
    const options = { bundle: true, platform: 'node', format: 'cjs', logLevel: 'warning' } as const;
    await build({ ...options, entryPoints: [path.join(root, 'bench/echoServer.ts')], outfile: bare });
    const collector = path.join(folder, 'collect.cjs');
    writeFileSync(
      collector,
      "process.on('SIGUSR2', () => globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' }));\n",
    );
    const ca = path.join(folder, 'ca.pem');
    writeFileSync(ca, service.ca);
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
    const execArgv = ['--expose-gc', '--require', collector];
    const measured = { bare: [] as number[], idle: [] as number[], full: [] as number[] };
    const settings = { osv: { url: service.tlsUrl }, index: { url: '' } };
    for (let round = 0; round < rounds; round++) {
      const nothing = await ServerProcess.start(bare, {}, { execArgv, env });
      await nothing.open('file:///a.txt', manyPins(pins, pins), () => true);
      measured.bare.push(await settledBytes(nothing.pid, collect));
      await nothing.stop();
      const server = await ServerProcess.start(path.join(root, 'dist/server.js'), settings, { execArgv, env });
      measured.idle.push(await settledBytes(server.pid, collect));
      await server.open(
        'file:///a/requirements.txt',
        manyPins(pins, pins),
        ({ diagnostics }) => diagnostics.length === pins,
      );
      measured.full.push(await settledBytes(server.pid, () => undefined));
      await server.stop();
    }
    const [floor, idle, full] = [median(measured.bare), median(measured.idle), median(measured.full)];
    console.log(`\nmemory after a collection, a bare language server: ${megabytes(floor)}`);
    console.log(`  Pinwatch before any file: ${megabytes(idle)}, ${(idle / floor).toFixed(2)} ×`);
    console.log(
      `  at rest with ${pins} pins and ${advisories} advisories: ${megabytes(full)}, ${(full / floor).toFixed(2)} ×`,
    );
  } finally {
    await service.close();
    rmSync(folder, { recursive: true });
  }
}

/** Has V8 give back all that it can. */
function collect(pid: number): void {
  process.kill(pid, 'SIGUSR2');
}

// The server gives memory back by itself 5 s after a large scan.
const quietMs = 8_000;

/** Resident bytes when they no longer fall. */
async function settledBytes(pid: number, before: (pid: number) => void): Promise<number> {
  let least = Infinity;
  for (let quiet = 0; quiet < quietMs / 700;) {
    before(pid);
    await new Promise((resolve) => setTimeout(resolve, 700));
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const bytes = 1024 * Number(/^VmRSS:\s*(\d+) kB/mu.exec(status)?.[1]);
    quiet = bytes < 0.99 * least ? 0 : quiet + 1;
    least = Math.min(least, bytes);
  }
  return least;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
