import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeOsv } from '../../../../../server/src/core/advisories/decodeOsv.ts';
import { affects } from '../../../../../server/src/core/advisories/affects.ts';
import type { Advisory } from '../../../../../server/src/core/advisories/advisory.ts';
import { parseVersion } from '../../../../../server/src/core/versions/version.ts';
import { DatabaseSync } from 'node:sqlite';
import { matchSql } from '../../../../../server/src/hosts/node/database/readDatabase.ts';
import { schemaVersion } from '../../../../../server/src/hosts/node/database/schema.ts';
import { embeddedRecords } from '../../../../osv-service/osvService.ts';
import { DatabaseFixture, jsonLines, osvRecord } from '../../../../support/databaseFixture.ts';

describe('matches of the database', () => {
  let fixture: DatabaseFixture;
  beforeEach(() => (fixture = new DatabaseFixture()));
  afterEach(() => fixture.dispose());

  /** Asks the database and `affects` about every package at its own versions, their neighbours, and some of others. */
  async function compare(records: readonly unknown[], everyNth: number): Promise<number> {
    await fixture.import('records.jsonl', jsonLines(records));
    const database = fixture.open();
    const byName = new Map<string, Advisory[]>();
    for (const { advisory } of records.map(decodeOsv)) {
      for (const name of new Set(advisory?.affected.map((entry) => entry.name))) {
        byName.set(name, [...(byName.get(name) ?? []), ...(advisory === undefined ? [] : [advisory])]);
      }
    }
    let asked = 0;
    for (const [name, advisories] of byName) {
      const live = advisories.filter(({ withdrawn }) => withdrawn === undefined);
      for (const version of versionsOf(advisories).filter((_, index) => index % everyNth === 0)) {
        const parsed = parseVersion(version);
        if (parsed === undefined) {
          continue;
        }
        const expected = live.filter((advisory) => affects(advisory, name as never, parsed)).map(({ id }) => id);
        const found = database.advisoriesAffecting(name as never, parsed).map(({ id }) => id);
        assert.deepEqual(found, expected.sort(), `${name} ${version}`);
        asked++;
      }
    }
    return asked;
  }

  it('are those of the embedded records', async () => {
    const files = readdirSync(embeddedRecords).filter((name) => name.endsWith('.json'));
    const records = files.map((name): unknown => JSON.parse(readFileSync(path.join(embeddedRecords, name), 'utf8')));
    assert.ok((await compare(records, 1)) > 400);
  });

  it('hold for versions that no stretch of keys reaches: 0, and what is not PEP 440', async () => {
    await fixture.importRecords(
      osvRecord('A-1'),
      osvRecord('A-2', { affected: [entry([{ introduced: '0.0' }])] }),
      osvRecord('A-3', { affected: [entry([{ introduced: '0' }, { last_affected: '2.9.0-NA' }])] }),
      osvRecord('A-4', { affected: [{ package: { ecosystem: 'PyPI', name: 'demo' } }] }),
    );
    const ids = (version: string): readonly string[] => {
      const parsed = parseVersion(version);
      assert.ok(parsed !== undefined);
      return fixture
        .open()
        .advisoriesAffecting('demo' as never, parsed)
        .map(({ id }) => id);
    };
    assert.deepEqual(ids('0'), ['A-1', 'A-3']);
    assert.deepEqual(ids('0.0'), ['A-1', 'A-2']);
    assert.deepEqual(ids('2.0rc1'), ['A-1', 'A-2']);
    assert.deepEqual(ids('2.0+local'), ['A-2']);
    assert.deepEqual(fixture.ids('demo'), ['A-1', 'A-2', 'A-3', 'A-4']);
    assert.deepEqual(fixture.ids('nobody'), []);
  });

  it('read no table as a whole', async () => {
    await fixture.importRecords(osvRecord('A-1'));
    const database = new DatabaseSync(path.join(fixture.folder, 'advisories.sqlite'));
    const plan = database
      .prepare(`EXPLAIN QUERY PLAN ${matchSql}`)
      .all('demo')
      .map((row) => String(row['detail']));
    database.close();
    assert.ok(plan.length > 0 && plan.every((step) => step.startsWith('SEARCH')), plan.join('; '));
  });

  it('rest on order keys of the schema: whoever changes them raises schemaVersion', () => {
    const keys = ['0.dev0', '1!2.0rc1.post3.dev4+a.5', '12345678901.2'].map((text) => parseVersion(text)?.key);
    const expected = ['1010!00010', '1112!311113014+0a!115', '10:2111234567890112!401'];
    assert.deepEqual([schemaVersion, keys], [2, expected]);
  });
});

/** Every version that the records name, and versions just beside them. */
function versionsOf(advisories: readonly Advisory[]): readonly string[] {
  const named = advisories.flatMap(({ affected }) =>
    affected.flatMap(({ versions, ranges }) => [...versions, ...ranges.flat().map(({ version }) => version)]),
  );
  const beside = [...new Set(named)].flatMap((version) => [
    version,
    `${version}.dev0`,
    `${version}.post1`,
    `${version}+x`,
  ]);
  return ['0', '0.0', '0.dev0', '9999', '1!0', ...beside];
}

function entry(events: readonly object[]): object {
  return { package: { ecosystem: 'PyPI', name: 'demo' }, ranges: [{ type: 'ECOSYSTEM', events }] };
}
