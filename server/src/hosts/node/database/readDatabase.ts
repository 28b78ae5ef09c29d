import type { PackageName } from '../../../core/packages/packageName.ts';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { inflateRawSync } from 'node:zlib';
import { LRUCache } from 'lru-cache';
import { affects } from '../../../core/advisories/affects.ts';
import { decodeOsv } from '../../../core/advisories/decodeOsv.ts';
import type { Version } from '../../../core/versions/version.ts';
import { setHas, type VersionSet } from '../../../core/versions/versionSet.ts';
import { type AdvisoryDatabase, DatabaseError, type DatabaseStatus } from '../../../engine/offline/advisoryDatabase.ts';
import type { Clock, Match } from '../../../engine/ports.ts';
import { readAgeSeconds, readMeta, readStatus } from './databaseStatus.ts';
import { advisorySchema, databaseFileName } from './schema.ts';
import { checkSharedFile } from './sharedFile.ts';
import { fileKind } from '../sqlite/fileSchema.ts';
import { fileIdentity, openSqlite, orClose } from '../sqlite/openSqlite.ts';
import { loadSqlite, numberOf, rebuild, withSqliteErrors } from '../sqlite/sqlite.ts';
import { decodeStretches } from './stretches.ts';

/**
 * Opens for reading only; never changes, moves or creates a file. One that is another user's is read, and `warn` is called.
 * Throws `DatabaseError`.
 */
export function readDatabase(folder: string, clock: Clock, warn: (message: string) => void): AdvisoryDatabase {
  const file = path.join(folder, databaseFileName);
  loadSqlite(); // where there is none, the advice to make a database would lead nowhere
  if (!existsSync(file)) {
    throw noDatabase(folder);
  }
  const { stranger } = checkSharedFile(file);
  if (stranger !== undefined) {
    warn(stranger);
  }
  return withSqliteErrors(file, () => {
    const database = openSqlite(file, { access: 'read', waitMs: busyTimeoutMs }, (opened) => {
      const kind = fileKind(opened, advisorySchema);
      if (kind === 'empty' || (kind === 'ours' && readMeta(opened, 'importedAt') === 0)) {
        throw noDatabase(folder);
      }
      if (kind !== 'ours') {
        throw new DatabaseError('unusable', `"${file}" ${whatItIs[kind]}. ${rebuild}`);
      }
    });
    return orClose(database, () => new SqliteDatabase(database, file, clock));
  });
}

const whatItIs = {
  older: 'was made by an older Pinwatch',
  newer: 'was made by a newer Pinwatch',
  foreign: 'is not an advisory database',
} as const;

// Reading waits only for the instant in which a writer folds its log back; this runs on the editor's event loop.
const busyTimeoutMs = 300;

function noDatabase(folder: string): DatabaseError {
  const message = `There is no advisory database in "${folder}". Make one with the command "Pinwatch: Update Local Database", or with "pinwatch db update" in a terminal.`;
  return new DatabaseError('missing', message);
}

/** One stretch of the table that is in the order of names and ids; `records` takes no part. */
export const matchSql = 'SELECT id, modified, stretches FROM affected WHERE name = ? ORDER BY id';

interface KnownAdvisory extends Match {
  readonly versions: VersionSet;
}

// Of 12,000 packages with advisories one session sees few; most have one or two.
const mostPackages = 4_000;

class SqliteDatabase implements AdvisoryDatabase {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #byName: StatementSync;
  readonly #byId: StatementSync;
  readonly #packages = new LRUCache<PackageName, readonly KnownAdvisory[]>({ max: mostPackages });
  readonly #identity: string;
  #seenVersion: number;

  constructor(database: DatabaseSync, file: string, clock: Clock) {
    this.#database = database;
    this.#path = file;
    this.#identity = fileIdentity(file);
    this.#clock = clock;
    this.#byName = database.prepare(matchSql);
    this.#byId = database.prepare('SELECT body FROM records WHERE id = ?');
    this.#seenVersion = numberOf(database, 'PRAGMA data_version');
  }

  advisoriesOf(name: PackageName): readonly Match[] {
    return this.#package(name);
  }

  advisoriesAffecting(name: PackageName, version: Version): readonly Match[] {
    const advisories = this.#package(name);
    if (version.normal === '0') {
      // OSV sorts it below every version, where no stretch reaches.
      return advisories.filter(({ id }) => {
        const { advisory } = decodeOsv(this.record(id));
        return advisory !== undefined && affects(advisory, name, version);
      });
    }
    return advisories.filter(({ versions }) => setHas(versions, version.key));
  }

  record(id: string): unknown {
    const body = withSqliteErrors(this.#path, () => this.#byId.get(id)?.['body']);
    if (body === undefined) {
      return undefined;
    }
    try {
      return JSON.parse(inflateRawSync(body instanceof Uint8Array ? body : '').toString('utf8'));
    } catch (error) {
      throw new DatabaseError('unusable', `${id} is damaged in "${this.#path}". ${rebuild}`, { cause: error });
    }
  }

  status(): DatabaseStatus {
    return withSqliteErrors(this.#path, () => readStatus(this.#database, this.#path, this.#clock.now()));
  }

  ageSeconds(): number | undefined {
    return withSqliteErrors(this.#path, () => readAgeSeconds(this.#database, this.#clock.now()));
  }

  refresh(): boolean {
    if (fileIdentity(this.#path) !== this.#identity) {
      return false;
    }
    const version = withSqliteErrors(this.#path, () => numberOf(this.#database, 'PRAGMA data_version'));
    if (version !== this.#seenVersion) {
      this.#seenVersion = version;
      this.#packages.clear();
    }
    return true;
  }

  close(): void {
    this.#database.close();
  }

  #package(name: PackageName): readonly KnownAdvisory[] {
    const known = this.#packages.get(name);
    if (known !== undefined) {
      return known;
    }
    const advisories = this.#read(name);
    this.#packages.set(name, advisories);
    return advisories;
  }

  #read(name: PackageName): readonly KnownAdvisory[] {
    const rows = withSqliteErrors(this.#path, () => this.#byName.all(name));
    return rows.map(({ id, modified, stretches }) => {
      const versions = typeof stretches === 'string' ? decodeStretches(stretches) : undefined;
      if (typeof id !== 'string' || typeof modified !== 'string' || versions === undefined) {
        throw new DatabaseError('unusable', `What "${this.#path}" has about ${name} is damaged. ${rebuild}`);
      }
      return { id, modified, versions };
    });
  }
}
