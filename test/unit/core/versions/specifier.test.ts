import assert from 'node:assert/strict';
import { contains, parseSpecifier } from '../../../../server/src/core/versions/specifier.ts';
import { filterVersions } from '../../../support/filterVersions.ts';
import type { VersionSpecifier } from '../../../../server/src/core/versions/specifier.ts';
import { parseVersion } from '../../../../server/src/core/versions/version.ts';
import { sharedRows } from './sharedRows.ts';

describe('parseSpecifier', () => {
  it('reads clauses as written', () => {
    assert.deepEqual(texts(mustParse(' >= 1.0 ,,!=1.5.*, ===FOO ,~=2.1rc1,')), [
      '>=1.0',
      '!=1.5.*',
      '===FOO',
      '~=2.1rc1',
    ]);
    assert.deepEqual(mustParse(''), []);
  });

  it('refuses what PEP 440 does not allow', () => {
    for (const text of [
      ...['1.0', '=1.0', '=>1.0', '==', '==x', '==1.0.x', '>=1.*', '<1.0+x', '~=1', '~=1.0+x', '==1.0a1.*', '==1.0 .*'],
      ...['==1.0+x.*', '===a b', '===1;', '>=2.3.3<3', '<>1', '~=1.*', '== =1'],
    ]) {
      assert.equal(parseSpecifier(text), undefined, text);
    }
  });

  it('takes and refuses what packaging does, over all shared cases', function () {
    for (const row of sharedRows(this, 'pep440/specparse.jsonl.gz') as { s: string; r: string[] | null }[]) {
      const specifier = parseSpecifier(row.s);
      assert.deepEqual(specifier === undefined ? null : texts(specifier).sort(), row.r, row.s);
    }
  });
});

describe('contains', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['==1.0', ['1', '1.0.0', '1.0+x'], ['1.0.post1', '1.0rc1', '1.0.1']],
    ['==1.0+x', ['1.0+X', '1+x'], ['1.0', '1.0+x.1', '1.0+y']],
    ['!=1.0', ['1.0.post1', '0.9'], ['1.0', '1.0+x']],
    ['==1.0.*', ['1', '1.0a1', '1.0.dev0', '1.0.5.post1', '1.0+x'], ['1.1.dev0', '0.9', '1!1.0']],
    ['!=1.*', ['2', '0.9', '1!1.0'], ['1.5', '1.dev0']],
    ['~=1.4.5', ['1.4.5', '1.4.99'], ['1.5.dev0', '1.4.4', '1.4.5rc1']],
    ['~=1.4.5a4', ['1.4.5a4', '1.4.5'], ['1.4.5a3', '1.5']],
    ['<=1.0', ['1.0+x', '1.0rc1'], ['1.0.post0.dev0']],
    ['<1.0', ['0.9', '0.9.post1'], ['1.0rc1', '1.0.dev0', '1.0']],
    ['<1.0rc1', ['1.0b1', '1.0.dev0'], ['1.0rc1']],
    ['<1.0.post1', ['1.0'], ['1.0.post1.dev0']],
    ['>1.0', ['1.0.1', '1.1.dev0'], ['1.0', '1.0+x', '1.0.post1', '1.0.post1+x']],
    ['>1.0.post1', ['1.0.post2', '1.1', '1.0.post2.dev0'], ['1.0.post1+x', '1.0']],
    ['>1.0a1', ['1.0a2.dev0', '1.0', '1.0.post1'], ['1.0a1.post1', '1.0a1+x']],
    ['>1.0.dev1', ['1.0.dev2', '1.0a1'], ['1.0.dev1+x']],
    ['===1.0RC1', ['1.0rc1'], ['1.0c1', '1.0.0rc1', ' 1.0rc1']],
    ['===foo', ['FOO'], ['bar']],
    ['', ['anything', '1.0'], []],
  ];
  for (const [specifier, inside, outside] of cases) {
    it(`${specifier || 'the empty specifier'} admits ${inside.join(', ')}, not ${outside.join(', ')}`, () => {
      for (const candidate of inside) {
        assert.equal(contains(mustParse(specifier), candidate), true, candidate);
      }
      for (const candidate of outside) {
        assert.equal(contains(mustParse(specifier), candidate), false, candidate);
      }
    });
  }

  it('turns pre-releases away when told to', () => {
    assert.equal(contains(mustParse('>=1.0rc1'), '1.0rc1', { prereleases: false }), false);
    assert.equal(contains(mustParse('>=1.0rc1'), '1.0', { prereleases: false }), true);
  });

  it('takes a parsed version as well', () => {
    const version = parseVersion('1.0-1');
    assert.ok(version);
    assert.equal(contains(mustParse('===1.0.post1,>=1'), version), true);
  });

  it('answers as packaging 26.3 does, over all shared cases', function () {
    type Row = readonly [string, string, number, number, number];
    for (const row of sharedRows(this, 'pep440/contains.jsonl.gz') as Row[]) {
      const [specifier, candidate, ...expected] = row;
      const answers = [true, undefined, false].map((prereleases) =>
        Number(contains(mustParse(specifier), candidate, { prereleases })),
      );
      assert.deepEqual(answers, expected.slice(0, 3), `${specifier} and ${candidate}`);
    }
  });
});

describe('filterVersions', () => {
  it('keeps pre-releases back while there is a final one', () => {
    assert.deepEqual(filterVersions(mustParse('>=1'), ['1.0', '2.0rc1']), ['1.0']);
    assert.deepEqual(filterVersions(mustParse('>1'), ['1.0', '2.0rc1']), ['2.0rc1']);
    assert.deepEqual(filterVersions(mustParse('>=1.0rc1'), ['1.0', '2.0rc1']), ['1.0', '2.0rc1']);
  });

  it('chooses as packaging 26.3 does, over all shared cases', function () {
    type Row = { s: string; vs: string[]; d: string[]; t: string[] };
    for (const { s, vs, d, t } of sharedRows(this, 'pep440/filter.jsonl.gz') as Row[]) {
      assert.deepEqual(filterVersions(mustParse(s), vs), d, s);
      assert.deepEqual(filterVersions(mustParse(s), vs, { prereleases: true }), t, s);
    }
  });
});

function mustParse(text: string): VersionSpecifier {
  const specifier = parseSpecifier(text);
  assert.ok(specifier, `${JSON.stringify(text)} should be a specifier`);
  return specifier;
}

function texts(specifier: VersionSpecifier): string[] {
  return specifier.map(({ operator, text }) => operator + text);
}
