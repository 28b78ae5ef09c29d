import assert from 'node:assert/strict';
import type { Advisory } from '../../../../server/src/core/advisories/advisory.ts';
import { affects } from '../../../../server/src/core/advisories/affects.ts';
import { decodeOsv } from '../../../../server/src/core/advisories/decodeOsv.ts';
import { nearestFix } from '../../../../server/src/core/advisories/fixes.ts';
import { normalizeName } from '../../../../server/src/core/requirements/packageName.ts';
import type { PackageName } from '../../../../server/src/core/requirements/model.ts';
import { compareVersions, parseVersion } from '../../../../server/src/core/versions/version.ts';
import type { Version } from '../../../../server/src/core/versions/version.ts';
import { sharedRows } from '../versions/sharedRows.ts';
import { advisory } from './advisoryBuilder.ts';

const name = normalizeName('django');

describe('nearestFix', () => {
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
    const answer = nearestFix(name, mustParse('4.2.1'), advisories);
    assert.equal(answer.version?.normal, '4.2.7');
    assert.deepEqual(
      answer.passedOver.map(({ version, reason, affectedBy }) => [version.normal, reason, affectedBy]),
      [
        ['4.2.3', 'affected', ['A-2', 'A-3']],
        ['4.2.4', 'affected', ['A-2']],
      ],
    );
  });

  it('never goes down, nor stays', () => {
    assert.equal(fix('5.0', [record('A-1', ['0', '4.2.3']), record('A-2', ['5.0', '5.0.0'])]), undefined);
    assert.equal(fix('4.2.3', [record('A-1', ['0', '4.2.3'])]), undefined);
  });

  it('takes a pre-release only for who is on one', () => {
    const advisories = [record('A-1', ['0', '2.0rc2']), record('A-2', ['0', '2.0.1'])];
    assert.equal(fix('2.0rc1', [advisories[0] ?? assert.fail()]), '2.0rc2');
    const answer = nearestFix(name, mustParse('1.9'), advisories);
    assert.equal(answer.version?.normal, '2.0.1');
    assert.deepEqual(answer.passedOver, [{ version: mustParse('2.0rc2'), reason: 'prerelease', affectedBy: [] }]);
  });

  it('knows none where none is known', () => {
    assert.equal(fix('1.0', []), undefined);
    assert.equal(fix('1.0', [record('A-1', ['0', '2.0']), record('MAL-1', ['0'])]), undefined);
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
      const { version, passedOver } = nearestFix(normalized, mustParse(text), advisories);
      assert.ok(version, packageName);
      assert.equal(compareVersions(version, mustParse(text)), 1);
      assert.deepEqual(affecting(version, normalized, advisories), []);
      for (const over of passedOver.filter(({ reason }) => reason === 'affected')) {
        assert.deepEqual(over.affectedBy, affecting(over.version, normalized, advisories), over.version.normal);
        assert.notEqual(over.affectedBy.length, 0);
      }
    }
  });
});

function affecting(version: Version, packageName: PackageName, advisories: readonly Advisory[]): readonly string[] {
  return advisories.filter((one) => affects(one, packageName, version)).map(({ id }) => id);
}

function fix(version: string, advisories: readonly Advisory[]): string | undefined {
  return nearestFix(name, mustParse(version), advisories).version?.normal;
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
