import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type FileSchema,
  type FileState,
  fileKind,
  prepareTables,
} from '../../../../../server/src/hosts/node/sqlite/fileSchema.ts';
import { openSqlite } from '../../../../../server/src/hosts/node/sqlite/openSqlite.ts';
import { numberOf } from '../../../../../server/src/hosts/node/sqlite/sqlite.ts';
import { sqliteFault } from '../../../../../server/src/hosts/node/sqlite/sqliteFault.ts';

const schema: FileSchema = {
  applicationId: 0x54657374,
  version: 2,
  create: 'DROP TABLE IF EXISTS things; CREATE TABLE things (name TEXT) STRICT;',
};

describe('opening SQLite files', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-sqlite-'));
    file = path.join(folder, 'things.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** The states that were asked about, in order. */
  const open = (one: FileSchema, access: 'read' | 'write' = 'write'): readonly FileState[] => {
    const asked: FileState[] = [];
    openSqlite(file, { access, waitMs: 10 }, (database) => {
      if (access === 'write') prepareTables(database, one, (state) => void asked.push(state));
    }).close();
    return asked;
  };
  const change = (sql: string): void =>
    openSqlite(file, { access: 'write', waitMs: 10 }, (database) => database.exec(sql)).close();

  it('makes the tables in a file without any, and asks again before it does', () => {
    assert.deepEqual(open(schema), ['empty', 'empty']);
    assert.deepEqual(open(schema), ['ours']);
  });

  it('builds older tables again', () => {
    open({ ...schema, version: 1, create: 'CREATE TABLE things (other TEXT);' });
    assert.deepEqual(open(schema), ['older', 'older']);
    assert.deepEqual(open(schema), ['ours']);
  });

  for (const [state, sql] of [
    ['newer', 'PRAGMA user_version = 3'],
    ['foreign', 'PRAGMA application_id = 1'],
    ['strange', 'DROP TABLE things'],
    ['strange', 'CREATE TRIGGER endless AFTER INSERT ON things BEGIN DELETE FROM things; END'],
  ] as const) {
    it(`leaves a ${state} file to the caller (${sql.slice(0, 20)})`, () => {
      open(schema);
      change(sql);
      const refused = (): DatabaseSync =>
        openSqlite(file, { access: 'write', waitMs: 10 }, (database) =>
          prepareTables(database, schema, (seen) => {
            throw new Error(`it is ${seen}`);
          }),
        );
      assert.throws(refused, new RegExp(`it is ${state}`, 'u'));
    });
  }

  it('closes the file where the first look at it fails', () => {
    let opened: DatabaseSync | undefined;
    assert.throws(
      () =>
        openSqlite(file, { access: 'write', waitMs: 10 }, (database) => {
          opened = database;
          throw new Error('not this one');
        }),
      /not this one/u,
    );
    assert.throws(() => opened?.exec('SELECT 1'), /not open/u);
  });

  it('creates and changes nothing where it only reads', () => {
    assert.throws(
      () => open(schema, 'read'),
      (error) => sqliteFault(error) === 'cannotOpen',
    );
    assert.equal(existsSync(file), false);
    open(schema);
    openSqlite(file, { access: 'read', waitMs: 10 }, (database) => {
      assert.equal(fileKind(database, schema), 'ours');
      assert.throws(
        () => database.exec("INSERT INTO things VALUES ('x')"),
        (error) => sqliteFault(error) === 'readOnly',
      );
    }).close();
  });

  it('waits as long as it is asked to, and takes no foreign schema for its own program', () => {
    const database = openSqlite(file, { access: 'write', waitMs: 123 }, () => undefined);
    try {
      assert.equal(numberOf(database, 'PRAGMA busy_timeout'), 123);
      assert.equal(numberOf(database, 'PRAGMA trusted_schema'), 0);
      assert.equal(numberOf(database, 'PRAGMA cell_size_check'), 1);
    } finally {
      database.close();
    }
  });
});
