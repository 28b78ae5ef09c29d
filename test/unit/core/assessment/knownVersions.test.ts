import assert from 'node:assert/strict';
import { knownVersions } from '../../../../server/src/core/assessment/knownVersions.ts';
import type { Advisory } from '../../../../server/src/core/advisories/advisory.ts';
import { packageAdvisories } from '../../../../server/src/core/advisories/packageAdvisories.ts';
import type { PackageFacts } from '../../../../server/src/core/assessment/packageFacts.ts';
import type { Release } from '../../../../server/src/core/packages/release.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { advisory } from '../advisories/advisoryBuilder.ts';

const name = normalizeName('django');
const other = normalizeName('flask');

function facts(advisories: readonly Advisory[], releases?: readonly Release[]): PackageFacts {
  return { advisories: packageAdvisories(name, advisories), releases };
}

const range = (introduced: string, fixed: string) =>
  [
    { kind: 'introduced', version: introduced },
    { kind: 'fixed', version: fixed },
  ] as const;

describe('knownVersions', () => {
  it('are the listed and the fixed ones, newest first, each with what affects it', () => {
    const advisories = [
      advisory({
        id: 'GHSA-1',
        aliases: ['PYSEC-1', 'CVE-2024-1'],
        affected: [{ name, versions: ['4.2.0', '4.2.1'], ranges: [range('4.0', '4.2.2')] }],
      }),
      advisory({
        id: 'PYSEC-2',
        aliases: [],
        affected: [
          { name, versions: ['4.2.2'], ranges: [range('4.2.1', '4.2.3')] },
          { name: other, versions: ['9.9'], ranges: [] },
        ],
      }),
    ];
    assert.deepEqual(
      knownVersions(facts(advisories)).map(({ version, affectedBy, fixes }) => [version, affectedBy, fixes]),
      [
        ['4.2.3', [], true],
        ['4.2.2', ['PYSEC-2'], true],
        ['4.2.1', ['CVE-2024-1', 'PYSEC-2'], false],
        ['4.2.0', ['CVE-2024-1'], false],
      ],
    );
  });

  it('leave out what is no version, and repeat none', () => {
    const affected = [{ name, versions: ['1.0', '1.0.0', '2.9.0-NA', 'latest', '2.0rc1'], ranges: [] }];
    assert.deepEqual(
      knownVersions(facts([advisory({ id: 'GHSA-1', affected })])).map(({ version, isPrerelease }) => [
        version,
        isPrerelease,
      ]),
      [
        ['2.0rc1', true],
        ['1.0', false],
      ],
    );
  });

  it('take nothing from a withdrawn record', () => {
    const affected = [{ name, versions: ['1.0'], ranges: [range('0', '1.1')] }];
    assert.deepEqual(
      knownVersions(facts([advisory({ id: 'GHSA-1', affected, withdrawn: '2024-01-01T00:00:00Z' })])),
      [],
    );
  });

  it('are the releases of the index where it was asked: what it does not have is not offered', () => {
    const affected = [{ name, versions: ['1.0', '1.1'], ranges: [range('0', '1.3')] }];
    const releases = ['1.0', '1.2', '1.4'].flatMap((text) => {
      const version = parseVersion(text);
      return version === undefined ? [] : [{ version, yanked: text === '1.4', files: [] }];
    });
    assert.deepEqual(
      knownVersions(facts([advisory({ id: 'GHSA-1', affected })], releases)).map(({ version, affectedBy, yanked }) => [
        version,
        affectedBy,
        yanked,
      ]),
      [
        ['1.4', [], true],
        ['1.2', ['GHSA-1'], false],
        ['1.0', ['GHSA-1'], false],
      ],
    );
    assert.equal(releases[0]?.version.normal, '1.0', 'the list of the index stays as it is');
  });
});
