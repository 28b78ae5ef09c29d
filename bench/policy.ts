import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startDistantIndex } from './distantIndex.ts';
import { startDistantService } from './distantService.ts';
import { manyPins } from './manyPins.ts';
import { median } from './ratio.ts';
import { type Figures, runMeasured } from './runMeasured.ts';

const cli = path.resolve(import.meta.dirname, '../dist/cli.js');
const count = 176;
const roundTripMs = 100;
const serviceMs = 10;
const failsOneIn = 100;
const metadataAtOnce = 10;
const rounds = 5;

const configuration = `[policy]
yanked = "error"
archived = "error"
quarantined = "error"

[policy.licenses]
allow = ["MIT"]
`;

/** A scan with advisories and rules about licences and projects, over a line with a delay: nothing known, then all of it kept. */
export async function benchPolicy(): Promise<void> {
  for (const vulnerable of [14, count]) {
    await benchShare(vulnerable);
  }
}

async function benchShare(vulnerable: number): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-policy-'));
  const line = { roundTripMs, serviceMs, failsOneIn };
  const service = await startDistantService({ ...line, count: vulnerable, streams: 250 });
  const index = await startDistantIndex(line);
  try {
    writeFileSync(path.join(folder, 'requirements.txt'), manyPins(count, vulnerable));
    writeFileSync(path.join(folder, 'pinwatch.toml'), configuration);
    const authorities = path.join(folder, 'authorities.pem');
    writeFileSync(authorities, `${service.ca}\n${index.ca}`);
    const cache = path.join(folder, 'cache');
    const report = path.join(folder, 'report');
    const places = ['--osv-url', service.url, '--index-url', index.url, '--cache-dir', cache];
    const args = [cli, 'scan', folder, ...places, '--format', 'json', '--output', report];
    const scan = async (): Promise<Figures> => {
      const figures = await runMeasured(folder, args, { NODE_EXTRA_CA_CERTS: authorities });
      const { complete, summary } = JSON.parse(readFileSync(report, 'utf8')) as Report;
      if (!complete || summary.requirements !== count) {
        throw new Error(`not all is known: ${JSON.stringify(summary)}`);
      }
      return figures;
    };
    const [cold, again]: Figures[][] = [[], []];
    for (let round = 0; round < rounds; round++) {
      rmSync(cache, { recursive: true, force: true });
      cold?.push(await scan());
      again?.push(await scan());
    }
    const floorMs = Math.ceil(count / metadataAtOnce) * (roundTripMs + serviceMs);
    console.log(
      `\n${count} packages with rules about licences and projects, ${vulnerable} of them vulnerable, ` +
        `${roundTripMs} ms round trip, ${serviceMs} ms service, one of ${failsOneIn} requests fails:`,
    );
    console.log(
      `  nothing known: ${textOf(cold)}; the metadata, ${metadataAtOnce} at a time, take ${floorMs} ms alone`,
    );
    console.log(`  again: ${textOf(again)}`);
  } finally {
    await Promise.all([service.close(), index.close()]);
    rmSync(folder, { recursive: true });
  }
}

interface Report {
  readonly complete: boolean;
  readonly summary: { readonly requirements: number };
}

function textOf(runs: readonly Figures[] = []): string {
  const wall = median(runs.map(({ wallMs }) => wallMs)).toFixed(0);
  const cpu = median(runs.map(({ cpuMs }) => cpuMs)).toFixed(0);
  const megabytes = Math.max(...runs.map(({ bytes }) => bytes / 1024 / 1024)).toFixed(0);
  const slowest = Math.max(...runs.map(({ wallMs }) => wallMs)).toFixed(0);
  return `${wall} ms (${slowest} at most), ${cpu} ms of CPU time, at most ${megabytes} MB`;
}
