import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import type { Figure } from './history.ts';
import { linesWith } from './realPins.ts';
import { startRelay } from './relay.ts';
import { ServerProcess, type ServerOptions } from './serverProcess.ts';
import { median } from './ratio.ts';

const root = path.resolve(import.meta.dirname, '..');
const server = path.join(root, 'dist/server.js');
const rounds = 9;

/**
 * From the start of the process to the diagnostics of 200 lines with 50 vulnerable pins, all of them in storage and nobody to
 * ask, against a bundled server that publishes nothing: in time, and in processor time, which other work disturbs less.
 */
export async function warmStart(
  serviceUrl: string,
  pins: readonly string[],
  folder: string,
): Promise<readonly Figure[]> {
  const text = linesWith(pins.slice(0, 50), 200);
  const storagePath = path.join(folder, 'warm');
  const bare = path.join(folder, 'echo.cjs');
  await build({
    entryPoints: [path.join(root, 'bench/echoServer.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile: bare,
    logLevel: 'warning',
  });
  // What is stored is believed of the service that said it, and of no other: so this address answers first, and then no more.
  const relay = await startRelay(Number(new URL(serviceUrl).port), 0);
  const url = `http://127.0.0.1:${relay.port}`;
  await sample(server, url, text, { storagePath, isFirst: true });
  await relay.close();
  const all = { ours: [] as Sample[], bare: [] as Sample[] };
  for (let round = 0; round < rounds; round++) {
    all.ours.push(await sample(server, url, text, { storagePath }));
    all.bare.push(await sample(bare, url, text));
  }
  const ratio = (of: (one: Sample) => number): number => median(all.ours.map(of)) / median(all.bare.map(of));
  const name = 'start to first diagnostics, all stored and nobody to ask / bare server';
  return [
    { name, value: ratio(({ ms }) => ms), unit: '×' },
    { name: `${name}: processor time`, value: ratio(({ cpuMs }) => cpuMs), unit: '×' },
  ];
}

interface Sample {
  readonly ms: number;
  readonly cpuMs: number;
}

async function sample(
  module: string,
  url: string,
  text: string,
  { isFirst = false, ...options }: ServerOptions & { readonly isFirst?: boolean } = {},
): Promise<Sample> {
  const isBare = module !== server;
  const startedMs = performance.now();
  const process = await ServerProcess.start(module, { osv: { url }, index: { url: 'none' } }, options);
  await process.open('file:///a/requirements.txt', text, ({ diagnostics }) => isBare || isAll(diagnostics.length));
  const ms = performance.now() - startedMs;
  const cpuMs = processorMs(process.pid);
  if (isFirst) {
    await process.whenIdle();
  }
  await process.stop();
  return { ms, cpuMs };
}

/** Of the vulnerable ones; were the others not known, they would have their own. */
function isAll(diagnostics: number): boolean {
  return diagnostics >= 45 && diagnostics < 60;
}

/** Of all its threads, in the clock ticks of Linux, of which a second has 100; NaN elsewhere. */
function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return NaN;
  }
}
