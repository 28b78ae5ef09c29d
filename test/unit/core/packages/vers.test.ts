import assert from 'node:assert/strict';
import { versIntervals, versRange } from '../../../../server/src/core/packages/vers.ts';

describe('vers ranges', () => {
  it('have the clauses of a specifier, by version', () => {
    const cases: Readonly<Record<string, string | undefined>> = {
      '>=1,<2': 'vers:pypi/>=1|<2',
      '<2,>=1': 'vers:pypi/>=1|<2',
      '>=1,!=1.5,<2': 'vers:pypi/>=1|!=1.5|<2',
      '==1.0+local': 'vers:pypi/1.0%2Blocal',
      '>=1.9,>=1.10': 'vers:pypi/>=1.9|>=1.10',
    };
    for (const [specifier, expected] of Object.entries(cases)) {
      assert.equal(versRange(specifier), expected, specifier);
    }
  });

  it('are not made up where vers has no form for it', () => {
    for (const specifier of ['', '==1.*', '~=1.4', '===foo', '>=1,!=1.0,<2', '>=x']) {
      assert.equal(versRange(specifier), undefined, specifier);
    }
  });

  it('have stretches of versions', () => {
    const at = (version: string, inclusive = true) => ({ version, inclusive });
    assert.equal(
      versIntervals([
        { to: at('1.0', false) },
        { from: at('2.0'), to: at('2.0') },
        { from: at('3.0'), to: at('3.2') },
        { from: at('4.0', false) },
      ]),
      'vers:pypi/<1.0|2.0|>=3.0|<=3.2|>4.0',
    );
    assert.equal(versIntervals([{}]), undefined);
    assert.equal(versIntervals([]), undefined);
  });
});
