import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { createAdvisoryDatabases } from '../server/src/hosts/node/database/advisoryDatabases.ts';
import { databaseFileName } from '../server/src/hosts/node/database/schema.ts';
import { systemClock } from '../server/src/hosts/node/process/systemClock.ts';
import { type Rung, buildLadder } from './databaseLadder.ts';
import { type MatchQuestion, matchQuestions } from './databaseQuestions.ts';
import { interleave } from './interleave.ts';
import { manyRecords } from './manyPins.ts';
import { printRatio } from './printRatio.ts';
import { median } from './ratio.ts';

const lookups = 10_000;
const lookupsATurn = 100;
// Of the packages that questions are about, where there are more.
const sampled = 20_000;
const atATime = 10_000;
// Reading all rows takes a second there.
const scanned = 20;

/** The local advisory database: ways to lay out its rows, opening it, and the memory an import takes. */
export async function benchDatabase(): Promise<void> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  try {
    const [real, source] = recordFile(root);
    const folder = path.join(root, 'real');
    const imported = inProcess('import', folder, real);
    console.log(`${source}: ${JSON.stringify(imported.records)} records, ${megabytes(imported.bytes)} on disk`);
    await benchLadder('real', root, folder, recordsIn(real));
    for (const count of [60_000, 300_000]) {
      const large = path.join(root, `${count}`);
      const { ms, bytes, peakBytes } = inProcess('import', large, writeRecords(root, count));
      console.log(
        `\n${count} made-up records: import ${Math.round(ms)} ms, ${megabytes(bytes)} on disk, peak ${megabytes(peakBytes)}`,
      );
      await benchLadder(`${count}`, root, large, manyRecords(sampled));
    }
    benchOpen(folder);
    benchMemory(root, real, folder);
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** The real records where they are at hand, made-up ones otherwise. */
function recordFile(root: string): readonly [file: string, source: string] {
  const shared = process.env['PINWATCH_SHARED'] ?? path.resolve(import.meta.dirname, '../../shared');
  const real = path.join(shared, 'osv-pypi/records.jsonl.gz');
  return existsSync(real) ? [real, 'real records'] : [writeRecords(root, 7_500), 'made-up records'];
}

function writeRecords(root: string, count: number): string {
  const file = path.join(root, `${count}.jsonl.gz`);
  const records = manyRecords(count);
  writeFileSync(file, '');
  // A gzip file may have several members.
  for (let start = 0; start < count; start += atATime) {
    const lines = records.slice(start, start + atATime).map((record) => `${JSON.stringify(record)}\n`);
    appendFileSync(file, gzipSync(lines.join(''), { level: 1 }));
  }
  return file;
}

function recordsIn(file: string): readonly unknown[] {
  const lines = gunzipSync(readFileSync(file)).toString('utf8').split('\n');
  return lines.filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}

async function benchLadder(name: string, root: string, folder: string, records: readonly unknown[]): Promise<void> {
  const questions = matchQuestions(records, lookups);
  const databases = createAdvisoryDatabases({ defaultFolder: folder, clock: systemClock, version: '0.0.0' });
  const database = databases.open(folder);
  const cached: Rung = {
    name: 'ours, with the packages in memory',
    plan: 'none: every package was asked about before',
    match: ({ name, version }) => database.advisoriesAffecting(name, version).map(({ id }) => id),
  };
  const [scan, ...indexed] = buildLadder(path.join(root, `${name}.sqlite`), path.join(folder, databaseFileName));
  const isLarge = name !== 'real';
  const rungs = [...(scan === undefined || isLarge ? [] : [scan]), ...indexed, cached];
  if (scan !== undefined && isLarge) {
    const times: number[] = [];
    await turn(scan, questions.slice(0, scanned), times)();
    console.log(`\n${scan.name}\n  ${scan.plan}\n  ${microseconds(times)}, of ${scanned}`);
  }
  agree(rungs, questions);
  questions.forEach((question) => cached.match(question));
  const perLookup = new Map(rungs.map(({ name }) => [name, [] as number[]]));
  const samples = await interleave(
    rungs.map((rung) => ({ name: rung.name, measure: turn(rung, questions, perLookup.get(rung.name) ?? []) })),
    { rounds: lookups / lookupsATurn, warmUp: 5 },
  );
  for (const { name, plan } of rungs) {
    const perSecond = (1000 * lookupsATurn) / median(samples.get(name) ?? []);
    console.log(
      `\n${name}\n  ${plan}\n  ${microseconds(perLookup.get(name) ?? [])}, ${Math.round(perSecond)} matches a second`,
    );
    printRatio('  100 look-ups', samples, name, { name: 'index on name', title: 'index on name' });
  }
  database.close();
}

/** Turns through the questions; the time of each look-up is kept besides. */
function turn(rung: Rung, questions: readonly MatchQuestion[], perLookup: number[]): () => Promise<number> {
  let next = 0;
  return () => {
    const some = questions.slice(next, next + lookupsATurn);
    next = (next + lookupsATurn) % questions.length;
    const startedMs = performance.now();
    let beforeMs = startedMs;
    for (const question of some) {
      rung.match(question);
      const nowMs = performance.now();
      perLookup.push(nowMs - beforeMs);
      beforeMs = nowMs;
    }
    return Promise.resolve(beforeMs - startedMs);
  };
}

function agree([first, ...others]: readonly Rung[], questions: readonly MatchQuestion[]): void {
  const some = questions.slice(0, 1000);
  const answers = some.map((question) => first?.match(question));
  for (const rung of others) {
    assert.deepEqual(
      some.map((question) => rung.match(question)),
      answers,
      rung.name,
    );
  }
}

function microseconds(samplesMs: readonly number[]): string {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  return [50, 95, 99]
    .map((share) => `p${share} ${(1000 * (sorted[Math.floor((sorted.length * share) / 100)] ?? NaN)).toFixed(1)} µs`)
    .join(', ');
}

function benchOpen(folder: string): void {
  const databases = createAdvisoryDatabases({ defaultFolder: folder, clock: systemClock, version: '0.0.0' });
  const samples = Array.from({ length: 200 }, () => {
    const startedMs = performance.now();
    const database = databases.open(folder);
    const openedMs = performance.now() - startedMs;
    database.close();
    return openedMs;
  });
  console.log(`\nopen: ${microseconds(samples)}`);
}

function benchMemory(root: string, real: string, folder: string): void {
  const nothing = inProcess('nothing').peakBytes;
  const large = path.join(root, 'large');
  const rows = [
    ['open and match, real records', inProcess('match', folder)],
    ['import, real records', inProcess('import', path.join(root, 'again'), real)],
    ['import, 7,500 made-up records', inProcess('import', path.join(root, 'small'), writeRecords(root, 7_500))],
    ['import, 60,000 made-up records', inProcess('import', large, writeRecords(root, 60_000))],
    ['import of the same once more', inProcess('import', large, path.join(root, '60000.jsonl.gz'))],
    ['open and match, 60,000 records', inProcess('match', large)],
  ] as const;
  console.log(`\npeak memory (RSS) of a process that does nothing: ${megabytes(nothing)}`);
  for (const [what, { peakBytes, ms, bytes }] of rows) {
    const size = bytes === 0 ? '' : `, file ${megabytes(bytes)}`;
    console.log(`${what}: ${megabytes(peakBytes - nothing)} more, ${Math.round(ms)} ms${size}`);
  }
}

interface Outcome {
  readonly records: number;
  readonly bytes: number;
  readonly ms: number;
  readonly peakBytes: number;
}

function inProcess(...argv: readonly string[]): Outcome {
  const script = path.join(import.meta.dirname, 'databaseImport.ts');
  return JSON.parse(execFileSync(process.execPath, [script, ...argv], { encoding: 'utf8' })) as Outcome;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
