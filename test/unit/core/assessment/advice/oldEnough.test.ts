import assert from 'node:assert/strict';
import { assessReleaseFromFacts } from '../../../../../server/src/core/assessment/assessRelease.ts';
import { adviseOldEnough } from '../../../../../server/src/core/assessment/advice/oldEnough.ts';
import type { Assessed } from '../../../../../server/src/core/assessment/outcome.ts';
import { normalizeName } from '../../../../../server/src/core/packages/packageName.ts';
import { advisory } from '../../advisories/advisoryBuilder.ts';
import { factsOf } from '../../../../support/fixProject.ts';

const day = 24 * 60 * 60 * 1_000;
const name = normalizeName('net');
const ranges = [
  [
    { kind: 'introduced', version: '0' },
    { kind: 'fixed', version: '2' },
  ] as const,
];
const bad = advisory({ id: 'PYSEC-1', affected: [{ name, versions: [], ranges }] });

/** The nearest and latest version that are advised, ten days after the first day. */
function advised(ages: Readonly<Record<string, number | undefined>>, days: number): readonly (string | undefined)[] {
  const releases = Object.entries({ '1': 100, ...ages }).map(([v, age]) => ({
    v,
    ...(age === undefined ? {} : { uploadedAt: -age * day }),
  }));
  const facts = factsOf('net', [bad], releases);
  const lookup = { name, version: '1' };
  const assessment = assessReleaseFromFacts(lookup, facts);
  assert.ok(assessment);
  const outcome: Assessed = { kind: 'assessed', ...assessment, checkedAt: 0 };
  const after = adviseOldEnough(outcome, lookup, facts, { days, nowMs: 0 });
  assert.ok(after.kind === 'assessed');
  assert.equal(after.findings[0]?.nearestFix, after.fix?.nearest);
  return [after.fix?.nearest, after.fix?.latest];
}

describe('advice by the age of releases', () => {
  for (const [what, ages, days, expected] of [
    ['is as it was for any age', { '2': 1, '3': 50 }, 0, ['2', '3']],
    ['passes a release that is too young', { '2': 1, '3': 50 }, 7, ['3', '3']],
    ['takes one that is just old enough', { '2': 7, '3': 50 }, 7, ['2', '3']],
    ['is a young one where nothing older is safe', { '2': 1, '3': 2 }, 7, ['2', '3']],
    ['takes one of unknown age for young', { '2': undefined, '3': 50 }, 7, ['3', '3']],
  ] as const) {
    it(what, () => assert.deepEqual(advised(ages, days), expected));
  }
});
