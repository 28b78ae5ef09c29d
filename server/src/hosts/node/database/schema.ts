import type { DatabaseSync } from 'node:sqlite';
import type { FileSchema } from '../sqlite/fileSchema.ts';

export const databaseFileName = 'advisories.sqlite';

/** Raise it when tables change, or what is in them: the order keys of versions too. Older files are then built again. */
export const schemaVersion = 2;

/** Whether every table and column is there. Somebody may have changed what says it is ours. */
function hasTables(database: DatabaseSync): boolean {
  const columns = database.prepare(
    "SELECT m.name || '.' || c.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
  );
  const present = new Set(columns.all().map(({ name }) => name));
  return ownColumns.every((name) => present.has(name));
}

const ownColumns = [
  ...['id', 'modified', 'listed', 'withdrawn', 'body'].map((name) => `records.${name}`),
  ...['name', 'id', 'modified', 'stretches'].map((name) => `affected.${name}`),
  ...['key', 'value'].map((name) => `meta.${name}`),
];

/**
 * `records` holds every record, withdrawn ones too, packed. `affected` holds a row for each package of each live record
 * with the stretches of versions it tells of and its stamp, so that a match needs nothing of `records`; its rows lie in
 * the order of names.
 */
export const advisorySchema: FileSchema = {
  applicationId: 0x50696e57, // "PinW"
  version: schemaVersion,
  isComplete: hasTables,
  create: `
    CREATE TABLE records (
      id TEXT PRIMARY KEY,
      modified TEXT NOT NULL,
      listed TEXT,                  -- the stamp of OSV's list of changes; opaque
      withdrawn INTEGER NOT NULL,
      body BLOB NOT NULL            -- JSON, raw deflate
    ) STRICT;
    CREATE TABLE affected (
      name TEXT NOT NULL,
      id TEXT NOT NULL,
      modified TEXT NOT NULL,
      stretches TEXT NOT NULL,      -- JSON: from, to, from, to
      PRIMARY KEY (name, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX affected_by_id ON affected (id);
    CREATE TABLE meta (key TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
};
