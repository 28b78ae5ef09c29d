import assert from 'node:assert/strict';
import { conciseReport } from '../../../../../server/src/core/report/formats/concise.ts';
import { textReport } from '../../../../../server/src/core/report/formats/text.ts';
import { inColour } from '../../../../../server/src/core/report/paint.ts';
import type { Finding } from '../../../../../server/src/core/assessment/finding.ts';
import type { FixAdvice } from '../../../../../server/src/core/assessment/advice/fixAdvice.ts';
import type { AssessedRequirement } from '../../../../../server/src/core/assessment/requirement.ts';
import { assessed, finding, pinned } from '../../../../support/builders.ts';
import { cleanReport, fullReport } from '../../../../support/reportFixture.ts';

function textOf(requirement: AssessedRequirement): string {
  return textReport({ ...cleanReport(), files: [{ path: 'r.txt', requirements: [requirement], problems: [] }] });
}

const advice: FixAdvice = { nearest: '2.33.0', latest: '2.33.0', verified: true, passedOver: [] };

function range(specifier: string, fix: Partial<FixAdvice>, changes: Partial<Finding> = {}): AssessedRequirement {
  const found = finding({ admitted: '2.18 up to before 2.32.0', ...changes });
  return {
    ...pinned('requests', specifier),
    specifier,
    version: null,
    outcome: { ...assessed([found]), verdict: 'possiblyVulnerable', fix: { ...advice, ...fix } },
  };
}

describe('the report as text', () => {
  it('says for a range what to type', () => {
    const cases: readonly (readonly [AssessedRequirement, RegExp])[] = [
      [range('>=2.18', { change: { kind: 'floor', version: '2.33.0' } }), /^ {4}Fix: requests>=2\.33\.0$/mu],
      [range('<3, >2', { change: { kind: 'floor', version: '2.33.0' } }), /^ {4}Fix: requests>=2\.33\.0,<3$/mu],
      [range('', { change: { kind: 'floor', version: '2.33.0' } }), /^ {4}Fix: requests>=2\.33\.0$/mu],
      [range('~=2.3', { change: { kind: 'floor', version: '2.33.0' } }), /^ {4}Fix: requests>=2\.33\.0,~=2\.3$/mu],
      [range('>=2', { change: { kind: 'exclude', versions: ['2.5'] } }), /^ {4}Fix: requests>=2,!=2\.5$/mu],
      [range('^2.3', { change: { kind: 'floor', version: '2.33.0' } }), /^ {4}Fix: Require >=2\.33\.0\.$/mu],
      [range('<2', { change: { kind: 'none', highestSafe: '1.9' } }), /Fix: No version later than 1\.9/u],
    ];
    for (const [requirement, expected] of cases) {
      assert.match(textOf(requirement), expected);
    }
    const floor = range('>=2.18', { change: { kind: 'floor', version: '2.33.0' } });
    assert.match(textOf(floor), /CVE-2021-35042 \(critical 9\.8\) in 2\.18 up to before 2\.32\.0: /u);
  });

  it('sends nobody to a version of something malicious, or to one where nothing counts', () => {
    const change = { kind: 'floor', version: '2.33.0' } as const;
    assert.doesNotMatch(textOf(range('>=2', { change }, { severity: 'malicious' })), /Fix:/u);
    assert.doesNotMatch(textOf(range('>=2', { change }, { known: true })), /Fix:/u);
  });

  it('names the file that decides the version, where the line itself does not', () => {
    const requirement: AssessedRequirement = {
      ...pinned('django', '3.2.0'),
      specifier: '',
      decidedBy: { kind: 'constraint', source: 'limits.txt' },
      outcome: assessed([finding()]),
    };
    assert.match(textOf(requirement), /^ {4}Fix: django 3\.2\.5, in limits\.txt$/mu);
    const locked = { ...pinned('django', '3.2.0'), scope: 'lock', outcome: assessed([finding()]) };
    assert.match(textOf(locked), /^ {4}Fix: django 3\.2\.5$/mu);
    const poetry = { ...pinned('django', '3.2.0'), specifier: '3.2.0', outcome: assessed([finding()]) };
    assert.match(textOf(poetry), /^ {4}Fix: django 3\.2\.5$/mu);
  });

  it('says where to change what a tool wrote, and where no version helps', () => {
    const note = 'Compiled by pip-compile from base.in: change it there and compile again.';
    const at = (fix: Partial<FixAdvice>, nearestFix: string | undefined): AssessedRequirement => ({
      ...pinned('django', '3.2.0'),
      outcome: { ...assessed([finding({ nearestFix })]), fix: { ...advice, ...fix } },
    });
    assert.match(textOf(at({ note }, '3.2.5')), /^ {4}Fix: django 3\.2\.5\. Compiled by pip-compile from base\.in: /mu);
    assert.match(textOf(at({ nearest: undefined, latest: undefined }, undefined)), /^ {4}Fix: none known\.$/mu);
    const outside = range('<2', { change: { kind: 'none' } });
    assert.match(
      textOf(outside),
      /^ {4}Fix: none fits\. No version that it allows .*The nearest safe one is 2\.33\.0\.$/mu,
    );
  });

  for (const [name, format] of [
    ['text', textReport],
    ['concise', conciseReport],
  ] as const) {
    it(`says the same with colours: ${name}`, () => {
      for (const report of [fullReport(), cleanReport()]) {
        const painted = format(report, inColour);
        assert.notEqual(painted, format(report));
        assert.equal(painted.replace(/\u001b\[\d+m/gu, ''), format(report));
      }
      assert.match(format(cleanReport(), inColour), /\u001b\[32mResult: no known vulnerabilities/u);
      assert.match(format(fullReport(), inColour), /\u001b\[31mResult: /u);
    });
  }
});
