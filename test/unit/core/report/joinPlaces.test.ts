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

  it('are one row of a lock that has a release several times, as with extras or for several categories', () => {
    const locked = (outcome: AssessedRequirement['outcome'], line: number, version = '3.2.0') =>
      row(outcome, { ...pinned('django', version, line), scope: 'lock' });
    const bad = assessed([finding()]);
    const lock: FileReport = {
      path: 'pdm.lock',
      kind: 'pdm.lock',
      requirements: [locked(bad, 1), locked(bad, 5), locked(assessed([]), 7, '4.2'), locked(failed(), 9)],
      problems: [],
    };
    const linesIn = (files: readonly FileReport[]) =>
      joinPlaces(files).map(({ requirements }) =>
        requirements.map(({ range, places = [] }) =>
          [range, ...places.map((one) => one.range)].map(({ start }) => start.line),
        ),
      );
    assert.deepEqual(linesIn([lock]), [[[1, 5], [7], [9]]]);
    const declared = { path: 'pyproject.toml', kind: 'pyproject', requirements: [row(bad)], problems: [] };
    assert.deepEqual(linesIn([declared, lock]), [[[0, 1, 5]], [[7], [9]]]);
  });

  it('are one row of what is declared, locked and installed', () => {
    const bad = assessed([finding()]);
    const requiredBy = { parents: [], chain: [], again: 'pip install' };
    const installed = [
      row(bad, { scope: 'installed', requiredBy }),
      row(bad, { ...pinned('six', '1'), scope: 'installed' }),
    ];
    const environment = { kind: 'environment', requirements: installed, problems: [] };
    const declared = { path: 'pyproject.toml', kind: 'pyproject', requirements: [row(bad)], problems: [] };
    const lock = {
      path: 'uv.lock',
      kind: 'uv.lock',
      requirements: [row(bad, { scope: 'lock' }), row(bad, { ...pinned('six', '1'), scope: 'lock' })],
      problems: [],
    };
    const placesIn = (files: readonly FileReport[]): unknown =>
      joinPlaces(files).map(({ requirements }) => requirements.map(({ places = [] }) => places.map((one) => one.path)));
    for (const at of ['.venv', '/home/me/shop']) {
      assert.deepEqual(placesIn([declared, lock, { ...environment, path: at }]), [[['uv.lock', at]], [[at]], []]);
      assert.deepEqual(placesIn([lock, { ...environment, path: at }]), [[[at], [at]], []]);
    }
    const other = { ...declared, path: 'deep/pyproject.toml', requirements: [row(bad)] };
    const copies = [declared, { ...declared, path: 'copy/pyproject.toml' }, { ...environment, path: '/home/me/shop' }];
    assert.deepEqual(placesIn(copies), [[['/home/me/shop']], [['/home/me/shop']], [[]]]);
    assert.deepEqual(placesIn([other, declared, { ...environment, path: 'deep/.venv' }]), [
      [['deep/.venv']],
      [[]],
      [[]],
    ]);
  });
});
