import type { DatabaseSync } from 'node:sqlite';
import { loadSqlite, numberOf } from './sqlite.ts';
import { sqliteFault } from './sqliteFault.ts';
import { inOneView } from './transaction.ts';

/** What a file of ours holds. */
export interface FileSchema {
  /** Four letters that tell our files from other people's. */
  readonly applicationId: number;
  /** Raise it when the tables change, or what is in them. */
  readonly version: number;
  /** Statements; they take the place of older tables where these may go. */
  readonly create: string;
  /** What was deleted can be given back to the system, page by page. */
  readonly givesBack?: boolean;
  /** Whether a file of this version has what it should have. Where absent: exactly what `create` makes. */
  readonly isComplete?: (database: DatabaseSync) => boolean;
}

/** `strange`: it says that it is ours, and does not have our tables. */
export type FileState = FileKind | 'strange';
export type FileKind = 'ours' | 'empty' | 'older' | 'newer' | 'foreign';

/** What kind of file this says it is. Throws where it is no SQLite file at all. */
export function fileKind(database: DatabaseSync, schema: FileSchema): FileKind {
  if (numberOf(database, 'PRAGMA application_id') !== schema.applicationId) {
    return numberOf(database, 'SELECT count(*) FROM sqlite_master') === 0 ? 'empty' : 'foreign';
  }
  const version = numberOf(database, 'PRAGMA user_version');
  return version === schema.version ? 'ours' : version < schema.version ? 'older' : 'newer';
}

/**
 * Makes the tables where there are none, or older ones. `refuse` throws for a file that has to stay as it is, or to go; it is
 * asked again before anything is written, since another process may have been quicker.
 */
export function prepareTables(database: DatabaseSync, schema: FileSchema, refuse: (state: FileState) => void): void {
  const state = inOneView(database, 'DEFERRED', () => fileState(database, schema));
  refuse(state);
  if (state === 'empty' && schema.givesBack === true) {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL'); // only an empty file takes it
  }
  chooseJournal(database);
  if (state !== 'ours') {
    inOneView(database, 'IMMEDIATE', () => createTables(database, schema, refuse));
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
    if (sqliteFault(error) === 'readOnly') {
      return 'truncate'; // it can still be read
    }
    throw error;
  }
}

// What a burst of writing leaves behind of the log is cut to this.
const journalBytes = 4 * 1024 * 1024;

/** Call it in a transaction: between two looks of their own another process may make the tables. */
function fileState(database: DatabaseSync, schema: FileSchema): FileState {
  const kind = fileKind(database, schema);
  const isComplete = schema.isComplete ?? ((one) => tablesOf(one) === tablesOfSchema(schema));
  return kind === 'ours' && !isComplete(database) ? 'strange' : kind;
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

function createTables(database: DatabaseSync, schema: FileSchema, refuse: (state: FileState) => void): void {
  const state = fileState(database, schema);
  refuse(state);
  if (state !== 'ours') {
    database.exec(schema.create);
    database.exec(`PRAGMA application_id = ${schema.applicationId}; PRAGMA user_version = ${schema.version}`);
  }
}
