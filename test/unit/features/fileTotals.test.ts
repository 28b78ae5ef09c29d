import assert from 'node:assert/strict';
import fc from 'fast-check';
import { FileTotals } from '../../../server/src/features/fileTotals.ts';
import { lineCoverage } from '../../../server/src/features/lineCoverage.ts';
import type { FileSnapshot } from '../../../server/src/project/workspace/fileSnapshot.ts';
import type { LineState } from '../../../server/src/project/workspace/lineState.ts';
import { lineTally } from '../../../server/src/project/workspace/lineTally.ts';
import { assessed, failed, finding, noon, pinned } from '../../support/builders.ts';

const states: readonly LineState['state'][] = [
  { kind: 'pending' },
  { kind: 'settled', outcome: assessed([], noon - 5) },
  { kind: 'settled', outcome: assessed([finding()], noon - 7) },
  { kind: 'settled', outcome: failed({ lastKnown: assessed([finding()], noon - 9) }) },
  { kind: 'settled', outcome: failed({ reason: 'offline' }) },
  { kind: 'settled', outcome: { kind: 'skipped', reason: 'private', message: 'It is private.' } },
];

function file(kinds: readonly number[]): FileSnapshot {
  const lines = kinds.flatMap((kind, line) => {
    const state = states[kind];
    return state === undefined ? [] : [{ requirement: pinned('django', '3.2.0', line), state }];
  });
  const problems = kinds.flatMap((_, line) =>
    line % 2 === 0 ? [] : [{ ...pinned('x', '1', line), message: 'no', code: 'x', incomplete: false }],
  );
  return { lines, problems, tally: lineTally(lines), isUnderWay: kinds.includes(0) } as unknown as FileSnapshot;
}

describe('totals of files', () => {
  it('are those of all lines, whichever file changes', () => {
    const kinds = fc.array(fc.nat(states.length - 1), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(kinds, { maxLength: 80 }),
        fc.array(fc.record({ at: fc.nat(90), kinds, isGone: fc.boolean() })),
        (first, changes) => {
          const totals = new FileTotals();
          const files = first.map(file);
          for (const change of [undefined, ...changes]) {
            if (change?.isGone) {
              files.splice(change.at, 1);
            } else if (change !== undefined) {
              files[Math.min(change.at, files.length)] = file(change.kinds);
            }
            const { tally, unread, isUnderWay } = totals.of([...files]);
            const age = { source: { kind: 'osv', url: '' }, now: noon, maxDataAgeDays: 7 } as const;
            const all = lineTally(files.flatMap(({ lines }) => lines));
            assert.deepEqual({ ...tally, failedLines: all.failedLines, oldest: all.oldest }, all);
            assert.equal(unread, lineCoverage(files, age).unread);
            assert.equal(
              isUnderWay,
              files.some((one) => one.isUnderWay),
            );
            assert.deepEqual(
              lineCoverage([{ lines: [], problems: [], tally }], age).freshness,
              lineCoverage([{ lines: files.flatMap(({ lines }) => lines), problems: [] }], age).freshness,
            );
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});
