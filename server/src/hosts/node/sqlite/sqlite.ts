import type * as sqliteModule from 'node:sqlite';
import { DatabaseError } from '../../../engine/offline/advisoryDatabase.ts';
import { sqliteFault } from './sqliteFault.ts';

type Sqlite = typeof sqliteModule;

/** Node's SQLite, loaded when it is first needed. Before 22.13 it is hidden behind a flag, or not there at all. */
export function loadSqlite(): Sqlite {
  // Node 20.15 and older lack even this function.
  const sqlite: Sqlite | undefined = (process as Partial<NodeJS.Process>).getBuiltinModule?.('node:sqlite');
  if (sqlite === undefined) {
    const message = `The advisory database needs Node 22.13 or newer; this is Node ${process.versions.node}.`;
    throw new DatabaseError('unsupported', message);
  }
  return sqlite;
}

/** Calls and puts what SQLite throws into words: whose file it is, what happened, what to do. */
export function withSqliteErrors<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw toDatabaseError(path, error);
  }
}

export function toDatabaseError(path: string, error: unknown): unknown {
  const options = { cause: error };
  switch (sqliteFault(error)) {
    case undefined:
      return error;
    case 'busy':
      return new DatabaseError('busy', `Another process is writing to the advisory database "${path}".`, options);
    case 'damaged':
      return new DatabaseError('unusable', `The advisory database "${path}" is damaged. ${rebuild}`, options);
    case 'strange':
      return new DatabaseError('unusable', `The advisory database "${path}" cannot be read. ${rebuild}`, options);
    case 'readOnly':
    case 'cannotOpen':
    case 'full':
    case 'replaced':
    case 'other': {
      const why = error instanceof Error ? error.message : String(error);
      return new DatabaseError('io', `The advisory database "${path}" could not be used: ${why}.`, options);
    }
  }
}

export const rebuild = 'Run "pinwatch db update", or "pinwatch db import FILE", to rebuild it.';

/** A number out of a row, a pragma or a count; 0 where there is none. */
export function numberOf(database: sqliteModule.DatabaseSync, sql: string, ...values: readonly string[]): number {
  const [value] = Object.values(database.prepare(sql).get(...values) ?? {});
  return typeof value === 'number' ? value : 0;
}
