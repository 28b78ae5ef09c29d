import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { deflateRawSync } from 'node:zlib';
import type { Advisory } from '../../../core/advisories/advisory.ts';
import { affectedVersions } from '../../../core/advisories/affectedVersions.ts';
import { DatabaseError, type DatabaseStatus } from '../../../engine/offline/advisoryDatabase.ts';
import type { Clock } from '../../../engine/ports.ts';
import { isFuture, readMeta, readStatus, writeMeta } from './databaseStatus.ts';
import { advisorySchema, databaseFileName } from './schema.ts';
import { isInstant } from '../../../core/advisories/recordFaults.ts';
import { prepareTables } from '../sqlite/fileSchema.ts';
import { fileIdentity, isSound, openSqlite } from '../sqlite/openSqlite.ts';
import { numberOf, toDatabaseError, withSqliteErrors } from '../sqlite/sqlite.ts';
import type { Stamp } from './changeList.ts';
import { encodeStretches } from './stretches.ts';
import { createOwnFile } from '../files/write/createOwnFile.ts';
import { errorCode } from '../files/errorCode.ts';
import { makeFolder } from '../files/write/makeFolder.ts';
import { checkSharedFile } from './sharedFile.ts';
import { inOneViewUntil } from '../sqlite/transaction.ts';

/**
 * Opens for writing, and makes folder and file where they are missing, for this user alone. A file that is not ours, is
 * damaged or has another schema is moved aside first, never overwritten. Throws `DatabaseError`.
 */
export function writeDatabase(folder: string, clock: Clock, waitMs = defaultWaitMs): DatabaseWriter {
  const file = path.join(folder, databaseFileName);
  try {
    makeFolder(folder);
    createOwnFile(file);
  } catch (error) {
    const why = errorCode(error) || String(error);
    throw new DatabaseError('io', `The database in "${folder}" could not be made (${why}).`, { cause: error });
  }
  checkSharedFile(file);
  const identity = fileIdentity(file);
  const present = openUsable(file, waitMs);
  if (present !== undefined) {
    return new DatabaseWriter(present, file, clock, undefined);
  }
  // Another process may have done so already; then the file is the one it makes.
  const aside = fileIdentity(file) === identity ? moveAside(file, clock.now()) : undefined;
  createOwnFile(file);
  const fresh = openUsable(file, waitMs);
  if (fresh === undefined) {
    throw new DatabaseError('io', `The advisory database "${file}" could not be made.`);
  }
  return new DatabaseWriter(fresh, file, clock, aside);
}

// For another process that writes; it blocks, since SQLite is synchronous.
const defaultWaitMs = 3_000;

/** `undefined` for a file that has to go out of the way. */
function openUsable(file: string, waitMs: number): DatabaseSync | undefined {
  try {
    return openSqlite(file, { access: 'write', waitMs }, (database) => {
      prepareTables(database, advisorySchema, (state) => {
        if (state !== 'empty' && (state !== 'ours' || !isSound(database))) {
          throw new DatabaseError('unusable', `"${file}" is ${state}`);
        }
      });
    });
  } catch (error) {
    const failure = toDatabaseError(file, error);
    if (failure instanceof DatabaseError && failure.reason === 'unusable') {
      return undefined;
    }
    throw failure;
  }
}

function moveAside(file: string, now: number): string {
  const aside = `${file}.${new Date(now).toISOString().replace(/\D/gu, '').slice(0, 14)}.aside`;
  try {
    for (const part of ['', '-wal', '-shm']) {
      // A log left beside a new file would be taken for its own.
      if (existsSync(file + part)) {
        renameSync(file + part, aside + part);
      }
    }
    return aside;
  } catch (error) {
    const why = errorCode(error) || String(error);
    const message = `"${file}" cannot be used and could not be moved aside (${why}). Delete it and try again.`;
    throw new DatabaseError('io', message, { cause: error });
  }
}

/** In the column `withdrawn`. What could be read in part only is asked for again with each update. */
const states = { live: 0, withdrawn: 1, partial: 2 } as const;

/** The one connection that writes. Not safe for two transactions at once. */
export class DatabaseWriter {
  /** Where a file that could not be used is now. */
  readonly setAside: string | undefined;
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #putRecord: StatementSync;
  readonly #forgetPackages: StatementSync;
  readonly #putPackage: StatementSync;
  readonly #modifiedOf: StatementSync;

  constructor(database: DatabaseSync, file: string, clock: Clock, setAside: string | undefined) {
    this.#database = database;
    this.#path = file;
    this.#clock = clock;
    this.setAside = setAside;
    this.#putRecord = database.prepare(
      'INSERT OR REPLACE INTO records (id, modified, listed, withdrawn, body) VALUES (?, ?, ?, ?, ?)',
    );
    this.#forgetPackages = database.prepare('DELETE FROM affected WHERE id = ?');
    this.#putPackage = database.prepare('INSERT INTO affected (name, id, modified, stretches) VALUES (?, ?, ?, ?)');
    this.#modifiedOf = database.prepare('SELECT modified FROM records WHERE id = ?');
  }

  get hasRecords(): boolean {
    return withSqliteErrors(this.#path, () => readMeta(this.#database, 'importedAt') > 0);
  }

  /** All that `write` does becomes visible at once, or nothing of it where it throws. */
  async transaction<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await inOneViewUntil(this.#database, async () => {
        const result = await write();
        writeMeta(this.#database, 'importedAt', this.#clock.now());
        return result;
      });
    } catch (error) {
      throw toDatabaseError(this.#path, error);
    }
  }

  /**
   * Adds a record, or takes the place of the one with its id. `listed` is its stamp in OSV's list of changes; `isWhole`: all
   * of it could be read.
   */
  put(text: string, advisory: Advisory, listed: string | undefined, isWhole = true): void {
    const { id, modified, withdrawn, affected } = advisory;
    const body = deflateRawSync(text);
    const isLive = !isInstant(withdrawn);
    this.#putRecord.run(
      id,
      modified,
      listed ?? null,
      !isWhole ? states.partial : isLive ? states.live : states.withdrawn,
      body,
    );
    this.#forgetPackages.run(id);
    if (isLive) {
      for (const name of new Set(affected.map((entry) => entry.name))) {
        this.#putPackage.run(name, id, modified, encodeStretches(affectedVersions(advisory, name)));
      }
    }
  }

  /** When the record that is here was last changed, by its own word; `undefined` where there is none. */
  modifiedOf(id: string): string | undefined {
    const modified = this.#modifiedOf.get(id)?.['modified'];
    return typeof modified === 'string' ? modified : undefined;
  }

  /** Counts ids, each once. They lie in a temporary file of SQLite's: hundreds of thousands would fill the memory. */
  countDistinct(): { readonly size: number; add(id: string): void } {
    this.#database.exec(
      'CREATE TEMP TABLE IF NOT EXISTS counted (id TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM counted',
    );
    const put = this.#database.prepare('INSERT OR IGNORE INTO counted (id) VALUES (?)');
    let size = 0;
    return {
      get size() {
        return size;
      },
      add: (id) => (size += Number(put.run(id).changes)),
    };
  }

  countRecords(): number {
    return numberOf(this.#database, 'SELECT count(*) FROM records');
  }

  /** The stamps of every record that is here. */
  *stamps(): Generator<Stamp> {
    for (const row of this.#database.prepare('SELECT id, modified, listed, withdrawn FROM records').iterate()) {
      const { id, modified, listed, withdrawn } = row;
      if (typeof id === 'string' && typeof modified === 'string') {
        const isWhole = withdrawn !== states.partial;
        yield { id, modified, listed: typeof listed === 'string' ? listed : undefined, isWhole };
      }
    }
  }

  /** The data are complete up to this instant; never moves back, but from the future. */
  setCurrentAt(instant: number): void {
    const currentAt = readMeta(this.#database, 'currentAt');
    if (instant > currentAt || isFuture(currentAt, this.#clock.now())) {
      writeMeta(this.#database, 'currentAt', instant);
    }
  }

  status(): DatabaseStatus {
    return withSqliteErrors(this.#path, () => {
      // The log is folded into the file, so that its size is the whole size and the folder may become read-only.
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return readStatus(this.#database, this.#path, this.#clock.now());
    });
  }

  close(): void {
    this.#database.close();
  }
}
