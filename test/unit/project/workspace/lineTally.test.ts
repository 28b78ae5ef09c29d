import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Outcome } from '../../../../server/src/core/assessment/outcome.ts';
import { freshnessOf } from '../../../../server/src/core/report/freshness.ts';
import { lineTally } from '../../../../server/src/project/workspace/lineTally.ts';
import type { LineState } from '../../../../server/src/project/workspace/lineState.ts';
import { assessed, failed, finding, noon } from '../../../support/builders.ts';

const outcomes: fc.Arbitrary<Outcome> = fc.oneof(
  fc
    .record({
      ago: fc.integer({ min: 0, max: 1_000_000 }),
      isVulnerable: fc.boolean(),
      local: fc.option(fc.option(fc.integer({ min: 0, max: 9_000_000 }), { nil: undefined }), { nil: null }),
    })
    .map(({ ago, isVulnerable, local }) => ({
      ...assessed(isVulnerable ? [finding()] : []),
      checkedAt: noon - ago * 1000,
      ...(local === null ? {} : { local: { dataAgeSeconds: local, because: 'offline' } }),
    })),
  fc.constantFrom('offline', 'timeout', 'invalid').map((reason) => failed({ reason })),
);

/** A file's sums stand for its lines, so that a key in one file costs nothing in the others. */
describe('the tally of a file', () => {
  it('tells the age of the data as all of its lines do', () => {
    fc.assert(
      fc.property(fc.array(outcomes), (all) => {
        const { oldest } = lineTally(all.map(lineOf));
        assert.ok(oldest.length <= 3);
        const limits = { nowMs: noon, maxDataAgeDays: 7 };
        for (const source of [
          { kind: 'osv', url: 'https://osv.example' },
          { kind: 'database', dataAge: 5 },
          { kind: 'database' },
        ] as const) {
          assert.deepEqual(freshnessOf(source, oldest, limits), freshnessOf(source, all, limits));
        }
      }),
    );
  });

  it('counts each line once', () => {
    fc.assert(
      fc.property(fc.array(outcomes), (all) => {
        const tally = lineTally(all.map(lineOf));
        const of = (kind: Outcome['kind']): number => all.filter((outcome) => outcome.kind === kind).length;
        assert.deepEqual(
          [tally.requirements, tally.assessed, tally.failed, tally.checking],
          [all.length, of('assessed'), of('failed'), 0],
        );
        assert.equal(
          tally.firstFailure,
          all.find((one) => one.kind === 'failed' && one.reason !== 'invalid'),
        );
      }),
    );
  });
});

function lineOf(outcome: Outcome, line: number): LineState {
  const range = { start: { line, character: 0 }, end: { line, character: 5 } };
  return {
    requirement: {
      name: 'django',
      normalizedName: 'django',
      specifier: '==3.2.0',
      version: '3.2.0',
      range,
      tokenRange: range,
      nameRange: range,
      subject: { kind: 'settled', outcome },
    },
    state: { kind: 'settled', outcome },
  } as unknown as LineState;
}
