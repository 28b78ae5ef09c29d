import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { loadSqlite, numberOf } from '../sqlite/sqlite.ts';
import { inOneView } from '../sqlite/transaction.ts';
import { CacheFileError, toCacheFileError } from './cacheFileError.ts';
import { prepareOwnFile } from './ownFile.ts';

/** What a file of ours holds. */
export interface FileSchema {
  /** Four letters that tell our files from other people's. */
  readonly applicationId: number;
  /** Raise it when the tables change. Older files are then built anew; newer ones are left alone. */
  readonly version: number;
  readonly create: string;
}

// SQLite waits on the thread that serves the editor: hardly at all, then, once the file is open. Whoever writes is soon
// done, and writing is tried again later.
const openTimeoutMs = 100;
const busyTimeoutMs = 5;
// What a burst of writing leaves behind of the log is cut to this.
const journalBytes = 4 * 1024 * 1024;
const mostSetAside = 2;

/** Whose file is believed. */
export interface FileTrust {
  /** Each row proves who wrote it, so that the folder may be anybody's. */
  readonly isSealed: boolean;
}

/** Opens the file, makes it if need be. Throws `CacheFileError` and nothing else; a file that is not ours stays as it is. */
function openCacheFile(file: string, schema: FileSchema, { isSealed }: FileTrust): DatabaseSync {
  const { DatabaseSync } = sqlite();
  try {
    // Names of packages may be nobody else's business.
    const database = new DatabaseSync(prepareOwnFile(file, schema.applicationId, isSealed));
    try {
      // Before anything else; older Nodes do not know it as an option.
      database.exec(`PRAGMA busy_timeout = ${openTimeoutMs}`);
      // Damage must not be taken for data, nor a strange schema run anything.
      database.exec('PRAGMA cell_size_check = ON; PRAGMA trusted_schema = OFF;');
      prepareTables(database, file, schema);
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

function prepareTables(database: DatabaseSync, file: string, schema: FileSchema): void {
  const state = inOneView(database, 'DEFERRED', () => stateOf(database, schema));
  refuseOthers(state, file);
  if (state === 'empty') {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL'); // only an empty file takes it
  }
  chooseJournal(database);
  if (state !== 'ours') {
    inOneView(database, 'IMMEDIATE', () => createTables(database, file, schema));
  }
}

/** Throws for a file that must stay as it is. */
function refuseOthers(state: FileState, file: string): void {
  switch (state) {
    case 'foreign':
      throw new CacheFileError(state, `Answers are kept in memory only: "${file}" belongs to another application.`);
    case 'newer':
      throw new CacheFileError(
        state,
        `Answers are kept in memory only: the cache "${file}" was made by a newer Pinwatch.`,
      );
    case 'strange':
      throw new CacheFileError('damaged', `The cache "${file}" does not have the tables that Pinwatch creates.`);
    case 'ours':
    case 'empty':
    case 'older':
  }
}

type FileState = 'ours' | 'empty' | 'older' | 'newer' | 'foreign' | 'strange';

/** Call it in a transaction: between two looks of their own another process may make the tables. */
function stateOf(database: DatabaseSync, schema: FileSchema): FileState {
  const ours = numberOf(database, 'PRAGMA application_id') === schema.applicationId;
  if (!ours) {
    return numberOf(database, 'SELECT count(*) FROM sqlite_master') === 0 ? 'empty' : 'foreign';
  }
  const version = numberOf(database, 'PRAGMA user_version');
  if (version !== schema.version) {
    return version < schema.version ? 'older' : 'newer';
  }
  return tablesOf(database) === tablesOfSchema(schema) ? 'ours' : 'strange';
}

/** A view in place of a table, or a trigger, could keep every look from ending. */
function tablesOf(database: DatabaseSync): string {
  return JSON.stringify(database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name').all());
}

function tablesOfSchema({ create }: FileSchema): string {
  const { DatabaseSync } = loadSqlite();
  const memory = new DatabaseSync(':memory:');
  try {
    memory.exec(create);
    return tablesOf(memory);
  } finally {
    memory.close();
  }
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

/** Another process may have been quicker. */
function createTables(database: DatabaseSync, file: string, schema: FileSchema): void {
  const state = stateOf(database, schema);
  refuseOthers(state, file);
  if (state !== 'ours') {
    database.exec(schema.create);
    database.exec(`PRAGMA application_id = ${schema.applicationId}; PRAGMA user_version = ${schema.version}`);
  }
}

/** An open file; `inTransaction` writes all of it or nothing. Throws `CacheFileError` and nothing else. */
export class CacheFile {
  readonly database: DatabaseSync;
  readonly #file: string;
  readonly #schema: FileSchema;
  readonly #identity: string;

  constructor(file: string, schema: FileSchema, trust: FileTrust) {
    this.#file = file;
    this.#schema = schema;
    this.database = openCacheFile(file, schema, trust);
    this.#identity = identityOf(file);
  }

  inTransaction<T>(work: () => T): T {
    return this.guarded(() =>
      inOneView(this.database, 'IMMEDIATE', () => {
        // A newer Pinwatch may have come along; and with a log beside the file SQLite itself does not notice that another
        // file has taken its place.
        const version = numberOf(this.database, 'PRAGMA user_version');
        if (version !== this.#schema.version || identityOf(this.#file) !== this.#identity) {
          throw new CacheFileError('replaced', `The cache "${this.#file}" was replaced by another process.`);
        }
        return work();
      }),
    );
  }

  guarded<T>(call: () => T): T {
    try {
      return call();
    } catch (error) {
      throw toCacheFileError(this.#file, error);
    }
  }

  /** Puts the log into the file if nobody else uses it just now, then closes. */
  close(): void {
    try {
      this.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The next one to open the file will do it.
    }
    try {
      this.database.close();
    } catch {
      // Nothing is lost: what was committed is in the log.
    }
  }
}

function identityOf(file: string): string {
  const stats = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? '' : `${stats.dev}:${stats.ino}`;
}

/**
 * Puts a damaged file out of the way and returns its new name; `undefined` if it is sound after all, because another
 * process did so first. Throws `CacheFileError`.
 */
export function setAside(file: string, schema: FileSchema, trust: FileTrust, now: number): string | undefined {
  if (isSound(file, schema, trust)) {
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

function isSound(file: string, schema: FileSchema, trust: FileTrust): boolean {
  try {
    const database = openCacheFile(file, schema, trust);
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
