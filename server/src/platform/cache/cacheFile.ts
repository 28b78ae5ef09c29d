import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { loadSqlite, numberOf } from '../database/sqlite.ts';
import { CacheFileError, toCacheFileError } from './cacheFileError.ts';

export const cacheFileName = 'cache.sqlite';

// "PinC": tells our files from other people's.
const applicationId = 0x50696e43;

/** Raise it when the table changes. Older files are then built anew; newer ones are left alone. */
export const cacheSchemaVersion = 1;

// SQLite waits on the thread that serves the editor: hardly at all, then, once the file is open. Whoever writes is soon
// done, and writing is tried again later.
const openTimeoutMs = 50;
const busyTimeoutMs = 5;
// What a burst of writing leaves behind of the log is cut to this.
const journalBytes = 4 * 1024 * 1024;
const mostSetAside = 2;

/** Opens the file, makes it if need be. Throws `CacheFileError` and nothing else; a file that is not ours stays as it is. */
export function openCacheFile(file: string): DatabaseSync {
  const { DatabaseSync } = sqlite();
  try {
    // Names of packages may be nobody else's business.
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const database = new DatabaseSync(file);
    try {
      // Before anything else; older Nodes do not know it as an option.
      database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}`);
      // Damage must not be taken for data, nor a strange schema run anything.
      database.exec('PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;');
      prepareFile(database, file);
      database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  } catch (error) {
    throw toCacheFileError(file, error);
  }
}

function sqlite(): ReturnType<typeof loadSqlite> {
  try {
    return loadSqlite();
  } catch (error) {
    throw new CacheFileError(
      'unsupported',
      `Answers are kept in memory only: a cache on disk needs Node 22.13 or newer; this is Node ${process.versions.node}.`,
      { cause: error },
    );
  }
}

function prepareFile(database: DatabaseSync, file: string): void {
  const state = stateOf(database);
  switch (state) {
    case 'foreign':
      throw new CacheFileError(state, `Answers are kept in memory only: "${file}" belongs to another application.`);
    case 'newer':
      throw new CacheFileError(
        state,
        `Answers are kept in memory only: the cache "${file}" was made by a newer Pinwatch.`,
      );
    case 'empty':
      database.exec('PRAGMA auto_vacuum = INCREMENTAL'); // only an empty file takes it
      chooseJournal(database);
      createTable(database);
      return;
    case 'older':
      chooseJournal(database);
      createTable(database);
      return;
    case 'ours':
      chooseJournal(database);
  }
}

type FileState = 'ours' | 'empty' | 'older' | 'newer' | 'foreign';

function stateOf(database: DatabaseSync): FileState {
  const ours = numberOf(database, 'PRAGMA application_id') === applicationId;
  if (!ours) {
    return numberOf(database, 'SELECT count(*) FROM sqlite_master') === 0 ? 'empty' : 'foreign';
  }
  const version = numberOf(database, 'PRAGMA user_version');
  return version === cacheSchemaVersion ? 'ours' : version < cacheSchemaVersion ? 'older' : 'newer';
}

/** A log beside the file, or, where memory cannot be shared (network drives), the older way. */
export function chooseJournal(database: DatabaseSync): 'wal' | 'truncate' {
  try {
    const mode = database.prepare('PRAGMA journal_mode = WAL').get()?.['journal_mode'];
    // Without a power cut both are safe; with one, the log may lose the last writes, but the file stays whole.
    database.exec(mode === 'wal' ? 'PRAGMA synchronous = NORMAL' : 'PRAGMA journal_mode = TRUNCATE');
    database.exec(`PRAGMA journal_size_limit = ${journalBytes}`);
    return mode === 'wal' ? 'wal' : 'truncate';
  } catch (error) {
    if (toCacheFileError('', error).fault === 'readOnly') {
      return 'truncate'; // it can still be read
    }
    throw error;
  }
}

function createTable(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been quicker.
    if (stateOf(database) !== 'ours') {
      database.exec(`
        DROP TABLE IF EXISTS entries;
        CREATE TABLE entries (
          key TEXT PRIMARY KEY,
          checked_at INTEGER NOT NULL,  -- milliseconds since the epoch, as the others
          expires_at INTEGER NOT NULL,
          used_at INTEGER NOT NULL,     -- the last use, to within an hour
          checksum TEXT NOT NULL,
          json TEXT NOT NULL
        ) STRICT;
        CREATE INDEX entries_by_use ON entries (used_at);
        CREATE INDEX entries_by_expiry ON entries (expires_at);
        PRAGMA application_id = ${applicationId};
        PRAGMA user_version = ${cacheSchemaVersion};
      `);
    }
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

export function rollBack(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite has rolled back by itself.
  }
}

/** Is the schema still the one that was opened? Asked within a transaction: a newer Pinwatch may have come along. */
export function schemaOf(database: DatabaseSync): number {
  return numberOf(database, 'PRAGMA user_version');
}

/**
 * Puts a damaged file out of the way and returns its new name; `undefined` if it is sound after all, because another
 * process did so first. Throws `CacheFileError`.
 */
export function setAside(file: string, now: number): string | undefined {
  if (isSound(file)) {
    return undefined;
  }
  const { dir, name, ext } = path.parse(file);
  const aside = `${name}.damaged-${now}${ext}`;
  try {
    // The log first: it must never be applied to the file that takes the place.
    rmSync(`${file}-wal`, { force: true });
    rmSync(`${file}-shm`, { force: true });
    renameSync(file, path.join(dir, aside));
    const earlier = readdirSync(dir)
      .filter((other) => other.startsWith(`${name}.damaged-`) && other !== aside)
      .sort();
    earlier.slice(0, Math.max(0, earlier.length + 1 - mostSetAside)).forEach((other) => {
      rmSync(path.join(dir, other), { force: true });
    });
    return aside;
  } catch (error) {
    throw toCacheFileError(file, error);
  }
}

function isSound(file: string): boolean {
  try {
    const database = openCacheFile(file);
    try {
      return database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok';
    } finally {
      database.close();
    }
  } catch (error) {
    const { fault } = toCacheFileError(file, error);
    // What cannot be judged now is left where it is.
    return fault !== 'damaged';
  }
}
