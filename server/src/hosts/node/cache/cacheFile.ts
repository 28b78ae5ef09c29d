import { readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type FileSchema, type FileState, prepareTables } from '../sqlite/fileSchema.ts';
import { fileIdentity, isSound, openSqlite, waitUpTo } from '../sqlite/openSqlite.ts';
import { loadSqlite, numberOf } from '../sqlite/sqlite.ts';
import { inOneView } from '../sqlite/transaction.ts';
import { CacheFileError, toCacheFileError } from './cacheFileError.ts';
import { prepareOwnFile } from './ownFile.ts';

// SQLite waits on the thread that serves the editor: hardly at all, then, once the file is open. The one who writes is soon
// done, and writing is tried again later.
const openTimeoutMs = 100;
const busyTimeoutMs = 5;
const mostSetAside = 2;

/** Whose file is believed. */
export interface FileTrust {
  /** Each row proves who wrote it, so that the folder may be anybody's. */
  readonly isSealed: boolean;
}

/** Opens the file, makes it if need be. Throws `CacheFileError` and nothing else; a file that is not ours stays as it is. */
function openCacheFile(file: string, schema: FileSchema, { isSealed }: FileTrust): DatabaseSync {
  requireSqlite();
  try {
    // Names of packages may be nobody else's business.
    const own = prepareOwnFile(file, schema.applicationId, isSealed);
    return openSqlite(own, { access: 'write', waitMs: openTimeoutMs }, (database) => {
      prepareTables(database, schema, (state) => refuseOthers(state, file));
      waitUpTo(database, busyTimeoutMs);
    });
  } catch (error) {
    throw toCacheFileError(file, error);
  }
}

function requireSqlite(): void {
  try {
    loadSqlite();
  } catch (error) {
    throw new CacheFileError(
      'unsupported',
      `Answers are kept in memory only: a cache on disk needs Node 22.13 or newer; this is Node ${process.versions.node}.`,
      { cause: error },
    );
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
    this.#identity = fileIdentity(file);
  }

  inTransaction<T>(work: () => T): T {
    return this.guarded(() =>
      inOneView(this.database, 'IMMEDIATE', () => {
        // A newer Pinwatch may have come along; and with a log beside the file SQLite itself does not notice that another
        // file has taken its place.
        const version = numberOf(this.database, 'PRAGMA user_version');
        if (version !== this.#schema.version || fileIdentity(this.#file) !== this.#identity) {
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

/**
 * Puts a damaged file out of the way and returns its new name; `undefined` if it is sound after all, because another
 * process did so first. Throws `CacheFileError`.
 */
export function setAside(file: string, schema: FileSchema, trust: FileTrust, now: number): string | undefined {
  if (isFileSound(file, schema, trust)) {
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

function isFileSound(file: string, schema: FileSchema, trust: FileTrust): boolean {
  try {
    const database = openCacheFile(file, schema, trust);
    try {
      return isSound(database);
    } finally {
      database.close();
    }
  } catch (error) {
    const { fault } = toCacheFileError(file, error);
    // What cannot be judged now is left where it is.
    return fault !== 'damaged';
  }
}
