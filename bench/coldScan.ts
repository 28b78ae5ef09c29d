import type { Pin } from '../server/src/core/assessment/pin.ts';
import { normalizeName } from '../server/src/core/requirements/packageName.ts';
import { createOsvSource, type OsvSource } from '../server/src/platform/osvSource.ts';
import { createScanner } from '../server/src/scan/createScanner.ts';
import { startOsvService } from '../test/osv-service/osvService.ts';
import { interleave } from './interleave.ts';
import { manyPins, manyRecords } from './manyPins.ts';
import { printRatio } from './printRatio.ts';
import { startRelay } from './relay.ts';

const count = 200;
const roundTripMs = 50;
const serviceMs = 10;

/** 200 pins with one advisory each, nothing known, over a line with a delay. */
export async function benchColdScan(): Promise<void> {
  const service = await startOsvService({ records: [manyRecords(count)], maxConcurrentStreams: 250 });
  const relay = await startRelay(Number(new URL(service.tlsUrl).port), roundTripMs);
  const url = `https://127.0.0.1:${relay.port}`;
  const connect = (): OsvSource =>
    createOsvSource({ url, timeoutMs: 60_000, concurrency: 250, version: 'bench', network: { ca: service.ca } });
  service.faults.set('all', { kind: 'thinkTime', ms: serviceMs });
  const pins = manyPins(count, count).trim().split('\n').map(toPin);
  try {
    const samples = await interleave(
      [
        { name: 'floor', measure: () => withSource(connect, coldAndWarm) },
        { name: 'pinwatch', measure: () => withSource(connect, (source) => scanAll(source, pins)) },
        { name: 'serial', measure: () => withSource(connect, (source) => oneByOne(source, pins.slice(0, 10))) },
      ],
      { rounds: 7, warmUp: 1 },
    );
    const floor = { name: 'floor', title: 'one cold and one warm request' };
    const line = `${roundTripMs} ms round trip, ${serviceMs} ms service`;
    printRatio(`cold scan, ${count} pins and ${count} advisories, ${line}`, samples, 'pinwatch', floor);
    printRatio(`one request after the other for only 10 of them, ${line}`, samples, 'serial', floor);
  } finally {
    await relay.close();
    await service.close();
  }
}

async function withSource(connect: () => OsvSource, work: (source: OsvSource) => Promise<void>): Promise<number> {
  const source = connect();
  const start = performance.now();
  try {
    await work(source);
    return performance.now() - start;
  } finally {
    await source.close();
  }
}

async function coldAndWarm(source: OsvSource): Promise<void> {
  await source.record('PYSEC-2000-1', never);
  await source.record('PYSEC-2000-2', never);
}

async function scanAll(source: OsvSource, pins: readonly Pin[]): Promise<void> {
  const limits = { maxEntries: 10_000, answerTtlMs: 3_600_000, cleanTtlMs: 3_600_000, detailsMaxAgeMs: 3_600_000 };
  const scanner = createScanner({
    source,
    sourceId: 'bench',
    tiers: [],
    limits,
    clock: { now: () => Date.now() },
    log: quiet,
  });
  const outcomes = [...(await scanner.scan(pins, { signal: never })).values()];
  const complete = outcomes.filter(
    (outcome) => outcome.kind === 'assessed' && outcome.findings[0]?.missingDetails.length === 0,
  );
  if (complete.length !== pins.length) {
    throw new Error(`only ${complete.length} of ${pins.length} pins were assessed`);
  }
}

async function oneByOne(source: OsvSource, pins: readonly Pin[]): Promise<void> {
  for (const pin of pins) {
    const [answer] = await source.query([pin], never);
    for (const match of answer?.kind === 'matches' ? answer.matches : []) {
      await source.record(match.id, never);
    }
  }
}

const never = new AbortController().signal;
const quiet = { error() {}, warn() {}, info() {}, debug() {} };

function toPin(line: string): Pin {
  const [name = '', version = ''] = line.split('==');
  return { name: normalizeName(name), version };
}
