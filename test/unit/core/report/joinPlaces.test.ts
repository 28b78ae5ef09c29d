import assert from 'node:assert/strict';
import type { FileReport } from '../../../../server/src/core/assessment/fileReport.ts';
import type { AssessedRequirement } from '../../../../server/src/core/assessment/requirement.ts';
import { joinPlaces } from '../../../../server/src/core/report/joinPlaces.ts';
import { assessed, failed, finding, pinned } from '../../../support/builders.ts';

describe('places of one package', () => {
  const ignored = finding({ ignored: { reason: 'x', until: null } });

  function row(outcome: AssessedRequirement['outcome'], more: Partial<AssessedRequirement> = {}): AssessedRequirement {
    return { ...pinned('django', '3.2.0'), scope: 'dependencies', outcome, ...more };
  }

  function joined(declared: AssessedRequirement, locked: AssessedRequirement): readonly (readonly number[])[] {
    const files: readonly FileReport[] = [
      { path: 'pyproject.toml', kind: 'pyproject', requirements: [declared], problems: [] },
      { path: 'uv.lock', kind: 'uv.lock', requirements: [{ ...locked, scope: 'lock' }], problems: [] },
    ];
    return joinPlaces(files).map(({ requirements }) => requirements.map(({ places = [] }) => places.length));
  }

  it('are one row where both say the same', () => {
    assert.deepEqual(joined(row(assessed([finding()])), row(assessed([finding()]))), [[1], []]);
    assert.deepEqual(joined(row(failed()), row(failed())), [[1], []]);
  });

  it('are one row where the place that is declared says more', () => {
    const policy = [{ code: 'policy-package', level: 'error', message: 'x' }] as const;
    assert.deepEqual(joined(row(assessed([finding()])), row(assessed([ignored]))), [[1], []]);
    assert.deepEqual(joined(row(assessed([]), { policy }), row(assessed([]))), [[1], []]);
  });

  it('stay two rows where the lock says what the other does not', () => {
    const policy = [{ code: 'policy-license', level: 'error', message: 'x' }] as const;
    for (const [declared, locked] of [
      [row(assessed([])), row(assessed([finding()]))],
      [row(assessed([ignored])), row(assessed([finding()]))],
      [row(assessed([])), row(failed())],
      [row(assessed([])), row(assessed([]), { policy })],
    ] as const) {
      assert.deepEqual(joined(declared, locked), [[0], [0]]);
    }
  });
});
