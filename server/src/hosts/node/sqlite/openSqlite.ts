import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { loadSqlite } from './sqlite.ts';
import { sqliteFault } from './sqliteFault.ts';

export interface OpenSqlite {
  /** `read` never changes or creates anything. */
  readonly access: 'read' | 'write';
  /** How long to wait for another process. SQLite waits on the thread that calls it. */
  readonly waitMs: number;
}

/**
 * Opens a file and has `prepare` look at it first; closes it again where that throws. Throws what SQLite and `prepare`
 * throw, and a `DatabaseError` where this Node has no SQLite.
 */
export function openSqlite(
  file: string,
  { access, waitMs }: OpenSqlite,
  prepare: (database: DatabaseSync) => void,
): DatabaseSync {
  const database = access === 'read' ? openToRead(file, waitMs) : connect(file, { readOnly: false, waitMs });
  return orClose(database, () => {
    prepare(database);
    return database;
  });
}

function openToRead(file: string, waitMs: number): DatabaseSync {
  try {
    const database = connect(file, { readOnly: true, waitMs });
    return orClose(database, () => {
      database.exec('SELECT 1 FROM sqlite_master LIMIT 1');
      return database;
    });
  } catch (error) {
    // File or folder is read-only, so that the files beside a WAL database cannot be made. Nobody else can write there
    // either, unless a log was left behind.
    const isUnwritable = ['readOnly', 'cannotOpen'].includes(sqliteFault(error) ?? '');
    if (!isUnwritable || hasLog(file)) {
      throw error;
    }
    return connect(`${pathToFileURL(file).href}?immutable=1`, { readOnly: true, waitMs });
  }
}

function connect(
  location: string,
  { readOnly, waitMs }: { readonly readOnly: boolean; readonly waitMs: number },
): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(location, { readOnly });
  return orClose(database, () => {
    waitUpTo(database, waitMs); // before anything else; older Nodes do not know it as an option
    // Damage must not be taken for data, nor a strange schema run anything.
    database.exec('PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;');
    return database;
  });
}

/** Closes the database where the call throws. */
export function orClose<T>(database: DatabaseSync, call: () => T): T {
  try {
    return call();
  } catch (error) {
    database.close();
    throw error;
  }
}

/** From now on. */
export function waitUpTo(database: DatabaseSync, waitMs: number): void {
  database.exec(`PRAGMA busy_timeout = ${waitMs}`);
}

/** Tells a file from another one that has taken its place: SQLite itself does not notice. */
export function fileIdentity(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.dev}:${stats.ino}`;
}

/** Whether its pages make sense, looked at one by one. */
export function isSound(database: DatabaseSync): boolean {
  return database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok';
}

function hasLog(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
