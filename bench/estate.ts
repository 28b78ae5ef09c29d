import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pLimit from 'p-limit';
import { startOsvService, type OsvService } from '../test/osv-service/osvService.ts';
import { RedisCluster } from '../test/unit/hosts/node/cache/redis/redisCluster.ts';
import { findRedisServer } from '../test/unit/hosts/node/cache/redis/redisFixture.ts';
import { readCorpus } from './corpus.ts';
import { realPins } from './realPins.ts';

const root = path.resolve(import.meta.dirname, '..');
const cli = path.join(root, 'dist/cli.js');
const repositories = Number(process.env['ESTATE_REPOSITORIES'] ?? 2_000);
const manifestsEach = 5;
const repositoriesEach = 25;
const atOnce = 8;
const runCount = Math.ceil(repositories / repositoriesEach);

/**
 * An estate of repositories, scanned by eight processes at a time that have nothing in common but a cluster of three servers. Each
 * takes some repositories and ends; CI would start one for each.
 */
export async function benchEstate(): Promise<void> {
  const program = findRedisServer();
  if (program === undefined) {
    console.log('skipped: there is no redis-server on this machine');
    return;
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-estate-'));
  const { title: records, records: sources, vulnerable } = realPins();
  const cluster = await RedisCluster.start(program);
  const service = await startOsvService({ records: sources });
  try {
    console.log(
      `${repositories * manifestsEach} manifests of ${repositories} repositories, ${runCount} runs, ${atOnce} at a time`,
    );
    const texts = readCorpus()?.map(({ text }) => text);
    const title = texts === undefined ? 'made-up files' : `${texts.length} real files, each several times`;
    console.log(`${title}, ${records}`);
    putManifests(folder, texts ?? madeUpTexts(vulnerable.map(({ line }) => line)));
    for (const [title, count] of [
      ['nothing known', runCount],
      ['the cluster has everything', Math.min(runCount, atOnce)],
    ] as const) {
      service.reset();
      const before = await bytesOf(cluster);
      const limit = pLimit(atOnce);
      const indexes = Array.from({ length: count }, (_, index) => index);
      const runs = await Promise.all(indexes.map((index) => limit(() => scan(folder, { index, service, cluster }))));
      const distinct = new Set(runs.flatMap(({ names }) => names)).size;
      const { query, querybatch, vulns } = service.traffic.requests;
      const requests = query + querybatch + vulns;
      const hits = sum(runs.map((run) => run.hits));
      const misses = sum(runs.map((run) => run.misses));
      const after = await bytesOf(cluster);
      console.log(`\n${title}:`);
      console.log(`  requests ${requests} (${querybatch} batches, ${query} packages, ${vulns} records)`);
      console.log(`  packages ${distinct}; requests for each ${(requests / distinct).toFixed(3)}`);
      console.log(`  answered without the service ${((100 * hits) / (hits + misses)).toFixed(1)} %`);
      console.log(`  most memory of a process ${mega(Math.max(...runs.map(({ bytes }) => bytes)))}`);
      console.log(
        `  longest ${seconds(Math.max(...runs.map(({ wallMs }) => wallMs)))}, CPU time of all ${seconds(sum(runs.map(({ cpuMs }) => cpuMs)))}`,
      );
      console.log(
        `  exit codes ${[...new Set(runs.map(({ code }) => code))].join()}, not checked ${sum(runs.map(({ failed }) => failed))}`,
      );
      console.log(`  kept in the cluster ${after.keys} values, ${mega(after.memory)} of memory`);
      console.log(
        `  read from it ${mega(after.sent - before.sent)}, written to it ${mega(after.received - before.received)}`,
      );
    }
  } finally {
    await Promise.all([service.close(), cluster.dispose()]);
    rmSync(folder, { recursive: true });
  }
}

/** Of 40 lines each, one in ten of a package that has advisories. */
function madeUpTexts(vulnerable: readonly string[]): readonly string[] {
  return Array.from({ length: 1_000 }, (_, file) =>
    Array.from({ length: 40 }, (_line, line) =>
      line % 10 === 0
        ? (vulnerable[(file * 4 + line / 10) % vulnerable.length] ?? '')
        : `package-${(file * 7 + line) % 4_000}==1.${line}`,
    ).join('\n'),
  );
}

/** Each repository has the next five. */
function putManifests(folder: string, texts: readonly string[]): void {
  for (let repository = 0; repository < repositories; repository++) {
    for (let manifest = 0; manifest < manifestsEach; manifest++) {
      const at = path.join(folder, String(repository % runCount), String(repository), String(manifest));
      mkdirSync(at, { recursive: true });
      const text = texts[(repository * manifestsEach + manifest) % texts.length] ?? '';
      writeFileSync(path.join(at, 'requirements.txt'), text);
    }
  }
}

interface Run {
  readonly code: unknown;
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly bytes: number;
  readonly hits: number;
  readonly misses: number;
  readonly failed: number;
  readonly names: readonly string[];
}

interface Report {
  readonly files: readonly {
    readonly requirements: readonly { readonly normalizedName: string; readonly outcome: string }[];
  }[];
  readonly summary: { readonly failed: number };
  readonly statistics: { readonly cache: { readonly hits: number; readonly misses: number } };
}

async function scan(
  folder: string,
  { index, service, cluster }: { readonly index: number; readonly service: OsvService; readonly cluster: RedisCluster },
): Promise<Run> {
  const file = (name: string): string => path.join(folder, `${name}-${index}`);
  const script = `${file('figures')}.cjs`;
  const write = `require('node:fs').writeFileSync(${JSON.stringify(file('figures'))}, JSON.stringify(process.resourceUsage()))`;
  writeFileSync(script, `process.on('exit', () => ${write});\n`);
  // As on a machine of its own.
  rmSync(file('cache'), { recursive: true, force: true });
  const places = ['--osv-url', service.url, '--index-url', 'none', '--cache-dir', file('cache')];
  const team = ['--redis-url', cluster.url(cluster.ports.slice(0, 3))];
  const report = ['--format', 'json', '--output', file('report')];
  const args = ['--require', script, cli, 'scan', path.join(folder, String(index)), ...places, ...team, ...report];
  const start = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: 'ignore',
    env: { ...process.env, PINWATCH_CACHE_KEY: 'a secret of the team' },
  });
  const [code] = (await once(child, 'exit')) as [unknown];
  const wallMs = performance.now() - start;
  const usage = JSON.parse(readFileSync(file('figures'), 'utf8')) as NodeJS.ResourceUsage; // as the script wrote it
  const { files, summary, statistics } = JSON.parse(readFileSync(file('report'), 'utf8')) as Report;
  const assessed = files.flatMap(({ requirements }) => requirements.filter(({ outcome }) => outcome === 'assessed'));
  return {
    code,
    wallMs,
    cpuMs: (usage.userCPUTime + usage.systemCPUTime) / 1000,
    bytes: usage.maxRSS * 1024,
    ...statistics.cache,
    failed: summary.failed,
    names: [...new Set(assessed.map(({ normalizedName }) => normalizedName))],
  };
}

interface ClusterBytes {
  readonly keys: number;
  readonly memory: number;
  readonly sent: number;
  readonly received: number;
}

async function bytesOf(cluster: RedisCluster): Promise<ClusterBytes> {
  const infos = await Promise.all(cluster.raw.slice(0, 3).map((redis) => redis.info()));
  const total = (name: string): number =>
    sum(infos.map((info) => Number(new RegExp(`^${name}:(\\d+)`, 'mu').exec(info)?.[1] ?? 0)));
  const [sent, received] = [total('total_net_output_bytes'), total('total_net_input_bytes')];
  return { keys: sum(await cluster.sizes()), memory: total('used_memory_dataset'), sent, received };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function mega(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MB`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(0)} s`;
}
