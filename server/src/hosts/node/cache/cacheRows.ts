import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredEntry, StoredValue } from '../../../engine/store/cacheTier.ts';
import type { FileSchema } from '../sqlite/fileSchema.ts';
import { numberOf } from '../sqlite/sqlite.ts';
import { CacheFile } from './cacheFile.ts';
import { toCacheFileError } from './cacheFileError.ts';
import { encodeEntry } from './encodedEntry.ts';
import type { RowSeal } from './rowSeal.ts';

export const cacheFileName = 'cache.sqlite';

export const cacheSchema: FileSchema = {
  applicationId: 0x50696e43, // "PinC"
  version: 1,
  givesBack: true,
  create: `
    DROP TABLE IF EXISTS entries;
    CREATE TABLE entries (
      key TEXT PRIMARY KEY,
      checked_at INTEGER NOT NULL,  -- milliseconds since the epoch, as the others
      expires_at INTEGER NOT NULL,
      used_at INTEGER NOT NULL,     -- the last use, to within an hour
      checksum TEXT NOT NULL,       -- the seal, see rowSeal.ts
      json TEXT NOT NULL
    ) STRICT;
    CREATE INDEX entries_by_use ON entries (used_at);
    CREATE INDEX entries_by_expiry ON entries (expires_at);`,
};

export type Row =
  | { readonly kind: 'missing' }
  | { readonly kind: 'damaged' }
  /** Kept with another key, or with none: by somebody else, for all we know. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'found'; readonly value: StoredValue; readonly expiresAt: number; readonly usedAt: number };

export interface Changes {
  readonly entries: Iterable<StoredEntry>;
  /** Keys of rows that were read. */
  readonly used: Iterable<string>;
  /** Keys of rows to remove. */
  readonly damaged: Iterable<string>;
}

/** What of the changes is done with. */
export interface Written {
  readonly entries: readonly StoredEntry[];
  readonly used: readonly string[];
  readonly damaged: readonly string[];
}

/** How many rows, and whether there is nothing more to remove. */
export interface Removed {
  readonly count: number;
  readonly isDone: boolean;
}

// Deleted at once; a row may be megabytes long.
const evictionStep = 16;
const expiryStep = 200;

/** The table of an open file. Throws `CacheFileError` and nothing else. */
export class CacheRows {
  readonly #file: string;
  readonly #open: CacheFile;
  readonly #database: DatabaseSync;
  readonly #maxBytes: number;
  readonly #seal: RowSeal;
  readonly #pageBytes: number;
  readonly #select: StatementSync;
  readonly #upsert: StatementSync;
  readonly #touch: StatementSync;
  readonly #delete: StatementSync;

  constructor(file: string, maxBytes: number, seal: RowSeal) {
    this.#file = file;
    this.#maxBytes = maxBytes;
    this.#seal = seal;
    this.#open = new CacheFile(file, cacheSchema, { isSealed: seal.isSecret });
    const { database } = this.#open;
    this.#database = database;
    this.#pageBytes = numberOf(database, 'PRAGMA page_size');
    this.#select = database.prepare(
      // What is larger was not written by us, and is not taken into memory.
      'SELECT checked_at, expires_at, used_at, checksum, json FROM entries WHERE key = ?1 AND octet_length(json) <= ?2',
    );
    // What another process learned later stays, unless its clock was ahead of ours.
    this.#upsert = database.prepare(`
      INSERT INTO entries (key, checked_at, expires_at, used_at, checksum, json) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT (key) DO UPDATE SET
        checked_at = ?2, expires_at = ?3, used_at = ?4, checksum = ?5, json = ?6
      WHERE checked_at <= ?2 OR checked_at > ?4`);
    this.#touch = database.prepare('UPDATE entries SET used_at = ?1 WHERE key = ?2 AND used_at < ?1');
    this.#delete = database.prepare('DELETE FROM entries WHERE key = ?');
  }

  read(key: string): Row {
    let row: Record<string, unknown> | undefined;
    try {
      row = this.#select.get(key, this.#maxBytes);
    } catch (error) {
      if (error instanceof RangeError) {
        return { kind: 'damaged' }; // a number that cannot have been written
      }
      throw toCacheFileError(this.#file, error);
    }
    if (row === undefined) {
      return { kind: 'missing' };
    }
    return this.#decode(key, row);
  }

  #decode(key: string, row: Record<string, unknown>): Row {
    const { checked_at: checkedAt, expires_at: expiresAt, used_at: usedAt, checksum: seal, json: text } = row;
    if (
      typeof checkedAt !== 'number' ||
      typeof expiresAt !== 'number' ||
      typeof usedAt !== 'number' ||
      typeof text !== 'string'
    ) {
      return { kind: 'damaged' };
    }
    const check = this.#seal.check({ key, checkedAt, expiresAt, text }, seal);
    if (check !== 'right') {
      return { kind: check };
    }
    try {
      const json: unknown = JSON.parse(text);
      return { kind: 'found', value: { json, checkedAt }, expiresAt, usedAt };
    } catch {
      return { kind: 'damaged' }; // not written by us, though the seal is right
    }
  }

  /** As many of the changes as the time allows, in one transaction. */
  write(changes: Changes, now: number, budgetMs: number): Written {
    const until = performance.now() + budgetMs;
    return this.#open.inTransaction(() => {
      const damaged = takeUntil(until, changes.damaged, (key) => void this.#delete.run(key));
      let characters = 0;
      // Bounded in size too, so that the file cannot grow far beyond its cap before the oldest rows go.
      const entries = takeUntil(until, changes.entries, (entry) => {
        const encoded = encodeEntry(entry, now, this.#maxBytes / 8, this.#seal);
        if (encoded !== undefined) {
          const { key, checkedAt, expiresAt, text } = encoded;
          this.#upsert.run(key, checkedAt, expiresAt, now, encoded.seal, text);
          characters += text.length;
        }
        return characters > this.#maxBytes / 8;
      });
      const used = takeUntil(until, changes.used, (key) => void this.#touch.run(now, key));
      return { entries, used, damaged };
    });
  }

  /** The `checked_at` of what was written or used since then, by key; `undefined` where that is more than `most`. */
  writtenSince(sinceMs: number, most: number): ReadonlyMap<string, number> | undefined {
    // Whatever stands there comes as a number that JavaScript can hold.
    const sql = `SELECT key, max(-1, min(checked_at, ${Number.MAX_SAFE_INTEGER})) AS checked_at FROM entries
      WHERE used_at >= ? LIMIT ?`;
    const rows = this.#open.guarded(() => this.#database.prepare(sql).all(Math.trunc(sinceMs), most + 1));
    return rows.length > most ? undefined : new Map(rows.map((row) => [String(row['key']), Number(row['checked_at'])]));
  }

  /** Removes what is too old. */
  removeExpired(now: number): Removed {
    return this.#open.inTransaction(() => {
      const sql =
        'DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)';
      const count = Number(this.#database.prepare(sql).run(now, expiryStep).changes);
      return { count, isDone: count < expiryStep };
    });
  }

  /** Removes what was used longest ago while the file is over its cap. */
  evict(budgetMs: number): Removed {
    if (this.bytes <= this.#maxBytes) {
      return { count: 0, isDone: this.#shrink() };
    }
    const until = performance.now() + budgetMs;
    let count = 0;
    const done = this.#open.inTransaction(() => {
      const evict = this.#database.prepare(
        'DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries ORDER BY used_at LIMIT ?)',
      );
      // Somewhat below the cap, so that not every batch has to evict.
      while (this.bytes > this.#maxBytes * 0.9) {
        const evicted = Number(evict.run(evictionStep).changes);
        count += evicted;
        if (evicted === 0) {
          return true;
        }
        if (performance.now() > until) {
          return false;
        }
      }
      return true;
    });
    return { count, isDone: done && this.#shrink() };
  }

  /** Pages that are free are used again; they are given back where the file as a whole is too big. */
  #shrink(): boolean {
    const excess = numberOf(this.#database, 'PRAGMA page_count') - Math.ceil(this.#maxBytes / this.#pageBytes);
    const free = numberOf(this.#database, 'PRAGMA freelist_count');
    if (excess <= 0 || free === 0) {
      return true;
    }
    this.#open.guarded(() => this.#database.exec('PRAGMA incremental_vacuum(500)'));
    return Math.min(excess, free) <= 500;
  }

  /** How many rows are not believed. Looks at every one of them. */
  countRejected(): number {
    const keys = this.#open.guarded(() => this.#database.prepare('SELECT key FROM entries').all());
    return keys.filter(({ key }) => typeof key !== 'string' || this.read(key).kind !== 'found').length;
  }

  clear(): number {
    const count = this.#open.inTransaction(() => {
      const before = this.entries;
      this.#database.exec('DELETE FROM entries');
      return before;
    });
    this.#open.guarded(() => this.#database.exec('PRAGMA incremental_vacuum'));
    return count;
  }

  get entries(): number {
    return this.#open.guarded(() => numberOf(this.#database, 'SELECT count(*) FROM entries'));
  }

  /** What is in use of the file. */
  get bytes(): number {
    const pages = this.#open.guarded(
      () => numberOf(this.#database, 'PRAGMA page_count') - numberOf(this.#database, 'PRAGMA freelist_count'),
    );
    return pages * this.#pageBytes;
  }

  close(): void {
    this.#open.close();
  }
}

/** Handles one after the other, at least one, until the time is over or the call says that it is enough. */
function takeUntil<T>(until: number, values: Iterable<T>, handle: (value: T) => boolean | void): readonly T[] {
  const taken: T[] = [];
  for (const value of values) {
    const enough = handle(value);
    taken.push(value);
    if (enough === true || performance.now() > until) {
      break;
    }
  }
  return taken;
}
