import assert from 'node:assert/strict';
import type { Advisory } from '../../../../../server/src/core/advisories/advisory.ts';
import { affects } from '../../../../../server/src/core/advisories/affects.ts';
import { decodeOsv } from '../../../../../server/src/core/advisories/decodeOsv.ts';
import { packageAdvisories } from '../../../../../server/src/core/advisories/packageAdvisories.ts';
import { nearestSafe, type SafeVersions } from '../../../../../server/src/core/assessment/advice/nearestSafe.ts';
import type { Release } from '../../../../../server/src/core/packages/release.ts';
import { normalizeName, type PackageName } from '../../../../../server/src/core/packages/packageName.ts';
import { compareVersions, parseVersion } from '../../../../../server/src/core/versions/version.ts';
import type { Version } from '../../../../../server/src/core/versions/version.ts';
import { sharedRows } from '../../versions/sharedRows.ts';
import { advisory } from '../../advisories/advisoryBuilder.ts';

const name = normalizeName('django');

describe('nearestSafe', () => {
  it('stays in the release line while that is safe', () => {
    const advisories = [record('A-1', ['0', '3.2.19'], ['4.0', '4.2.3'], ['5.0', '5.0.1'])];
    assert.equal(fix('4.1.0', advisories), '4.2.3');
    assert.equal(fix('4.2.1', advisories), '4.2.3');
    assert.equal(fix('3.2', advisories), '3.2.19');
    assert.equal(fix('5.0', advisories), '5.0.1');
  });

  it('passes over fixes that another advisory affects, and says which', () => {
    const advisories = [
      record('A-1', ['0', '4.2.3']),
      record('A-2', ['4.2', '4.2.7']),
      record('A-3', ['4.2.3', '4.2.4']),
    ];
    const answer = from('4.2.1', advisories);
    assert.equal(answer.nearest?.normal, '4.2.7');
    assert.deepEqual(
      answer.passedOver.map(({ version, reason, affectedBy }) => [version, reason, affectedBy]),
      [['4.2.3', 'affected', ['A-2', 'A-3']]],
    );
  });

  it('never goes down, nor stays', () => {
    assert.equal(fix('5.0', [record('A-1', ['0', '4.2.3']), record('A-2', ['5.0', '5.0.0'])]), undefined);
    assert.equal(fix('4.2.3', [record('A-1', ['0', '4.2.3'])]), undefined);
  });

  it('takes a pre-release only for who is on one', () => {
    const advisories = [record('A-1', ['0', '2.0rc2']), record('A-2', ['0', '2.0.1'])];
    assert.equal(fix('2.0rc1', [advisories[0] ?? assert.fail()]), '2.0rc2');
    const answer = from('1.9', advisories);
    assert.equal(answer.nearest?.normal, '2.0.1');
    assert.deepEqual(answer.passedOver, [{ version: '2.0rc2', reason: 'prerelease', affectedBy: [] }]);
  });

  it('knows none where none is known', () => {
    assert.equal(fix('1.0', []), undefined);
    assert.equal(fix('1.0', [record('A-1', ['0', '2.0']), record('MAL-1', ['0'])]), undefined);
  });

  it('knows the highest safe version too', () => {
    const advisories = [record('A-1', ['0', '3.2.19'], ['4.0', '4.2.3'], ['5.0', '5.0.1'])];
    assert.equal(from('4.1.0', advisories).latest?.normal, '5.0.1');
  });

  it('takes with an index only what is there and not yanked, be it called fixed or not', () => {
    const advisories = [record('A-1', ['0', '2.0'])];
    const releases = [release('1.0'), release('2.0', true), release('2.1rc1'), release('2.1'), release('3.0')];
    const answer = from('1.0', advisories, releases);
    assert.equal(answer.nearest?.normal, '2.1');
    assert.equal(answer.latest?.normal, '3.0');
    assert.deepEqual(answer.passedOver, [{ version: '2.0', reason: 'yanked', affectedBy: [] }]);
    const without = from('1.0', advisories, [release('1.0'), release('2.2')]);
    assert.equal(without.nearest?.normal, '2.2');
    assert.deepEqual(without.passedOver, [{ version: '2.0', reason: 'missing', affectedBy: [] }]);
  });

  it('finds a way where records list versions and call none fixed, if an index knows one', () => {
    const listed = advisory({ id: 'A-1', affected: [{ name, versions: ['1.0', '1.1'], ranges: [] }] });
    assert.equal(from('1.0', [listed]).nearest, undefined);
    assert.equal(from('1.0', [listed], [release('1.0'), release('1.1'), release('1.2')]).nearest?.normal, '1.2');
  });

  it('pays no heed to withdrawn records', () => {
    const withdrawn = { ...record('A-2', ['0', '1.5'], ['2.0', '3.0']), withdrawn: '2024-01-01T00:00:00Z' };
    assert.equal(fix('1.0', [record('A-1', ['0', '2.0']), withdrawn]), '2.0');
  });

  it('gives for real packages a version that no record affects, and passes over only what one does', function () {
    this.timeout(30_000);
    const records = sharedRows(this, 'osv-pypi/records.jsonl.gz').flatMap((json) => decodeOsv(json).advisory ?? []);
    for (const [packageName, text] of [
      ['django', '2.2.0'],
      ['tensorflow', '2.3.0'],
      ['pillow', '8.0.0'],
      ['requests', '2.19.0'],
      ['jinja2', '3.1.4'],
    ] as const) {
      const normalized = normalizeName(packageName);
      const advisories = records.filter(
        ({ withdrawn, affected }) => withdrawn === undefined && affected.some((entry) => entry.name === normalized),
      );
      const known = packageAdvisories(normalized, advisories);
      const { nearest: version, passedOver } = nearestSafe(mustParse(text), known, undefined);
      assert.ok(version, packageName);
      assert.equal(compareVersions(version, mustParse(text)), 1);
      assert.deepEqual(affecting(version, normalized, advisories), []);
      for (const over of passedOver.filter(({ reason }) => reason === 'affected')) {
        assert.notEqual(affecting(mustParse(over.version), normalized, advisories).length, 0, over.version);
        assert.notEqual(over.affectedBy.length, 0);
      }
    }
  });
});

function affecting(version: Version, packageName: PackageName, advisories: readonly Advisory[]): readonly string[] {
  return advisories.filter((one) => affects(one, packageName, version)).map(({ id }) => id);
}

function fix(version: string, advisories: readonly Advisory[]): string | undefined {
  return from(version, advisories).nearest?.normal;
}

function from(version: string, advisories: readonly Advisory[], releases?: readonly Release[]): SafeVersions {
  return nearestSafe(mustParse(version), packageAdvisories(name, advisories), releases);
}

function release(text: string, yanked = false): Release {
  return { version: mustParse(text), yanked, files: [] };
}

/** Affected stretches, each from where it was introduced to its fix, if it has one. */
function record(id: string, ...stretches: readonly (readonly [string, string?])[]): Advisory {
  const ranges = stretches.map(([introduced, fixed]) => [
    { kind: 'introduced' as const, version: introduced },
    ...(fixed === undefined ? [] : [{ kind: 'fixed' as const, version: fixed }]),
  ]);
  return advisory({ id, affected: [{ name, versions: [], ranges }] });
}

function mustParse(text: string): Version {
  const version = parseVersion(text);
  assert.ok(version, `${text} should be a version`);
  return version;
}
