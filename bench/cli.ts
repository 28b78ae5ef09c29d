import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { readCorpus } from './corpus.ts';
import { interleave, type Variant } from './interleave.ts';
import { printRatio } from './printRatio.ts';
import { median } from './ratio.ts';
import { type Figures, runMeasured } from './runMeasured.ts';

const root = path.resolve(import.meta.dirname, '..');
const cli = path.join(root, 'dist/cli.js');
const shared = process.env['PINWATCH_SHARED'] ?? path.resolve(root, '../shared');
const realRecords = ['records.jsonl.gz', 'derived-ghsa.jsonl.gz'].map((name) => path.join(shared, 'osv-pypi', name));
const smallRecords = path.join(root, 'test/osv-service/records');
const startRounds = { rounds: 21, warmUp: 2 };
const scanRounds = 3;
const fileCount = 300;
const copies = 10;

/** The command line as a process of its own: start-up, a second run with a cache, and a report of very many findings. */
export async function benchCli(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-cli-'));
  try {
    await benchStart(folder);
    await benchScans(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Against a Node that does nothing. */
async function benchStart(folder: string): Promise<void> {
  const database = path.join(folder, 'database');
  for (const records of realRecords.every(existsSync) ? realRecords : [joined(folder, smallRecords)]) {
    await runMeasured(folder, [cli, 'db', 'import', records, '--database', database]);
  }
  const file = path.join(folder, 'requirements.txt');
  writeFileSync(file, 'jinja2==2.10\nrequests==2.19.1\nsix==1.16.0\n');
  const offline = [cli, 'scan', file, '--offline', '--database', database, '--no-cache'];
  const variant = (name: string, args: readonly string[]): Variant => ({
    name,
    measure: async () => (await runMeasured(folder, args)).wallMs,
  });
  const samples = await interleave(
    [
      variant('nothing', ['-e', '0']),
      variant('version', [cli, '--version']),
      variant('help', [cli, '--help']),
      variant('offline', offline),
    ],
    startRounds,
  );
  const floor = { name: 'nothing', title: '`node -e 0`' };
  printRatio('\n--version', samples, 'version', floor);
  printRatio('--help', samples, 'help', floor);
  printRatio('offline scan of three pins', samples, 'offline', floor);
}

/** Real requirements files, each in a folder of its own, and real records. */
async function benchScans(folder: string): Promise<void> {
  const corpus = readCorpus();
  if (corpus === undefined || !realRecords.every(existsSync)) {
    console.log('skipped: there are no real files and records beside the repository');
    return;
  }
  const texts = [...corpus].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, fileCount);
  const few = path.join(folder, 'few');
  const many = path.join(folder, 'many');
  texts.forEach(({ text }, index) => {
    put(path.join(few, String(index)), text);
    for (let copy = 0; copy < copies; copy++) {
      put(path.join(many, String(copy), String(index)), text);
    }
  });
  const service = await startOsvService({ records: realRecords });
  try {
    const cache = path.join(folder, 'cache');
    const scan = (what: string, format: string): readonly string[] => {
      const report = ['--format', format, '--output', path.join(folder, 'report')];
      return [cli, 'scan', what, '--osv-url', service.url, '--index-url', 'none', '--cache-dir', cache, ...report];
    };
    const [first, second, long]: readonly Figures[][] = [[], [], []];
    for (let round = 0; round < scanRounds; round++) {
      rmSync(cache, { recursive: true, force: true });
      first?.push(await runMeasured(folder, scan(few, 'json')));
      second?.push(await runMeasured(folder, scan(few, 'json')));
      long?.push(await runMeasured(folder, scan(many, 'sarif')));
    }
    const figures = (runs: readonly Figures[] = []): string =>
      `${median(runs.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms of CPU time, at most ${Math.max(...runs.map(({ bytes }) => bytes / 1024 / 1024)).toFixed(0)} MB`;
    const cpu = new Map([
      ['first', (first ?? []).map(({ cpuMs }) => cpuMs)],
      ['second', (second ?? []).map(({ cpuMs }) => cpuMs)],
    ]);
    console.log(`\n${fileCount} files, first run: ${figures(first)}`);
    console.log(`${fileCount} files, second run with --cache-dir: ${figures(second)}`);
    printRatio('second run, CPU time', cpu, 'second', { name: 'first', title: 'the first' });
    const report = readFileSync(path.join(folder, 'report'));
    const results = report.toString().match(/"ruleId"/gu)?.length ?? 0;
    console.log(
      `${fileCount * copies} files as SARIF: ${figures(long)}, ${results} results, ${(gzipSync(report).length / 1e6).toFixed(1)} MB packed`,
    );
  } finally {
    await service.close();
  }
}

/** The records of a folder as one file of JSON lines. */
function joined(folder: string, records: string): string {
  const file = path.join(folder, 'records.jsonl');
  const texts = readdirSync(records).map((name) => readFileSync(path.join(records, name), 'utf8'));
  writeFileSync(file, texts.map((text) => `${JSON.stringify(JSON.parse(text))}\n`).join(''));
  return file;
}

function put(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'requirements.txt'), text);
}
