import type { PackageName } from '../../../server/src/core/packages/packageName.ts';
import assert from 'node:assert/strict';
import { readRecord } from '../../../server/src/core/advisories/readRecord.ts';
import type { Assessment } from '../../../server/src/core/assessment/assessRelease.ts';
import { type Lookup, lookupKey, versionRange } from '../../../server/src/core/assessment/lookup.ts';
import { decodeDerived, encodeDerived } from '../../../server/src/engine/store/derivedForms.ts';
import { outcomeFrom } from '../../../server/src/engine/store/memoryCache.ts';
import { packageKnowledge } from '../../../server/src/engine/store/packageKnowledge.ts';
import { sharedRows } from '../core/versions/sharedRows.ts';

// All of them take a quarter of a minute.
const everyNth = Number(process.env['PINWATCH_EVERY_NTH_PACKAGE'] ?? 10);
const versionsEach = 20;

describe('what follows from the advisories of real packages', () => {
  it('is the same after it was kept', function () {
    this.timeout(60_000);
    const byName = new Map<PackageName, unknown[]>();
    for (const row of sharedRows(this, 'osv-pypi/records.jsonl.gz')) {
      for (const { name } of readRecord(row).advisory?.affected ?? []) {
        byName.set(name, [...(byName.get(name) ?? []), row]);
      }
    }
    let answered = 0;
    for (const [name, rows] of [...byName].filter((_, index) => index % everyNth === 0)) {
      const advisories = rows.flatMap((row) => readRecord(row).advisory ?? []);
      const knowledge = packageKnowledge({ name, advisories, checkedAt: 0, fetchedAt: 0 });
      const versions = advisories.flatMap(({ affected }) =>
        affected.flatMap((entry) => [...entry.versions, ...entry.ranges.flat().map(({ version }) => version)]),
      );
      const answers = new Map<string, Assessment>();
      for (const lookup of lookupsFor(name, versions)) {
        const outcome = outcomeFrom(lookup, knowledge);
        if (outcome !== undefined) {
          const { verdict, findings, fix } = outcome;
          answers.set(lookupKey(lookup), { verdict, findings, ...(fix === undefined ? {} : { fix }) });
          answered++;
        }
      }
      const stored: unknown = JSON.parse(JSON.stringify(encodeDerived({ basis: name, answers })));
      assert.deepEqual(decodeDerived(stored), { basis: name, answers }, name);
    }
    assert.ok(answered > 1_000);
  });
});

function lookupsFor(name: PackageName, versions: readonly string[]): readonly Lookup[] {
  const some = versions.filter((_, index) => index % Math.ceil(versions.length / versionsEach) === 0);
  const span = { start: 0, end: 0 };
  const ranges = some.flatMap((version) => {
    const clause = { operator: '>=' as const, version, wildcard: false, operatorSpan: span, versionSpan: span };
    return versionRange(name, [clause]) ?? [];
  });
  return [...some.map((version) => ({ name, version })), ...ranges];
}
