import assert from 'node:assert/strict';
import { textReport } from '../../../../server/src/core/report/formats/text.ts';
import { finding, pinned } from '../../../support/builders.ts';
import { cleanReport } from '../../../support/reportFixture.ts';

describe('ignored findings in the text report', () => {
  const textOf = (findings: readonly ReturnType<typeof finding>[]): string =>
    textReport({
      ...cleanReport(),
      files: [
        {
          path: 'r.txt',
          requirements: [
            {
              ...pinned('a', '>=1'),
              specifier: '>=1',
              version: null,
              outcome: { kind: 'assessed', verdict: 'possiblyVulnerable', findings, checkedAt: 0 },
            },
          ],
          problems: [],
        },
      ],
    });

  for (const [ignored, expected] of [
    [{ reason: '', until: null }, /\. Ignored\.$/mu],
    [{ reason: 'not reached', until: null }, /\. Ignored: not reached\.$/mu],
    [{ reason: 'not reached!', until: '2027-01-31' }, /\. Ignored until 2027-01-31: not reached!$/mu],
  ] as const) {
    it(`are told so: ${JSON.stringify(ignored)}`, () => {
      assert.match(textOf([finding({ ignored })]), expected);
    });
  }

  it('do not push an open finding of a range off the list', () => {
    const ignored = Array.from({ length: 20 }, (_, at) =>
      finding({ id: `CVE-1-${at}`, ignored: { reason: 'x', until: null } }),
    );
    const text = textOf([...ignored, finding({ id: 'CVE-2-OPEN', severity: 'low' })]);
    assert.match(text, /CVE-2-OPEN/u);
    assert.match(text, /21 findings, 20 of them ignored/u);
  });
});
