import assert from 'node:assert/strict';
import { databaseText } from '../../../client/src/texts/databaseText.ts';
import type { DatabaseResult } from '../../../protocol/messages/database.ts';
import { englishWording } from '../../support/english.ts';

const result: DatabaseResult = {
  written: 7,
  older: 0,
  problems: { count: 0, first: [] },
  setAside: null,
  database: { path: '/db', records: 9, packages: 3, currentAt: '2026-11-18T10:00:00.000Z' },
};

const text = (changes: Partial<DatabaseResult> = {}): string => databaseText({ ...result, ...changes }, englishWording);

describe('what became of the local database', () => {
  it('is how much was read, what there is now, and how old it is', () => {
    assert.equal(
      text(),
      'Pinwatch: imported 7 advisories. The local database has 9 for 3 packages. Data as of 2026-11-18T10:00:00.000Z.',
    );
  });

  it('is all that did not go well, too', () => {
    const told = text({ older: 2, problems: { count: 30, first: ['line 1 is not JSON'] }, setAside: '/db.aside' });
    for (const part of [/2 were skipped/u, /30 entries could not be read/u, /was renamed to \/db\.aside/u]) {
      assert.match(told, part);
    }
  });

  it('does not guess an age', () => {
    assert.match(text({ database: { ...result.database, currentAt: null } }), /Their age is unknown/u);
  });
});
