import assert from 'node:assert/strict';
import { hasRelease, toInterval } from '../../../../server/src/core/versions/boundary.ts';
import { admittedVersions, parseSpecifier } from '../../../../server/src/core/versions/specifier.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import type { VersionSet } from '../../../../server/src/core/versions/versionSet.ts';
import { sharedRows } from './sharedRows.ts';

describe('toInterval', () => {
  for (const [specifier, ...expected] of [
    ['', '(, )'],
    ['>=1.0', '[1, )'],
    ['>1.0', '(1, )'],
    ['>1.0a1', '[1a2.dev0, )'],
    ['>1.0.post1', '(1.post1, )'],
    ['>1.0.dev1', '[1.dev2, )'],
    ['<2', '(, 2)'],
    ['<2rc1', '(, 2rc1)'],
    ['<=2', '(, 2]'],
    ['<=2.post3', '(, 2.post3]'],
    ['==1.4.*', '[1.4.dev0, 1.5)'],
    ['~=1.4.2', '[1.4.2, 1.5)'],
    ['==1.0', '[1, 1]'],
    ['==1.0+cu118.2', '[1+cu118.2, 1+cu118.2]'],
    ['!=1.0', '(, 1)', '(1, )'],
    ['!=1.0+x', '(, 1+x)', '(1+x, )'],
    ['>=1!99999999999.0,<1!99999999999999999999', '[1!99999999999, 1!99999999999999999999)'],
  ] as const) {
    it(`reads ${specifier || 'everything'} as ${expected.join(' and ')}`, () => {
      assert.deepEqual(
        setOf(specifier).map((stretch) => show(toInterval(stretch, new Map()))),
        expected,
      );
    });
  }

  it('finds the way back from every key', function () {
    for (const [text] of sharedRows(this, 'pep440/order.jsonl.gz') as [string][]) {
      const version = parseVersion(text);
      assert.ok(version);
      const { from } = toInterval({ from: version.key, to: '~' }, new Map([[version.key, 'found']]));
      // Before 1.0.post0.dev0 there is 1.0 with its local versions, which is how it is told.
      const isSuccessor = version.post !== undefined && version.dev === '0' && version.local === undefined;
      assert.equal(from?.version === 'found', !isSuccessor && version.key !== parseVersion('0.dev0')?.key, text);
    }
  });
});

describe('hasRelease', () => {
  for (const [specifier, finals, any] of [
    ['>=1.0rc1,<1.0', false, false],
    ['>=1.0rc1,<1.0rc2', false, true],
    ['>=1.0rc1,<=1.0', true, true],
    ['>=1.0.post1.dev0,<1.0.post1', false, false],
    ['>=1.0.post1.dev1,<=1.0.post1', true, true],
    ['>=1.0.dev1,<1.0a1', false, true],
    ['>1.0,<1.0.1', true, true],
    ['>1.0,<=1.0.0.1.dev0', true, true],
    ['==1.0+x', false, false],
    ['>=1.0,!=1.0,<1.0.post0', false, false],
    ['==1.0', true, true],
    ['==1.0a1.post1', false, true],
    ['', true, true],
  ] as const) {
    it(`${specifier || 'everything'}: ${finals ? 'a' : 'no'} final, ${any ? 'a' : 'no'} release at all`, () => {
      const set = setOf(specifier);
      assert.equal(
        set.some((stretch) => hasRelease(stretch, false)),
        finals,
      );
      assert.equal(
        set.some((stretch) => hasRelease(stretch, true)),
        any,
      );
    });
  }
});

function setOf(text: string): VersionSet {
  const specifier = parseSpecifier(text);
  assert.ok(specifier, text);
  return admittedVersions(specifier);
}

function show({ from, to }: ReturnType<typeof toInterval>): string {
  const lower = from === undefined ? '(' : `${from.inclusive ? '[' : '('}${from.version}`;
  return `${lower}, ${to === undefined ? ')' : `${to.version}${to.inclusive ? ']' : ')'}`}`;
}
