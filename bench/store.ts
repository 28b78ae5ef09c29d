import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createDiskCache } from '../server/src/hosts/node/cache/diskCache.ts';
import { systemClock } from '../server/src/hosts/node/process/systemClock.ts';
import type { CacheTier, StoredEntry } from '../server/src/engine/store/cacheTier.ts';
import { interleave } from './interleave.ts';
import { printRatio } from './printRatio.ts';

const held = 10_000;
const asked = 200;
const added = 1_000;
const rounds = 41;

/** The cache on disk against plain node:sqlite that does the same without checksums, cap, expiry or care for anybody else. */
export async function benchStore(): Promise<void> {
  const root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-bench-'));
  try {
    const folder = path.join(root, 'held');
    await fill(folder, held);
    const plainFile = path.join(root, 'plain.sqlite');
    const plain = openPlain(plainFile);
    plainWrite(
      plain,
      Array.from({ length: held }, (_, index) => entryAt(index)),
    );
    plain.close();
    await benchOpen(folder, plainFile);
    await benchRead(folder, plainFile);
    await benchWrite(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function benchOpen(folder: string, plainFile: string): Promise<void> {
  const [key = ''] = keysFrom(17);
  const samples = await interleave(
    [
      {
        name: 'cache',
        measure: async () => {
          const start = performance.now();
          const cache = cacheOn(folder);
          await cache.read([key]);
          const ms = performance.now() - start;
          await cache.close();
          return ms;
        },
      },
      {
        name: 'plain',
        measure: () => {
          const start = performance.now();
          const database = openPlain(plainFile);
          plainRead(database, [key]);
          const ms = performance.now() - start;
          database.close();
          return Promise.resolve(ms);
        },
      },
    ],
    { rounds, warmUp: 5 },
  );
  report(`open a cache of ${held} entries and read one`, samples);
}

async function benchRead(folder: string, plainFile: string): Promise<void> {
  const cache = cacheOn(folder);
  const plain = openPlain(plainFile);
  const samples = await interleave(
    [
      {
        name: 'cache',
        measure: async () => {
          const keys = keysFrom(Math.floor(Math.random() * (held - asked)));
          const start = performance.now();
          const { size } = await cache.read(keys);
          return checked(size, performance.now() - start);
        },
      },
      {
        name: 'plain',
        measure: () => {
          const keys = keysFrom(Math.floor(Math.random() * (held - asked)));
          const start = performance.now();
          const { size } = plainRead(plain, keys);
          return Promise.resolve(checked(size, performance.now() - start));
        },
      },
    ],
    { rounds: rounds * 5, warmUp: 20 },
  );
  await cache.close();
  plain.close();
  report(`read ${asked} of ${held} entries`, samples);
}

async function benchWrite(root: string): Promise<void> {
  const entries = Array.from({ length: added }, (_, index) => entryAt(index));
  let round = 0;
  const hotPath: number[] = [];
  const samples = await interleave(
    [
      {
        name: 'cache',
        measure: async () => {
          const cache = cacheOn(path.join(root, `write${round++}`));
          await cache.read(['none']); // opens it
          const start = performance.now();
          cache.write(entries);
          hotPath.push(performance.now() - start);
          await cache.close();
          return performance.now() - start;
        },
      },
      {
        name: 'plain',
        measure: () => {
          const database = openPlain(path.join(root, `plain${round++}.sqlite`));
          const start = performance.now();
          plainWrite(database, entries);
          database.close();
          return Promise.resolve(performance.now() - start);
        },
      },
    ],
    { rounds, warmUp: 3 },
  );
  report(`write ${added} entries and close`, samples);
  console.log(`  of that on the caller's path: ${percentiles(hotPath)}`);
}

function report(what: string, samples: ReadonlyMap<string, readonly number[]>): void {
  printRatio(what, samples, 'cache', { name: 'plain', title: 'plain node:sqlite' });
  console.log(`  cache ${percentiles(samples.get('cache') ?? [])}; plain ${percentiles(samples.get('plain') ?? [])}`);
}

function percentiles(samples: readonly number[]): string {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.floor(share * (sorted.length - 1))] ?? NaN).toFixed(2);
  return `p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

function checked(size: number, ms: number): number {
  if (size !== asked) {
    throw new Error(`${size} of ${asked} entries were found`);
  }
  return ms;
}

async function fill(folder: string, count: number): Promise<void> {
  const cache = cacheOn(folder);
  cache.write(Array.from({ length: count }, (_, index) => entryAt(index)));
  await cache.close();
}

function cacheOn(folder: string): CacheTier {
  const complain = (message: string): void => console.error(message);
  return createDiskCache({
    folder,
    maxBytes: 256 * 1024 * 1024,
    clock: systemClock,
    log: { error: complain, warn: complain, info: complain, debug: complain },
  });
}

function openPlain(file: string): DatabaseSync {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL');
  database.exec('CREATE TABLE IF NOT EXISTS entries (key TEXT PRIMARY KEY, checked_at INTEGER, json TEXT) STRICT');
  return database;
}

function plainRead(database: DatabaseSync, keys: readonly string[]): ReadonlyMap<string, unknown> {
  const select = database.prepare('SELECT checked_at, json FROM entries WHERE key = ?');
  const found = new Map<string, unknown>();
  for (const key of keys) {
    const row = select.get(key);
    if (row !== undefined) {
      const json: unknown = JSON.parse(String(row['json']));
      found.set(key, { json, checkedAt: row['checked_at'] });
    }
  }
  return found;
}

function plainWrite(database: DatabaseSync, entries: readonly StoredEntry[]): void {
  const insert = database.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?, ?)');
  database.exec('BEGIN IMMEDIATE');
  for (const { key, checkedAt, json } of entries) {
    insert.run(key, checkedAt, JSON.stringify(json));
  }
  database.exec('COMMIT');
}

function keysFrom(first: number): readonly string[] {
  return Array.from({ length: asked }, (_, index) => keyAt(first + index));
}

function keyAt(index: number): string {
  return createHash('sha256').update(`key ${index}`).digest('base64url');
}

/** About as big as an advisory. */
function entryAt(index: number): StoredEntry {
  const details = createHash('sha512').update(`text ${index}`).digest('hex').repeat(20);
  const affected = Array.from({ length: 60 }, (_, minor) => `1.${minor}.${index % 10}`);
  const json = { id: `GHSA-${index}`, details, affected };
  return { key: keyAt(index), json, checkedAt: Date.now(), maxAgeMs: 24 * 60 * 60_000 };
}
