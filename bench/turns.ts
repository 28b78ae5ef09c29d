import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { linesWith, realPins } from './realPins.ts';
import { ServerProcess } from './serverProcess.ts';

const root = path.resolve(import.meta.dirname, '..');
const longMs = Number(process.env['LONG_MS'] ?? 16);

/**
 * Names what the language server does in turns of the event loop that are longer than a frame: `npm run bench -- turns`,
 * then lines, vulnerable pins and how many of the longest histories to skip.
 */
export async function benchTurns(): Promise<void> {
  const [lines = 2_000, count = 200, skipped = 20] = process.argv.slice(3).map(Number);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-turns-'));
  const { title, records, vulnerable } = realPins();
  const service = await startOsvService({ records });
  const pins = vulnerable.slice(skipped, skipped + count).map(({ line }) => line);
  console.log(`${title}, ${lines} lines, ${count} vulnerable, without the ${skipped} longest histories`);
  try {
    for (const how of ['cold', 'warm']) {
      const file = path.join(folder, `${how}.json`);
      const server = await ServerProcess.start(
        path.join(root, 'dist/server.js'),
        { osv: { url: service.url }, index: { url: 'none' } },
        {
          storagePath: path.join(folder, 'storage'),
          execArgv: ['--require', path.join(root, 'bench/turnProbe.cjs')],
          env: { ...process.env, PROBE_FILE: file, PROBE_PROFILE: '1' },
        },
      );
      const done = ({ diagnostics }: { readonly diagnostics: readonly unknown[] }): boolean =>
        diagnostics.length >= 0.9 * count;
      await server.open('file:///a/requirements.txt', linesWith(pins, lines), done);
      await server.whenIdle();
      // Views, storing and packing come after.
      await new Promise((resolve) => setTimeout(resolve, 9_000));
      process.kill(server.pid, 'SIGUSR2');
      while (!existsSync(file)) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      report(how, JSON.parse(readFileSync(file, 'utf8')) as Probed); // as the probe wrote it
      await server.stop();
    }
  } finally {
    await service.close();
    rmSync(folder, { recursive: true });
  }
}

interface Turn {
  readonly start: number;
  readonly end: number;
  readonly cpu: number;
}

interface Node {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
}

interface Probed {
  readonly turns: readonly Turn[];
  readonly profile: {
    readonly nodes: readonly Node[];
    readonly startTime: number;
    readonly samples: readonly number[];
    readonly timeDeltas: readonly number[];
  };
}

function report(how: string, { turns, profile }: Probed): void {
  const long = turns.filter(({ cpu }) => cpu > longMs * 1_000).sort((a, b) => b.cpu - a.cpu);
  const longest = Math.max(0, ...turns.map(({ start, end }) => end - start));
  console.log(
    `\n${how}: ${long.length} turns with more than ${longMs} ms of processor time; longest by the clock ${ms(longest)}`,
  );
  const byId = new Map(profile.nodes.map((node) => [node.id, node]));
  const parents = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  for (const turn of long.slice(0, 12)) {
    console.log(
      ` at ${ms(turn.start - profile.startTime)}: ${ms(turn.cpu)} of processor, ${ms(turn.end - turn.start)}`,
    );
    const own = new Map<string, number>();
    const within = new Map<string, number>();
    let at = profile.startTime;
    profile.samples.forEach((sample, index) => {
      const took = profile.timeDeltas[index] ?? 0;
      at += took;
      if (at < turn.start || at > turn.end) {
        return;
      }
      const seen = new Set<string>();
      for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
        const name = nameOf(byId.get(id));
        if (id === sample) {
          own.set(name, (own.get(name) ?? 0) + took);
        }
        if (!seen.has(name)) {
          seen.add(name);
          within.set(name, (within.get(name) ?? 0) + took);
        }
      }
    });
    print('with what it calls', within, Number(process.env['MOST'] ?? 14));
    print('alone', own, 8);
  }
}

function print(title: string, times: ReadonlyMap<string, number>, most: number): void {
  const sorted = [...times].filter(([name]) => name !== '(root):0').sort((a, b) => b[1] - a[1]);
  const texts = sorted.slice(0, most).map(([name, took]) => `${name} ${ms(took)}`);
  console.log(`   ${title}: ${texts.join(', ')}`);
}

function nameOf(node: Node | undefined): string {
  const { functionName = '', lineNumber = 0 } = node?.callFrame ?? {};
  return functionName === ''
    ? `line ${lineNumber + 1}`
    : functionName.startsWith('(')
      ? functionName
      : `${functionName}:${lineNumber + 1}`;
}

function ms(microseconds: number): string {
  return `${(microseconds / 1_000).toFixed(1)} ms`;
}
