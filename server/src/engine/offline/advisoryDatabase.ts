import type { PackageName } from '../../core/packages/packageName.ts';
import type { Version } from '../../core/versions/version.ts';
import type { Match } from '../ports.ts';

/** Advisories on this machine, in a folder. Everything throws `DatabaseError` where the world fails. */
export interface AdvisoryDatabases {
  /** Where the database is when nobody says where. */
  readonly defaultFolder: string;
  /** Throws where there is no database with records: an empty one would call everything clean. */
  open(folder: string): AdvisoryDatabase;
  /** `undefined` where there is no database. */
  status(folder: string): DatabaseStatus | undefined;
  /** All of the file, or nothing. What the file does not mention stays. */
  importFile(folder: string, file: string, options: ImportOptions): Promise<ImportSummary>;
  /** What has changed in OSV's bucket since the last time. What was brought in before a failure stays. */
  update(folder: string, bucketUrl: string, options: ImportOptions): Promise<ImportSummary>;
}

export interface AdvisoryDatabase {
  /** Every advisory of the package that is not withdrawn, ascending by id. */
  advisoriesOf(name: PackageName): readonly Match[];
  /** Those that affect the version, ascending by id; what OSV's service would answer. */
  advisoriesAffecting(name: PackageName, version: Version): readonly Match[];
  /** The record as it was imported, undecoded; `undefined` where there is none. */
  record(id: string): unknown;
  status(): DatabaseStatus;
  /** The age that `status` gives, cheap enough for every keystroke. */
  ageSeconds(): number | undefined;
  /** Takes notice of what another process has written. `false` where the file is gone or another one: open it again. */
  refresh(): boolean;
  close(): void;
}

/** What may be done to a database; `file` is a path. */
export type DatabaseChange =
  { readonly kind: 'update'; readonly bucketUrl: string } | { readonly kind: 'import'; readonly file: string };

export interface DatabaseStatus {
  readonly path: string;
  readonly records: number;
  readonly withdrawn: number;
  /** Packages that have an advisory. */
  readonly packages: number;
  /** The latest `modified` that is not in the future; empty where no record has one. */
  readonly newestModified: string;
  /** Milliseconds since the epoch. */
  readonly importedAt: number;
  /** The data are complete up to here; milliseconds since the epoch. */
  readonly currentAt: number;
  /** Since `currentAt`, whole seconds; `undefined` where no record says when it was changed. */
  readonly ageSeconds: number | undefined;
  readonly bytes: number;
}

export interface ImportOptions {
  /** A sentence without a full stop, now and then. */
  readonly onProgress: (message: string) => void;
  readonly signal: AbortSignal;
}

export interface ImportSummary {
  /** Records written, whether they were new or not. */
  readonly written: number;
  /** Records of a file that were skipped, since those that were here are newer. */
  readonly older: number;
  /** What could not be used, of records that were written otherwise too; the rest was. */
  readonly problems: readonly ImportProblem[];
  /** A database that could not be used was moved here. */
  readonly setAside: string | undefined;
  /** Attempts at requests to the bucket, and those of them that failed; absent where nobody was asked. */
  readonly requests?: { readonly sent: number; readonly failed: number };
  readonly status: DatabaseStatus;
}

export interface ImportProblem {
  /** The line, entry or id. */
  readonly where: string;
  readonly message: string;
}

export type DatabaseFailure =
  | 'unsupported' // this Node has no SQLite
  | 'missing' // no database, or no file to import
  | 'unusable' // damaged, or of another schema
  | 'exposed' // others than its owner can write to it
  | 'busy' // another process writes
  | 'badInput' // a file to import that cannot be read to its end
  | 'io' // the disk: full, read-only, not permitted
  | 'network';

/** The database could not be had, read or written. The message is for people. */
export class DatabaseError extends Error {
  readonly reason: DatabaseFailure;
  constructor(reason: DatabaseFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DatabaseError';
    this.reason = reason;
  }
}
