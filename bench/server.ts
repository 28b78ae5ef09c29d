import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { type Figure, printFigures } from './history.ts';
import { linesWith, realPins } from './realPins.ts';
import { type Probed, startProbed } from './probed.ts';
import type { ServerProcess } from './serverProcess.ts';
import { type ServerOptions } from './serverProcess.ts';
import { median } from './ratio.ts';
import { warmStart } from './warmStart.ts';

const root = path.resolve(import.meta.dirname, '..');
const server = path.join(root, 'dist/server.js');
const echo = path.join(root, 'bench/echoServer.ts');
// A handful of packages (tensorflow and its twins) have 800 advisories each; these would be all that is measured.
const skipped = 20;
const edits = 2_000;

/** What a person in an editor feels, with advisories as they are in the wild. A figure is a ratio or a count, never a time. */
export async function benchServer(only?: string): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  const { title, records, vulnerable } = realPins();
  const pins = vulnerable.slice(skipped).map(({ line }) => line);
  const service = await startOsvService({ records });
  const settings = { osv: { url: service.url }, index: { url: 'none' } };
  const startsWarm: typeof blocks = (_start, some, under) => warmStart(service.url, some, under);
  const start = (module: string, options: ServerOptions = {}): Promise<Probed> =>
    startProbed(module, module === server ? settings : {}, path.join(folder, 'probe.json'), options);
  console.log(`\n${title}, the ${pins.length} vulnerable packages with the longest histories but ${skipped}`);
  try {
    const figures: Figure[] = [];
    for (const measure of [blocks, keys, flood, floodOfNames, together, startsWarm, atRest].filter(
      ({ name }) => only === undefined || name === only,
    )) {
      const measured = await measure(start, pins, folder);
      printFigures(measured);
      figures.push(...measured);
    }
    return figures;
  } finally {
    await service.close();
    rmSync(folder, { recursive: true });
  }
}

type Start = (module: string, options?: ServerOptions) => Promise<Probed>;

/** The longest time that the process does nothing else, in milliseconds: cold, then with all of it in storage. */
async function blocks(start: Start, pins: readonly string[], folder: string): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [lines, count] of [
    [2_000, 200],
    [5_000, 1_000],
    [10_000, 200],
  ] as const) {
    const storagePath = path.join(folder, `${lines}`);
    const text = linesWith(pins.slice(0, count), lines);
    for (const how of ['cold', 'warm']) {
      const { process, probe } = await start(server, { storagePath });
      await probe();
      await process.open('file:///a/requirements.txt', text, ({ diagnostics }) => diagnostics.length >= 0.9 * count);
      await process.whenIdle();
      const { blockMs, blockCpuMs, peakRss } = await probe();
      const name = `block, ${how} open of ${lines} lines, ${count} vulnerable`;
      figures.push({ name, value: blockMs, unit: 'ms' });
      figures.push({ name: `${name}: processor time`, value: blockCpuMs, unit: 'ms' });
      figures.push({ name: `${name}: peak memory`, value: peakRss / 1024 / 1024, unit: 'MB' });
      await process.stop();
    }
  }
  return figures;
}

// As our own client shows it.
const beside = { most: 2, more: '{0} more' };

/**
 * One key in a comment until the diagnostics of that version are there: for a client that gets all there is and for ours, against
 * a server that publishes nothing and one that repeats the same diagnostics.
 */
async function keys(start: Start, pins: readonly string[]): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const [lines, how, options] of [
    [200, '', {}],
    [10_000, '', {}],
    [200, ' in VS Code', { beside }],
    [10_000, ' in VS Code', { beside }],
  ] as const) {
    const [subject, floor] = [(await start(server, options)).process, (await start(echo)).process];
    const uri = 'file:///a/requirements.txt';
    const same = `${uri}.same`;
    const text = `# xxxxxxxx\n${linesWith(pins.slice(0, 50), lines)}`;
    let shown: readonly unknown[] = [];
    subject.onAnyPublish = ({ diagnostics }) => (shown = diagnostics);
    await subject.open(uri, text, ({ diagnostics }) => diagnostics.length >= 45);
    await floor.open(uri, text, () => true);
    await subject.whenIdle();
    const samples: { readonly subject: number; readonly floor: number; readonly same: number }[] = [];
    for (let version = 2; version < 62; version++) {
      const ms = await subject.edit(uri, version, 0, 5, 'y');
      if (version === 2) {
        await floor.open(same, JSON.stringify(shown), () => true);
      }
      samples.push({
        subject: ms,
        floor: await floor.edit(uri, version, 0, 5, 'y'),
        same: await floor.edit(same, version, 0, 5, 'y'),
      });
    }
    const typed = samples.slice(20);
    const subjectMs = median(typed.map((one) => one.subject));
    const name = `key to publish${how}, ${lines} lines, 50 vulnerable`;
    const against = (which: 'floor' | 'same') => subjectMs / median(typed.map((one) => one[which]));
    figures.push({ name, value: subjectMs, unit: 'ms' });
    figures.push({ name: `${name} / bare server`, value: against('floor'), unit: '×' });
    figures.push({ name: `${name} / one that repeats the same`, value: against('same'), unit: '×' });
    await Promise.all([subject.stop(), floor.stop()]);
  }
  return figures;
}

function flood(start: Start, pins: readonly string[]): Promise<readonly Figure[]> {
  return floodAt('', { line: 0, character: 5 }, start, pins);
}

/** The same where each edit is of a package that nothing is known of. */
function floodOfNames(start: Start, pins: readonly string[]): Promise<readonly Figure[]> {
  return floodAt(' in a name', { line: 5_000, character: 1 }, start, pins);
}

async function floodAt(
  where: string,
  { line, character }: { readonly line: number; readonly character: number },
  start: Start,
  pins: readonly string[],
): Promise<readonly Figure[]> {
  const { process } = await start(server);
  const uri = 'file:///a/requirements.txt';
  const text = `# xxxxxxxx\n${linesWith(pins.slice(400, 600), 10_000)}`;
  await process.open(uri, text, ({ diagnostics }) => diagnostics.length >= 180);
  await process.whenIdle();
  const before = process.publishes;
  const last = edits + 1;
  const shown = new Promise<number>((resolve) => {
    process.onAnyPublish = ({ version }) => version === last && resolve(performance.now());
  });
  const begun = performance.now();
  for (let sent = 0; sent < edits;) {
    for (const due = Math.min(edits, Math.floor(performance.now() - begun)); sent < due; sent++) {
      void process.editNow(uri, sent + 2, line, character, 'y');
    }
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  const ended = performance.now();
  const behindMs = (await shown) - ended;
  const publishes = process.publishes - before;
  await process.stop();
  return [
    { name: `${edits} edits in 2 s of 10,000 lines${where}: last one shown after`, value: behindMs, unit: 'ms' },
    { name: `${edits} edits in 2 s of 10,000 lines${where}: publishes`, value: publishes, unit: '' },
  ];
}

async function together(start: Start, pins: readonly string[]): Promise<readonly Figure[]> {
  const { process } = await start(server);
  const [files, each, distinct] = [100, 200, 1_000];
  for (let file = 0; file < files; file++) {
    const lines = Array.from({ length: each }, (_, line) => pins[(400 + file * 7 + line * 13) % distinct]);
    void process.openNow(`file:///many/${file}/requirements.txt`, `${lines.join('\n')}\n`);
  }
  do {
    await new Promise((resolve) => setTimeout(resolve, 100));
  } while (!isDone(process, files * each * 0.9));
  const { querybatch } = await process.requests();
  const { publishes } = process;
  await process.stop();
  return [
    { name: `${files} files of ${each} pins opened at once: batches`, value: querybatch, unit: '' },
    { name: `${files} files of ${each} pins opened at once: publishes`, value: publishes, unit: '' },
  ];
}

function isDone({ status }: ServerProcess, least: number): boolean {
  return (
    status !== undefined && (status.requirements ?? 0) >= least && status.checking === 0 && status.state !== 'scanning'
  );
}

// The server gives memory back by itself 5 s after a large scan.
const restMs = 9_000;
const idleMs = 60_000;

async function atRest(start: Start, pins: readonly string[]): Promise<readonly Figure[]> {
  const uri = 'file:///a/requirements.txt';
  const bare = await start(echo);
  const { process, probe } = await start(server, { env: { ...globalThis.process.env, PROBE_BLOCKS: '' } });
  const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  await bare.process.open(uri, `${pins.slice(0, 1_000).join('\n')}\n`, () => true);
  await process.open(uri, `${pins.slice(0, 1_000).join('\n')}\n`, ({ diagnostics }) => diagnostics.length >= 900);
  await process.whenIdle();
  await rest(restMs);
  const [floor, scanned] = [await bare.probe(), await probe()];
  for (let version = 2; version < 502; version++) {
    await process.edit(uri, version, 0, 0, '#', version % 2);
  }
  await rest(restMs);
  const edited = await probe();
  await rest(idleMs);
  const idle = await probe();
  await Promise.all([process.stop(), bare.process.stop()]);
  return [
    { name: '1,000 vulnerable pins, at rest / bare server', value: scanned.rss / floor.rss, unit: '×' },
    { name: 'after 500 edits, at rest / before', value: edited.rss / scanned.rss, unit: '×' },
    { name: 'CPU time of 60 s with nothing to do', value: idle.cpuMs - edited.cpuMs, unit: 'ms' },
  ];
}
