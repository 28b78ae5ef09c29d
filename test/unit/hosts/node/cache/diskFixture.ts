import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createDiskCache } from '../../../../../server/src/hosts/node/cache/diskCache.ts';
import type { CacheTier, StoredEntry } from '../../../../../server/src/engine/store/cacheTier.ts';
import { noon } from '../../../../support/builders.ts';
import { FakeTimers } from '../../../../support/fakeTimers.ts';

export const hourMs = 60 * 60_000;

/** A folder of its own with caches on it, a clock and timers in the hand of the test; `dispose` closes and removes. */
export class DiskFixture {
  readonly root = mkdtempSync(path.join(tmpdir(), 'pinwatch-cache-'));
  readonly folder = path.join(this.root, 'cache');
  readonly file = path.join(this.folder, 'cache.sqlite');
  readonly timers = new FakeTimers();
  readonly said: string[] = [];
  /** What the log was told of removals. */
  readonly audited: unknown[] = [];
  now = noon;
  readonly #open: CacheTier[] = [];

  cache(maxBytes = 16 * 1024 * 1024, folder = this.folder): CacheTier {
    const say = (message: string): void => void this.said.push(message);
    const cache = createDiskCache({
      folder,
      maxBytes,
      clock: { now: () => this.now },
      log: { error: say, warn: say, info: say, debug: (_message, facts) => void this.audited.push(facts) },
      after: (delayMs, call) => this.timers.after(delayMs, call),
    });
    this.#open.push(cache);
    return cache;
  }

  /** Fires timers, and those they start, until none waits. */
  settle(): void {
    while (this.timers.delaysMs.length > 0) {
      this.timers.elapse(Infinity);
    }
  }

  /** Writes by a cache of its own, which is closed then. */
  async fill(...entries: readonly StoredEntry[]): Promise<void> {
    const cache = this.cache();
    cache.write(entries);
    await cache.close();
  }

  /** Runs on the file from outside. */
  sql<T>(work: (database: DatabaseSync) => T): T {
    const database = new DatabaseSync(this.file);
    try {
      return work(database);
    } finally {
      database.close();
    }
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#open.map((cache) => cache.close()));
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function entry(key: string, json: unknown = { of: key }, checkedAt = noon, maxAgeMs = hourMs): StoredEntry {
  return { key, json, checkedAt, maxAgeMs };
}

/** What is kept under a key in tests that must tell a right answer from a wrong one. */
export function valueOf(key: string): unknown {
  return { key, text: `${key}/`.repeat(200) };
}

/** SQLite's own verdict. */
export function integrity(file: string): unknown {
  const database = new DatabaseSync(file, { timeout: 5_000 });
  try {
    return database.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
  } finally {
    database.close();
  }
}

/** What `useCache.ts` prints. */
export interface Used {
  readonly found: Readonly<Record<string, unknown>>;
  readonly trouble: string | undefined;
  readonly said: readonly string[];
}
