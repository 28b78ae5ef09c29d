import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { type Figure, printFigures } from './history.ts';
import { type ProbeFigures, startProbed } from './probed.ts';
import { linesWith, realPins } from './realPins.ts';

const server = path.resolve(import.meta.dirname, '../dist/server.js');
const files = 100;
const editsASecond = 100;
const opens = 10_000;
const restMs = 9_000;

/**
 * Long work in one process: 100 open files with 100 edits a second for `seconds`, then 10,000 documents opened, edited and
 * closed. What is held at rest after each, against before, and what is left to do.
 */
export async function benchLoad(seconds = 60): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  const { title, records, vulnerable } = realPins();
  const pins = vulnerable.slice(20).map(({ line }) => line);
  const service = await startOsvService({ records });
  const settings = { osv: { url: service.url }, index: { url: 'none' } };
  const env = { ...process.env, PROBE_BLOCKS: '', PROBE_COLLECTS: '1' };
  const { process: work, probe } = await startProbed(server, settings, path.join(folder, 'probe.json'), { env });
  const figures: Figure[] = [];
  console.log(`\n${title}: ${files} files, ${editsASecond} edits a second for ${seconds} s, then ${opens} documents`);
  try {
    const uri = (at: number): string => `file:///project/${at}/requirements.txt`;
    for (let at = 0; at < files; at++) {
      await work.openNow(uri(at), `# x\n${linesWith(pins.slice(at * 3, at * 3 + 3), 20)}`);
    }
    await work.whenIdle();
    const before = await atRest(probe);
    const versions = new Map<string, number>();
    const shown = new Map<string, number>();
    work.onAnyPublish = ({ uri: of, version }) => version !== undefined && shown.set(of, version);
    const startedAt = performance.now();
    for (let edit = 0; edit < seconds * editsASecond; edit++) {
      const of = uri(edit % files);
      const version = (versions.get(of) ?? 1) + 1;
      versions.set(of, version);
      // A letter in a comment, and every tenth time one more line with a pin.
      const text = edit % 1_000 < files ? `six==1.${edit % 17}\n` : 'y';
      await work.editNow(of, version, 0, text === 'y' ? 1 : 0, text);
      const dueMs = ((edit + 1) * 1_000) / editsASecond - (performance.now() - startedAt);
      if (dueMs > 1) await new Promise((resolve) => setTimeout(resolve, dueMs));
    }
    const lastAt = performance.now();
    while ([...versions].some(([of, version]) => shown.get(of) !== version)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    figures.push({ name: 'after the last edit: all shown after', value: performance.now() - lastAt, unit: 'ms' });
    await work.whenIdle();
    const edited = await atRest(probe);
    figures.push(...compared('edits', edited, before));
    for (let at = 0; at < opens; at++) {
      const of = `file:///elsewhere/${at}/requirements.txt`;
      await work.openNow(of, `${pins[at % 200] ?? ''}\n`);
      await work.editNow(of, 2, 0, 0, '#');
      await work.closeNow(of);
      if (at % 100 === 99) await work.requests(); // no more is sent than is taken
    }
    await work.whenIdle();
    figures.push(...compared('documents opened and closed', await atRest(probe), before));
    printFigures(figures);
    return figures;
  } finally {
    await work.stop();
    await service.close();
    rmSync(folder, { recursive: true });
  }
}

async function atRest(probe: () => Promise<ProbeFigures>): Promise<ProbeFigures> {
  await new Promise((resolve) => setTimeout(resolve, restMs));
  return probe();
}

function compared(after: string, now: ProbeFigures, before: ProbeFigures): readonly Figure[] {
  const count = ({ handles }: ProbeFigures): number => Object.values(handles).reduce((sum, one) => sum + one, 0);
  return [
    { name: `after ${after}: memory at rest / before`, value: now.rss / before.rss, unit: '×' },
    { name: `after ${after}: heap in use / before`, value: now.heapUsed / before.heapUsed, unit: '×' },
    { name: `after ${after}: timers and sockets more than before`, value: count(now) - count(before), unit: '' },
  ];
}
