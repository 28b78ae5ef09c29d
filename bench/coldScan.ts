import { type ClientHttp2Session, connect as openSession } from 'node:http2';
import { text } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import type { Pin } from '../server/src/core/assessment/pin.ts';
import { normalizeName, type PackageName } from '../server/src/core/packages/packageName.ts';
import { createOsvSource, type OsvSource } from '../server/src/hosts/node/osv/osvSource.ts';
import { createScanner } from '../server/src/engine/lookup/createScanner.ts';
import { AdvisoryStore } from '../server/src/engine/store/advisoryStore.ts';
import { startDistantService } from './distantService.ts';
import { interleave, type Variant } from './interleave.ts';
import { manyPins } from './manyPins.ts';
import { printRatio } from './printRatio.ts';

const count = 200;
const roundTripMs = 50;
const serviceMs = 10;
const serialShare = 10;
const line = `${roundTripMs} ms round trip, ${serviceMs} ms service`;

/** What the service lets a client have at a time on one connection, and `osv.concurrency` with it. */
const limits = [
  { streams: 100, concurrency: 100 },
  { streams: 250, concurrency: 250 },
] as const;

/** 200 pins with one advisory each, over a line with a delay: all unknown, and the details alone. */
export async function benchColdScan(): Promise<void> {
  for (const limit of limits) {
    await benchLimit(limit);
  }
}

async function benchLimit({ streams, concurrency }: (typeof limits)[number]): Promise<void> {
  const service = await startDistantService({ count, roundTripMs, serviceMs, streams });
  const { url } = service;
  const connect = (): OsvSource =>
    createOsvSource({ url, timeoutMs: 60_000, concurrency, version: 'bench', network: { ca: service.ca } });
  const pins = manyPins(count, count).trim().split('\n').map(toPin);
  const names = pins.map(({ name }) => name);
  const few = names.slice(0, count / serialShare);
  const warm = connect();
  const bare = openSession(url, { ca: service.ca, settings: { initialWindowSize: 4 * 1024 * 1024 } });
  bare.once('connect', () => bare.setLocalWindowSize(16 * 1024 * 1024));
  await warm.package(few[0] ?? names[0] ?? normalizeName('none'), never);
  const http1 = (connections: number): Variant => ({
    name: `http1-${connections}`,
    measure: () => overHttp1(url, service.ca, connections, names),
  });
  const what = `(${streams} streams at once, ${line})`;
  try {
    const cold = await interleave(
      [
        { name: 'floor', measure: () => withSource(connect, (source) => coldAndWarm(source, pins)) },
        { name: 'pinwatch', measure: () => withSource(connect, (source) => scanAll(source, pins)) },
        { name: 'serial', measure: () => withSource(connect, (source) => oneByOne(source, few)) },
        http1(6),
        http1(50),
      ],
      { rounds: 9, warmUp: 2 },
    );
    const floor = { name: 'floor', title: 'one cold and one warm request' };
    printRatio(`cold scan, ${count} pins, ${count} advisories ${what}`, cold, 'pinwatch', floor);
    const scan = { name: 'pinwatch', title: 'that scan' };
    printRatio(`  one after the other, HTTP/2, only ${few.length} packages`, cold, 'serial', scan);
    printRatio('  details alone over HTTP/1.1, 6 connections', cold, 'http1-6', scan);
    printRatio('  details alone over HTTP/1.1, 50 connections', cold, 'http1-50', scan);
    const wave = await interleave(
      [
        { name: 'one', measure: () => timed(() => warm.package(names[0] ?? normalizeName('none'), never)) },
        { name: 'wave', measure: () => timed(() => Promise.all(names.map((name) => warm.package(name, never)))) },
        { name: 'bare', measure: () => timed(() => Promise.all(names.map((name) => bareDetails(bare, name)))) },
      ],
      // The stand-in has just begun too: its first answers take twice the time of later ones.
      { rounds: 21, warmUp: 12 },
    );
    const one = { name: 'one', title: 'one request' };
    printRatio(`details of ${count} packages, connection open ${what}`, wave, 'wave', one);
    printRatio('  the same by Node alone (node:http2), decoded and forgotten', wave, 'bare', one);
  } finally {
    bare.close();
    await warm.close();
    await service.close();
  }
}

async function withSource(connect: () => OsvSource, work: (source: OsvSource) => Promise<void>): Promise<number> {
  const source = connect();
  try {
    return await timed(() => work(source));
  } finally {
    await source.close();
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The kinds of requests of a scan, one of each. */
async function coldAndWarm(source: OsvSource, [pin]: readonly Pin[]): Promise<void> {
  if (pin !== undefined) {
    await source.query([pin], never);
    await source.package(pin.name, never);
  }
}

async function scanAll(source: OsvSource, pins: readonly Pin[]): Promise<void> {
  const ageMs = 3_600_000;
  const clock = { now: () => Date.now() };
  const limits = { maxEntries: 10_000, answerTtlMs: ageMs, cleanTtlMs: ageMs, detailsMaxAgeMs: ageMs };
  const store = new AdvisoryStore({ sourceId: 'bench', tiers: [], limits, clock });
  const scanner = createScanner({ source, store, clock, log: quiet });
  const outcomes = [...(await scanner.scan(pins, { signal: never })).values()];
  const complete = outcomes.filter(
    (outcome) => outcome.kind === 'assessed' && outcome.findings[0]?.missingDetails.length === 0,
  );
  if (complete.length !== pins.length) {
    throw new Error(`only ${complete.length} of ${pins.length} pins were assessed`);
  }
}

async function oneByOne(source: OsvSource, names: readonly PackageName[]): Promise<void> {
  for (const name of names) {
    await source.package(name, never);
  }
}

/** The strategy of a pool of HTTP/1.1 connections: the same requests, and nothing done with the answers but decoding. */
async function overHttp1(url: string, ca: string, connections: number, names: readonly PackageName[]): Promise<number> {
  const agent = new Agent({ allowH2: false, connections, pipelining: 1, connect: { ca } });
  try {
    return await timed(() =>
      Promise.all(
        names.map(async (name) => {
          const body = JSON.stringify({ package: { name, ecosystem: 'PyPI' } });
          const headers = { 'content-type': 'application/json' };
          const answer = await request(`${url}/v1/query`, { method: 'POST', body, headers, dispatcher: agent });
          return answer.body.json();
        }),
      ),
    );
  } finally {
    await agent.close();
  }
}

/** What any client on Node has to do. */
async function bareDetails(session: ClientHttp2Session, name: PackageName): Promise<unknown> {
  const stream = session.request({ ':method': 'POST', ':path': '/v1/query', 'content-type': 'application/json' });
  stream.end(JSON.stringify({ package: { name, ecosystem: 'PyPI' } }));
  return JSON.parse(await text(stream));
}

const never = new AbortController().signal;
const quiet = { error() {}, warn() {}, info() {}, debug() {} };

function toPin(text: string): Pin {
  const [name = '', version = ''] = text.split('==');
  return { name: normalizeName(name), version };
}
