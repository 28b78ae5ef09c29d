import assert from 'node:assert/strict';
import { Matcher } from '../../osv-service/matcher.ts';
import { storedRecord } from '../../osv-service/storedRecord.ts';
import { VersionOrder } from '../../osv-service/versionOrder.ts';

describe('matching in the OSV service', () => {
  const matcher = new Matcher(new VersionOrder());

  /** Which of the versions the entry affects. */
  function affected(entry: object, ...versions: readonly string[]): readonly string[] {
    const value = { id: 'T-1', modified: '2026-01-01T00:00:00Z', affected: [{ package: pypi, ...entry }] };
    const [decoded] = storedRecord(value).affected;
    assert.ok(decoded);
    return versions.filter((version) => matcher.matches(decoded, version));
  }

  function range(...events: readonly object[]): object {
    return { ranges: [{ type: 'ECOSYSTEM', events }] };
  }

  it('reads a range from introduced to before fixed', () => {
    const entry = range({ introduced: '1.0' }, { fixed: '2.0' });
    assert.deepEqual(affected(entry, '0.9', '1.0', '1.0.0', '1.9.9', '2.0', '2.0.0', '2.1'), ['1.0', '1.0.0', '1.9.9']);
  });

  it('goes by plain order, so a release candidate of the fix is affected and a local build of it is not', () => {
    const entry = range({ introduced: '0' }, { fixed: '2.0' });
    assert.deepEqual(affected(entry, '2.0rc1', '2.0.dev1', '2.0+cu118', '2.0.post1'), ['2.0rc1', '2.0.dev1']);
  });

  it('includes last_affected, but nothing above it', () => {
    const entry = range({ introduced: '1.0' }, { last_affected: '2.0' });
    assert.deepEqual(affected(entry, '1.5', '2.0', '2.0.0', '2.0+cu118', '2.0.1'), ['1.5', '2.0', '2.0.0']);
  });

  it('takes of several last_affected in a row the stretch before the first and the exact versions of the others', () => {
    const entry = range(
      { introduced: '3.0' },
      { last_affected: '3.1' },
      { last_affected: '3.2' },
      { last_affected: '3.4' },
    );
    assert.deepEqual(affected(entry, '2.9', '3.0', '3.1', '3.1.5', '3.2', '3.3', '3.4', '3.5'), [
      '3.0',
      '3.1',
      '3.2',
      '3.4',
    ]);
  });

  it('sorts the events of several branches first', () => {
    const entry = range({ introduced: '5.0' }, { fixed: '5.0.8' }, { introduced: '4.2' }, { fixed: '4.2.15' });
    assert.deepEqual(affected(entry, '4.1', '4.2.14', '4.2.15', '5.0', '5.0.7', '5.0.8'), ['4.2.14', '5.0', '5.0.7']);
  });

  it('counts introduced, last_affected, fixed and limit in this order at one version, however they are written', () => {
    for (const [first, second, expected] of [
      [{ introduced: '1.0' }, { fixed: '1.0' }, []],
      [{ introduced: '1.0' }, { limit: '1.0' }, []],
      [{ introduced: '1.0' }, { last_affected: '1.0' }, ['1.0']],
      [{ last_affected: '1.0' }, { fixed: '1.0' }, []],
    ] as const) {
      assert.deepEqual(affected(range(first, second), '0.9', '1.0', '1.1'), expected);
      assert.deepEqual(affected(range(second, first), '0.9', '1.0', '1.1'), expected);
    }
    assert.deepEqual(affected(range({ introduced: '0' }, { limit: '1.0' }), '0.9', '1.0'), ['0.9']);
  });

  it('affects everything from introduced on where nothing else follows', () => {
    assert.deepEqual(affected(range({ introduced: '0' }), '0', '0.0.dev0', 'nonsense', '999!1'), [
      '0',
      '0.0.dev0',
      'nonsense',
      '999!1',
    ]);
  });

  it('puts what is no version below all versions and above "0"', () => {
    assert.deepEqual(affected(range({ introduced: '0' }, { fixed: '1.0' }), '>=2.0', 'latest', '2.*'), [
      '>=2.0',
      'latest',
      '2.*',
    ]);
    assert.deepEqual(affected(range({ introduced: '0.0.1' }, { fixed: '1.0' }), '>=2.0', 'latest'), []);
    assert.deepEqual(
      affected(range({ introduced: '0' }, { last_affected: '2.9.0-NA' }), '0', '0.1', '2.9.0', '2.9.0-NA'),
      ['0', '2.9.0-NA'],
    );
  });

  it('compares listed versions as versions', () => {
    const entry = { versions: ['4.2', '1.0RC1', '1.0-1', '2.0+local'] };
    assert.deepEqual(affected(entry, '4.2.0', 'v4.2', '1.0rc1', '1.0.post1', '2.0', '2.0+LOCAL', '4.2.1', '1!4.2'), [
      '4.2.0',
      'v4.2',
      '1.0rc1',
      '1.0.post1',
      '2.0+LOCAL',
    ]);
  });

  it('matches what is listed or in any range', () => {
    const ranges = [
      { type: 'ECOSYSTEM', events: [{ introduced: '1' }, { fixed: '2' }] },
      { type: 'SEMVER', events: [{ introduced: '3' }, { fixed: '4' }] },
    ];
    assert.deepEqual(affected({ versions: ['7'], ranges }, '1.5', '2.5', '3.5', '4.5', '7.0'), ['1.5', '3.5', '7.0']);
  });

  it('gives no part to GIT ranges', () => {
    const ranges = [{ type: 'GIT', repo: 'https://example.org/x', events: [{ introduced: '0' }] }];
    assert.deepEqual(affected({ ranges }, '1.0'), []);
  });

  it('takes an empty version for every version, even where nothing is listed', () => {
    assert.deepEqual(affected({}, '', '1.0'), ['']);
  });
});

const pypi = { ecosystem: 'PyPI', name: 'example' };
