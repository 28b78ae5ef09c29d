import { DatabaseSync } from 'node:sqlite';
import { setHas } from '../server/src/core/versions/versionSet.ts';
import { decodeStretches } from '../server/src/hosts/node/database/stretches.ts';
import type { MatchQuestion } from './databaseQuestions.ts';

export interface Rung {
  readonly name: string;
  /** How SQLite goes about it. */
  readonly plan: string;
  match(question: MatchQuestion): readonly string[];
}

interface Layout {
  readonly name: string;
  readonly create: string;
  readonly select: string;
}

const columns = 'name TEXT NOT NULL, id TEXT NOT NULL, modified TEXT NOT NULL, stretches TEXT NOT NULL';
const select = 'SELECT id, modified, stretches FROM';

const layouts: readonly Layout[] = [
  {
    name: 'all rows read',
    create: `CREATE TABLE bare (${columns}, withdrawn INTEGER NOT NULL, body BLOB)`,
    select: `${select} bare WHERE name = ? AND withdrawn = 0 ORDER BY id`,
  },
  {
    name: 'index on name',
    create: `CREATE TABLE named (${columns}, withdrawn INTEGER NOT NULL, body BLOB); CREATE INDEX n ON named (name)`,
    select: `${select} named WHERE name = ? AND withdrawn = 0 ORDER BY id`,
  },
  {
    name: 'partial index, live only',
    create: `CREATE TABLE live (${columns}, withdrawn INTEGER NOT NULL, body BLOB);
      CREATE INDEX l ON live (name, id) WHERE withdrawn = 0`,
    select: `${select} live WHERE name = ? AND withdrawn = 0 ORDER BY id`,
  },
  {
    name: 'partial covering index',
    create: `CREATE TABLE covered (${columns}, withdrawn INTEGER NOT NULL, body BLOB);
      CREATE INDEX c ON covered (name, id, modified, stretches) WHERE withdrawn = 0`,
    select: `${select} covered WHERE name = ? AND withdrawn = 0 ORDER BY id`,
  },
  {
    name: 'a table in the order of name and id, stamps from the records',
    create: `CREATE TABLE joined (${columns}, PRIMARY KEY (name, id)) WITHOUT ROWID`,
    select: `SELECT j.id, r.modified, j.stretches FROM joined j JOIN ours.records r USING (id) WHERE name = ? ORDER BY j.id`,
  },
  {
    name: 'a table in the order of name and id (ours)',
    create: `CREATE TABLE ordered (${columns}, PRIMARY KEY (name, id)) WITHOUT ROWID`,
    select: `${select} ordered WHERE name = ? ORDER BY id`,
  },
];

/** The same rows laid out in every way, in one file beside `ours`, each with its bytes. */
export function buildLadder(file: string, ours: string): readonly Rung[] {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;');
  database.prepare('ATTACH ? AS ours').run(ours);
  return layouts.map(({ name, create, select }) => {
    database.exec(create);
    const table = /CREATE TABLE (\w+)/u.exec(create)?.[1] ?? '';
    const live = 'SELECT a.name, a.id, a.modified, a.stretches FROM ours.affected a';
    database.exec(
      create.includes('WITHOUT ROWID')
        ? `INSERT INTO ${table} ${live}`
        : `INSERT INTO ${table} SELECT a.name, a.id, a.modified, a.stretches, 0, r.body FROM ours.affected a
             JOIN ours.records r USING (id);
           INSERT INTO ${table} SELECT 'withdrawn-' || id, id, modified, '[]', 1, body FROM ours.records
             WHERE withdrawn = 1;`,
    );
    const statement = database.prepare(select);
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${select}`).all('x');
    return {
      name,
      plan: plan.map(({ detail }) => String(detail)).join('; '),
      match: ({ name: asked, version }) =>
        statement
          .all(asked)
          .filter(({ stretches }) => setHas(decodeStretches(String(stretches)) ?? [], version.key))
          .map(({ id }) => String(id)),
    };
  });
}
