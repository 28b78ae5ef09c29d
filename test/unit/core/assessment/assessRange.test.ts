import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Advisory, RangeEvent } from '../../../../server/src/core/advisories/advisory.ts';
import { affects } from '../../../../server/src/core/advisories/affects.ts';
import { packageAdvisories } from '../../../../server/src/core/advisories/packageAdvisories.ts';
import { assessRange } from '../../../../server/src/core/assessment/assessRange.ts';
import type { RangeAssessment } from '../../../../server/src/core/assessment/assessRange.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { asksForPrereleases, contains, parseSpecifier } from '../../../../server/src/core/versions/specifier.ts';
import type { VersionSpecifier } from '../../../../server/src/core/versions/specifier.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import type { Version } from '../../../../server/src/core/versions/version.ts';
import { setHas } from '../../../../server/src/core/versions/versionSet.ts';
import { advisory } from '../advisories/advisoryBuilder.ts';

const name = normalizeName('requests');

describe('assessRange', () => {
  const before231 = record('A-1', 'introduced 0, fixed 2.31.0');
  const line4 = record('A-2', 'introduced 4.0, fixed 4.2.3');
  const cases: readonly (readonly [string, readonly Advisory[], string])[] = [
    ['>=2.0', [], 'clean'],
    ['>=2.31', [before231], 'clean'],
    ['>=2.0', [before231], 'possiblyVulnerable [2.0, 2.31.0)'],
    ['', [before231], 'possiblyVulnerable (, 2.31.0)'],
    ['<2.0', [before231], 'vulnerable (, 2.0)'],
    ['<2.31.0', [before231], 'vulnerable (, 2.31.0)'],
    ['~=2.30.0', [before231], 'vulnerable [2.30.0, 2.31.0)'],
    ['>=1,<5', [line4], 'possiblyVulnerable [4.0, 4.2.3)'],
    ['>=1,<5', [before231, line4], 'possiblyVulnerable [1, 2.31.0) [4.0, 4.2.3)'],
    ['>=4.1,<4.2', [before231, line4], 'vulnerable [4.1, 4.2)'],
    ['>=4.1,!=4.2.1,<4.2.2', [line4], 'vulnerable [4.1, 4.2.1) (4.2.1, 4.2.2)'],
    // 2.31.0rc1 is admitted and affected, but 2.31.0 is there, so nobody gets it unasked.
    ['==2.31.*', [before231], 'clean'],
    ['>=2.31.0rc1', [before231], 'possiblyVulnerable [2.31.0rc1, 2.31.0)'],
    // Only the pre-releases below 1.0 are not affected.
    ['==1.*', [record('A-3', 'introduced 1.0')], 'vulnerable [1.0, 2)'],
    ['<=2.0', [record('A-4', 'introduced 0, last_affected 2.0')], 'vulnerable (, 2.0]'],
    ['<=2.0', [record('A-5', 'introduced 1.0, last_affected 2.0')], 'possiblyVulnerable [1.0, 2.0]'],
    ['>=1', [record('MAL-1', 'introduced 0')], 'vulnerable [1, )'],
    ['>=1', [{ ...before231, withdrawn: '2024-01-01T00:00:00Z' }], 'clean'],
    ['>=1', [record('A-6', 'introduced 0', 'other')], 'clean'],
    [
      '>=1',
      [advisory({ id: 'A-7', affected: [{ name, versions: ['0.9', '1.5'], ranges: [] }] })],
      'possiblyVulnerable [1.5, 1.5]',
    ],
  ];
  for (const [specifier, advisories, expected] of cases) {
    it(`finds ${specifier || 'any version'} ${expected}, given ${advisories.map(({ id }) => id).join(', ') || 'nothing'}`, () => {
      assert.equal(show(assess(specifier, advisories)), expected);
    });
  }

  it('counts pre-releases where no final release is known', () => {
    const onlyPre = record('A-1', 'introduced 0, fixed 2.0rc2');
    assert.equal(show(assess('==2.*', [onlyPre])), 'possiblyVulnerable [2.dev0, 2.0rc2)');
  });

  it('names the advisories that matter', () => {
    const { affecting } = assess('>=3,<4.1', [before231, line4]);
    assert.deepEqual(
      affecting.map(({ advisory: { id } }) => id),
      ['A-2'],
    );
  });

  it('agrees with asking about every version near, on random specifiers and records', () => {
    const base = fc.constantFrom('1.0', '1.1', '1.1rc1', '1.2', '2.0', '2.0.post1', '1.2.dev1', '1!0.5');
    const clause = fc.oneof(
      fc.tuple(fc.constantFrom('>=', '<=', '>', '<', '!='), base).map(([operator, version]) => operator + version),
      fc.constantFrom('==1.*', '==1.1.*', '!=1.1.*', '~=1.1', '~=1.1.0'),
    );
    const event = fc.record({
      kind: fc.constantFrom('introduced' as const, 'fixed' as const, 'lastAffected' as const),
      version: base,
    });
    const range = fc
      .array(event, { maxLength: 4 })
      .map((events): readonly RangeEvent[] => [{ kind: 'introduced', version: '0' }, ...events]);
    const near = [...new Set(['0.1', '0.dev1', '3', '1!1', ...neighbours(['1.0', '1.1', '1.2', '2.0', '1!0.5'])])].map(
      mustBe,
    );
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 3 }), fc.array(range, { maxLength: 2 }), (clauses, ranges) => {
        const specifier = mustParse(clauses.join(','));
        const advisories = ranges.map((events, index) =>
          advisory({ id: `A-${index}`, affected: [{ name, versions: [], ranges: [events] }] }),
        );
        const { verdict, vulnerable, affecting } = assessRange(specifier, packageAdvisories(name, advisories));
        const knowsFinal = advisories.some(({ affected }) =>
          affected.some((entry) =>
            entry.ranges
              .flat()
              .some(({ version }) => version !== '0' && isFinal(mustBe(version)) && contains(specifier, version)),
          ),
        );
        const counts = (version: Version): boolean =>
          version.local === undefined && (!knowsFinal || specifier.some(asksForPrereleases) || isFinal(version));
        const admitted = near.filter((version) => contains(specifier, version) && counts(version));
        const isAffected = (version: Version): boolean => advisories.some((one) => affects(one, name, version));
        for (const version of admitted) {
          assert.equal(setHas(vulnerable, version.key), isAffected(version), version.normal);
        }
        const hit = admitted.filter(isAffected);
        assert.equal(verdict === 'clean', hit.length === 0);
        assert.equal(verdict === 'vulnerable', hit.length > 0 && hit.length === admitted.length);
        assert.deepEqual(
          affecting.map((one) => one.advisory.id),
          advisories.filter((one) => admitted.some((version) => affects(one, name, version))).map(({ id }) => id),
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Versions on both sides of whatever border a specifier or a range can draw near these. */
function neighbours(versions: readonly string[]): readonly string[] {
  return versions.flatMap((version) =>
    [
      ...[
        '',
        '.dev0',
        '.dev1',
        '.dev2',
        'a0',
        'rc0',
        'rc1',
        'rc1.post0',
        'rc2.dev0',
        'rc2',
        '.post0.dev0',
        '.post0',
        '+x',
      ],
      ...['.post1.dev0', '.post1', '.post2.dev0', '.post2', '.0.0.1.dev0', '.0.0.1', '.1', '.5'],
    ].map((suffix) => version + suffix),
  );
}

function isFinal(version: Version): boolean {
  return !version.isPrerelease;
}

function record(id: string, events: string, packageName = 'requests'): Advisory {
  const range = events.split(', ').map((event): RangeEvent => {
    const [key = '', version = ''] = event.split(' ');
    return { kind: key === 'last_affected' ? 'lastAffected' : key === 'fixed' ? 'fixed' : 'introduced', version };
  });
  return advisory({ id, affected: [{ name: normalizeName(packageName), versions: [], ranges: [range] }] });
}

function assess(specifier: string, advisories: readonly Advisory[]): RangeAssessment {
  return assessRange(mustParse(specifier), packageAdvisories(name, advisories));
}

function show({ verdict, vulnerable, intervalsOf }: RangeAssessment): string {
  const texts = intervalsOf(vulnerable).map(({ from, to }) => {
    const lower = from === undefined ? '(' : `${from.inclusive ? '[' : '('}${from.version}`;
    return `${lower}, ${to === undefined ? ')' : `${to.version}${to.inclusive ? ']' : ')'}`}`;
  });
  return [verdict, ...texts].join(' ');
}

function mustParse(text: string): VersionSpecifier {
  const specifier = parseSpecifier(text);
  assert.ok(specifier, text);
  return specifier;
}

function mustBe(text: string): Version {
  const version = parseVersion(text);
  assert.ok(version, text);
  return version;
}
