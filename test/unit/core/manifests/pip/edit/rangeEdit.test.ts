import assert from 'node:assert/strict';
import type { RangeChange } from '../../../../../../server/src/core/manifests/rewrite.ts';
import { rangeEdit } from '../../../../../../server/src/core/manifests/pip/edit/rangeEdit.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { contains, parseSpecifier } from '../../../../../../server/src/core/versions/specifier.ts';
import { compareVersions } from '../../../../../../server/src/core/versions/version.ts';
import { toParseItems } from '../../../../../../server/src/core/manifests/pip/parse/parseItems.ts';
import { edited, indexOfFoo, reasonOf, unchangedPart, version } from './support.ts';
import { fill, surroundings } from './surroundings.ts';

/** Ranges as they are written, and after their floor is raised to 3.2.25. */
const floors: readonly (readonly [before: string, after: string])[] = [
  ['>=3.2', '>=3.2.25'],
  ['>=3.2,<4.0', '>=3.2.25,<4.0'],
  ['>= 3.2, < 4.0', '>= 3.2.25, < 4.0'],
  ['<4.0,>=3.2', '<4.0,>=3.2.25'],
  ['>3.2', '>=3.2.25'],
  ['> 3.2,< 4', '>= 3.2.25,< 4'],
  ['>=3.2rc1', '>=3.2.25'],
  ['>=1.0,>=3.0,<5', '>=1.0,>=3.2.25,<5'],
  ['>=3.0,>3.1', '>=3.0,>=3.2.25'],
  ['~=3.2', '~=3.2,>=3.2.25'],
  ['~=3.2.4', '~=3.2.25'],
  ['~= 3.2.4', '~= 3.2.25'],
  ['~= 3.2', '~= 3.2, >= 3.2.25'],
  ['~=3.2.4,!=3.2.7', '~=3.2.25,!=3.2.7'],
  ['~=3.2,>=3.2.1', '~=3.2,>=3.2.25'],
  ['~=3.2,!=3.2.7', '~=3.2,>=3.2.25,!=3.2.7'],
  ['<4.0', '>=3.2.25,<4.0'],
  ['< 4.0', '>= 3.2.25, < 4.0'],
  ['<4.0,!=3.2.7', '>=3.2.25,<4.0,!=3.2.7'],
  ['<4.0 , !=3.2.7', '>=3.2.25 , <4.0 , !=3.2.7'],
  ['<=3.2.25', '>=3.2.25,<=3.2.25'],
  ['!=3.2.1', '>=3.2.25,!=3.2.1'],
  ['==3.2.*', '==3.2.*,>=3.2.25'],
  ['== 3.2.*', '== 3.2.*, >= 3.2.25'],
  ['==3.*,!=3.0.*', '==3.*,>=3.2.25,!=3.0.*'],
  ['', '>=3.2.25'],
];

const raise = (text: string, floor = '3.2.25') => {
  const file = parseFile(text);
  return { file, edit: rangeEdit(file, indexOfFoo(file), { kind: 'floor', version: floor }) };
};

describe('a raised floor', () => {
  for (const surrounding of surroundings) {
    it(`changes only the range in ${JSON.stringify(surrounding)}`, () => {
      for (const [before, after] of floors) {
        if (before === '' && !behindName(surrounding)) continue;
        const text = fill(surrounding, before);
        const { file, edit } = raise(text);
        const index = indexOfFoo(file);
        const result = edited(file, edit);
        assert.equal(result, fill(surrounding, after));
        assert.deepEqual(unchangedPart(result, index), unchangedPart(text, index));
        checkMeaning(specOf(text, index), specOf(result, index), '3.2.25');
      }
    });
  }

  const bare: readonly (readonly [before: string, after: string])[] = [
    ['foo', 'foo>=3.2.25'],
    ['foo # c', 'foo>=3.2.25 # c'],
    ['foo ; os_name == "nt"', 'foo>=3.2.25 ; os_name == "nt"'],
    ['foo[a,b];os_name=="nt"', 'foo[a,b]>=3.2.25;os_name=="nt"'],
    ['foo [ a , b ] # c', 'foo [ a , b ]>=3.2.25 # c'],
    ['foo[]', 'foo[]>=3.2.25'],
    ['foo [ ]', 'foo [ ]>=3.2.25'],
    ['foo()', 'foo(>=3.2.25)'],
    ['foo[a] ( ) ;os_name=="nt"', 'foo[a] (>=3.2.25 ) ;os_name=="nt"'],
    ['foo\\\n[a\\\n] \\\n; os_name=="nt"', 'foo\\\n[a\\\n]>=3.2.25 \\\n; os_name=="nt"'],
    ['foo>=3.2,', 'foo>=3.2.25,'],
    ['foo~=3.2,', 'foo~=3.2,>=3.2.25,'],
    ['foo>=3.2 \\\n  , <4', 'foo>=3.2.25 \\\n  , <4'],
    ['foo~=3.2 \\\n  , <4', 'foo~=3.2,>=3.2.25 \\\n  , <4'],
    ['foo~= \\\n 3.2', 'foo~= \\\n 3.2,>=3.2.25'],
  ];
  for (const [before, after] of bare) {
    it(`is written into ${JSON.stringify(before)}`, () => {
      const { file, edit } = raise(before);
      assert.equal(edited(file, edit), after);
    });
  }

  const floorsOfTheirOwn: readonly (readonly [before: string, floor: string, after: string])[] = [
    ['foo~=3.2', '3.5', 'foo~=3.5'],
    ['foo~=3.2.4', '3.2.25.1', 'foo~=3.2.4,>=3.2.25.1'],
    ['foo~=3.2.0rc1', '3.2', 'foo~=3.2.0rc1,>=3.2'],
    ['foo>=1!1.0', '1!1.5', 'foo>=1!1.5'],
    ['foo>=1.0', '1.0.post1', 'foo>=1.0.post1'],
    ['foo>=1.0', '2.0rc1', 'foo>=2.0rc1'],
    ['foo~=1.4.5a4', '1.4.5', 'foo~=1.4.5'],
  ];
  for (const [before, floor, after] of floorsOfTheirOwn) {
    it(`of ${floor} makes ${before} into ${after}`, () => {
      const { file, edit } = raise(before, floor);
      assert.equal(edited(file, edit), after);
      checkMeaning(specOf(before, 0), specOf(after, 0), floor);
    });
  }

  const refused: readonly (readonly [text: string, reason: RegExp, floor?: string])[] = [
    ['foo<3', /^foo: "<3" does not allow 3\.2\.25\.$/],
    ['foo>=3.0,<=3.2.24', /"<=3\.2\.24" does not allow/],
    ['foo~=3.1.0', /"~=3\.1\.0" does not allow/],
    ['foo==3.1.*', /"==3\.1\.\*" does not allow/],
    ['foo!=3.2.25', /"!=3\.2\.25" does not allow/],
    ['foo~=3.2.0,!=3.2.*', /no range/],
    ['foo>=3.2.25', /leaves that out already/],
    ['foo>=3.3', /leaves that out already/],
    ['foo==3.2.0', /is pinned/],
    ['foo===3.2.0', /is pinned/],
    ['foo===weird', /no range/],
    ['foo>=3.2 --hash=sha256:aa', /has hashes/],
    ['foo @ https://example.org/foo.zip', /does not ask/],
    ['foo>=3.\\\n0', /by hand/],
    ['foo>=3.0', /local version/, '3.2.25+local'],
    ['foo<4,>4', /no range/],
  ];
  for (const [text, reason, floor] of refused) {
    it(`is not offered for ${JSON.stringify(text)}, with the reason`, () => {
      assert.match(reasonOf(raise(text, floor).edit), reason);
    });
  }

  it('is not offered where nothing that is admitted is safe, or for what is no version', () => {
    const file = parseFile('foo<3');
    assert.match(reasonOf(rangeEdit(file, 0, { kind: 'none' })), /No version that the specifier of foo allows/);
    assert.match(reasonOf(rangeEdit(file, 0, { kind: 'floor', version: 'x' })), /"x" is no version of foo/);
    assert.match(reasonOf(rangeEdit(file, 0, { kind: 'exclude', versions: ['x'] })), /already/);
  });

  it('is not written over a variable', () => {
    const file = parseFile('foo>=${FLOOR}', { environment: { FLOOR: '1.0' } });
    const edit = rangeEdit(file, 0, { kind: 'floor', version: '2.0' });
    assert.match(reasonOf(edit), /by hand/);
  });
});

describe('an exclusion', () => {
  const exclude = (text: string, ...versions: string[]) => {
    const file = parseFile(text);
    const change: RangeChange = { kind: 'exclude', versions };
    return { file, edit: rangeEdit(file, indexOfFoo(file), change) };
  };
  const rows: readonly (readonly [before: string, versions: readonly string[], after: string])[] = [
    ['foo>=1.0,<2', ['1.5'], 'foo>=1.0,<2,!=1.5'],
    ['foo>=1.0,<2', ['1.5', '1.6'], 'foo>=1.0,<2,!=1.5,!=1.6'],
    ['foo >= 1.0, < 2 # c', ['1.5', '1.6'], 'foo >= 1.0, < 2, != 1.5, != 1.6 # c'],
    ['foo', ['1.5', '1.6'], 'foo!=1.5,!=1.6'],
    ['foo[a] ; os_name == "nt"', ['1.5'], 'foo[a]!=1.5 ; os_name == "nt"'],
    ['foo ~= 1.2', ['1.5'], 'foo ~= 1.2, != 1.5'],
    ['foo==1.2.*', ['1.2.5'], 'foo==1.2.*,!=1.2.5'],
    ['foo (>=1.0)', ['1.5'], 'foo (>=1.0,!=1.5)'],
    ['foo>=1.0', ['1.5', '0.9'], 'foo>=1.0,!=1.5'],
    ['foo>=1.0,!=1.4', ['1.4', '1.5'], 'foo>=1.0,!=1.4,!=1.5'],
    ['foo>=1.0,', ['1.5'], 'foo>=1.0,!=1.5,'],
  ];
  for (const [before, versions, after] of rows) {
    it(`of ${versions.join(' and ')} makes ${before} into ${after}`, () => {
      const { file, edit } = exclude(before, ...versions);
      assert.equal(edited(file, edit), after);
    });
  }

  const refused: readonly (readonly [text: string, reason: RegExp])[] = [
    ['foo>=2.0', /leaves that out already/],
    ['foo!=1.5', /leaves that out already/],
    ['foo==1.5', /is pinned/],
    ['foo>=1.0 --hash=sha256:aa', /has hashes/],
  ];
  for (const [text, reason] of refused) {
    it(`is not offered for ${text}, with the reason`, () => {
      assert.match(reasonOf(exclude(text, '1.5').edit), reason);
    });
  }
});

/** Where nothing is written yet, the floor goes right behind the name, whatever blanks follow it. */
function behindName(surrounding: string): boolean {
  return /foo(?:\[.*?\])?\{\}|baz\{\}/.test(surrounding);
}

function specOf(text: string, index: number): string {
  return (toParseItems(parseFile(text))[index]?.specs ?? []).join(',');
}

const probes = [
  '0.1 1.0 1.4.5 1!1.2 1!1.5 1!2 3.0 3.1 3.1.9 3.2.0rc1 3.2 3.2.1 3.2.4 3.2.4.1 3.2.7 3.2.24 3.2.25.dev1 3.2.25rc1 3.2.25',
  '3.2.25.1 3.2.25.post1 3.2.26 3.3 3.5 3.9 4.0a1 4.0 4.2 5.0 6',
].flatMap((line) => line.split(' '));

/** Version by version, and so not by the sets that the edit itself goes by: all above the floor as before, none below. */
function checkMeaning(before: string, after: string, floor: string): void {
  const [old, raised] = [parseSpecifier(before), parseSpecifier(after)];
  assert.ok(old && raised);
  for (const probe of probes) {
    const isAbove = compareVersions(version(probe), version(floor)) >= 0;
    assert.equal(contains(raised, probe), isAbove && contains(old, probe), `${before} → ${after}: ${probe}`);
  }
}
