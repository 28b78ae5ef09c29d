import assert from 'node:assert/strict';
import { baseForm, compareVersions, parseVersion, publicForm } from '../../../../server/src/core/versions/version.ts';
import type { Version } from '../../../../server/src/core/versions/version.ts';
import { sharedRows } from './sharedRows.ts';

describe('parseVersion', () => {
  it('writes the normal form', () => {
    for (const [text, normal] of [
      ['1.0', '1.0'],
      [' v1.0.0\n', '1.0.0'],
      ['01.002', '1.2'],
      ['0!1', '1'],
      ['2!1.0ALPHA', '2!1.0a0'],
      ['1.0_beta-3', '1.0b3'],
      ['1.0c1', '1.0rc1'],
      ['1.0preview.2', '1.0rc2'],
      ['1.0-1', '1.0.post1'],
      ['1.0rev', '1.0.post0'],
      ['1.0.POST.007', '1.0.post7'],
      ['1.0-dev', '1.0.dev0'],
      ['1a1.post2.dev3+Ubuntu_01-x', '1a1.post2.dev3+ubuntu.1.x'],
    ] as const) {
      assert.equal(parseVersion(text)?.normal, normal, text);
    }
  });

  it('refuses what PEP 440 does not know', () => {
    for (const text of [
      ...['', '1.', '.1', '1..2', '1!', '1.0-', '1.0+', '1.0+a..b', '1.0.x', 'latest', '1.*', '>=1.0', '1.0 1.0'],
      ...['1.0po\u017ft', '1.0+\u212a', '1.0\u00b2', '\u0661.0', '\ufeff1.0', '==1.0', '1.0=py_0', '2.9.0-NA'],
    ]) {
      assert.equal(parseVersion(text), undefined, JSON.stringify(text));
    }
  });

  it('takes the white space that Python takes', () => {
    assert.equal(parseVersion('\u001c\u00851.0\u2003\u00a0')?.normal, '1.0');
  });

  it('loses no digit, however long the number', () => {
    const digits = '9'.repeat(5_000);
    const version = mustParse(`1!${digits}.1rc${digits}+${digits}`);
    assert.equal(version.normal, `1!${digits}.1rc${digits}+${digits}`);
    assert.equal(compareVersions(mustParse('1.9007199254740992'), mustParse('1.9007199254740993')), -1);
    assert.equal(compareVersions(mustParse(`1.${digits}`), mustParse(`1.1${digits}`)), -1);
  });

  it('answers for hostile texts without throwing', () => {
    for (const text of [
      '1.'.repeat(5_000_000),
      `${'1'.repeat(99_999)}x`,
      `1+${'a.'.repeat(40_000)}`,
      ' '.repeat(1e6),
    ]) {
      assert.equal(parseVersion(text), undefined);
    }
  });

  it('tells base and public form', () => {
    const version = mustParse('1!2.0rc1.post2.dev3+x');
    assert.equal(baseForm(version), '1!2.0');
    assert.equal(publicForm(version), '1!2.0rc1.post2.dev3');
  });

  it('reads as packaging does, over all shared cases', function () {
    for (const row of sharedRows(this, 'pep440/parse.jsonl.gz') as { v: string; r: unknown[] | null }[]) {
      const version = parseVersion(row.v);
      if (row.r === null) {
        assert.equal(version, undefined, row.v);
        continue;
      }
      assert.ok(version, row.v);
      assert.deepEqual(
        [version.normal, publicForm(version), baseForm(version), Number(version.isPrerelease)],
        [row.r[0], row.r[7], row.r[8], row.r[9]],
        row.v,
      );
    }
  });

  it('reads every version pinned in real files as packaging does', function () {
    for (const [text, normal] of sharedRows(this, 'pep440/normalise-real.jsonl.gz') as [string, string | null][]) {
      assert.equal(parseVersion(text)?.normal ?? null, normal, text);
    }
  });
});

describe('compareVersions', () => {
  // PEP 440, "Summary of permitted suffixes and relative ordering", with the awkward neighbours added.
  const ascending = [
    ...['0.dev0', '0', '1.dev0', '1.0.dev456', '1.0a1.dev1', '1.0a1', '1.0a2.dev456', '1.0a12.dev456', '1.0a12'],
    ...['1.0a12.post1', '1.0b1.dev456', '1.0b2', '1.0b2.post345.dev456', '1.0b2.post345', '1.0rc1.dev456', '1.0rc1'],
    ...['1.0', '1.0+a', '1.0+a.b', '1.0+a.1', '1.0+ab', '1.0+abc.5', '1.0+abc.7', '1.0+5', '1.0+5.a', '1.0+10'],
    ...['1.0.post0.dev1', '1.0.post0', '1.0.post456.dev34', '1.0.post456', '1.0.0.1.dev0', '1.0.15', '1.1.dev1'],
    ...['1.10', '2', '10', '2016.1', '1!0.1', '1!1', '10!0', '999999999!0', '9999999999!0'],
  ];

  it('has one order for all of them', () => {
    const versions = ascending.map(mustParse);
    for (const [i, a] of versions.entries()) {
      for (const [j, b] of versions.entries()) {
        assert.equal(compareVersions(a, b), Math.sign(i - j), `${a.normal} and ${b.normal}`);
      }
    }
  });

  it('calls different texts of one version equal', () => {
    for (const [a, b] of [
      ['1.0', '1'],
      ['1.0.0rc1', '1rc1'],
      ['0.0', '0'],
      ['1.0+01', '1+1'],
      ['1.0+ABC.x', '1.0+abc-X'],
      ['1.0-1', '1.0.post1'],
    ] as const) {
      assert.equal(compareVersions(mustParse(a), mustParse(b)), 0, `${a} and ${b}`);
    }
  });

  for (const file of ['order', 'order-real']) {
    it(`orders as packaging does, over all cases of ${file}`, function () {
      for (const [a, b, expected] of sharedRows(this, `pep440/${file}.jsonl.gz`) as [string, string, number][]) {
        assert.equal(compareVersions(mustParse(a), mustParse(b)), expected, `${a} and ${b}`);
        assert.equal(compareVersions(mustParse(b), mustParse(a)) + expected, 0, `${b} and ${a}`);
      }
    });
  }

  it('has one total order for all versions pinned in real files', function () {
    const groups = sharedRows(this, 'pep440/sorted-real.jsonl.gz') as string[][];
    let previous: Version | undefined;
    for (const group of groups) {
      const [first, ...others] = group.map(mustParse);
      assert.ok(first);
      for (const other of others) {
        assert.equal(compareVersions(first, other), 0, `${first.normal} and ${other.normal}`);
      }
      if (previous !== undefined) {
        assert.equal(compareVersions(previous, first), -1, `${previous.normal} and ${first.normal}`);
      }
      previous = first;
    }
  });
});

function mustParse(text: string): Version {
  const version = parseVersion(text);
  assert.ok(version, `${JSON.stringify(text)} should be a version`);
  return version;
}
