import type { Clause, Operator } from '../../../../server/src/core/versions/clause.ts';
import assert from 'node:assert/strict';
import { pinnedVersion } from '../../../../server/src/core/versions/pinnedVersion.ts';

describe('pinnedVersion', () => {
  for (const [specifier, expected] of [
    ['', 'unpinned'],
    ['==1.0', 'pin 1.0 by ==1.0'],
    ['==v1.0-RC1', 'pin 1.0rc1 by ==v1.0-RC1'],
    ['==1.0,==1.0.0', 'pin 1.0 by ==1.0'],
    ['>=0.5,==1.0,!=1.1', 'pin 1.0 by ==1.0'],
    ['===1.0', 'pin 1.0 by ===1.0'],
    ['==1.0.0,===1.0', 'pin 1.0 by ===1.0'],
    ['==1.0,==1.0+cu118', 'pin 1.0+cu118 by ==1.0+cu118'],
    ['==2!1.0', 'pin 2!1.0 by ==2!1.0'],
    ['==1.0.*', 'range'],
    ['>=1.0', 'range'],
    ['>=1.0,<=1.0', 'range'],
    ['~=1.4', 'range'],
    ['<2', 'range'],
    ['!=1.0', 'range'],
    ['==1.0,==2.0', 'contradictory'],
    ['===1.0,===1.0.0', 'contradictory'],
    ['==1.0,>1.0', 'contradictory'],
    ['==1.0rc1,<1.0', 'contradictory'],
    ['==1.0,!=1.0.0', 'contradictory'],
    ['==1.*,==2.*', 'contradictory'],
    ['>2,<1', 'contradictory'],
    ['>=1.0,<1.0', 'contradictory'],
    // Nothing lies between a pre-release with its post-releases and the next one.
    ['>1.0a1,<1.0a2.dev0', 'contradictory'],
    ['>1.0.post1,<1.0.post2.dev0', 'contradictory'],
    ['>1.0,<1.0.0.1.dev0', 'range'],
    ['<0.dev0', 'contradictory'],
    ['<=0.dev0', 'range'],
    ['===latest', 'notPep440 ===latest'],
    ['>=1,==1.0=py_0', 'notPep440 ==1.0=py_0'],
    ['>=2.3.3<3', 'notPep440 >=2.3.3<3'],
  ] as const) {
    it(`reads ${specifier || 'no clause'} as ${expected}`, () => {
      assert.equal(describePin(specifier), expected);
    });
  }
});

function describePin(specifier: string): string {
  const pinned = pinnedVersion(specifier === '' ? [] : specifier.split(',').map(toClause));
  switch (pinned.kind) {
    case 'pin':
      return `pin ${pinned.version.normal} by ${pinned.clause.operator}${pinned.clause.version}`;
    case 'notPep440':
      return `notPep440 ${pinned.clause.operator}${pinned.clause.version}`;
    case 'unpinned':
    case 'range':
    case 'contradictory':
      return pinned.kind;
  }
}

function toClause(text: string): Clause {
  const operator = /^(===|~=|==|!=|<=|>=|<|>)/.exec(text)?.[0] as Operator;
  const version = text.slice(operator.length);
  const span = { start: 0, end: 0 };
  return { operator, operatorSpan: span, version, versionSpan: span, wildcard: version.endsWith('.*') };
}
