import assert from 'node:assert/strict';
import { pinEdit } from '../../../../../../server/src/core/manifests/pip/edit/pinEdit.ts';
import type { RequirementsFile } from '../../../../../../server/src/core/manifests/pip/model.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { toParseItems } from '../../../../../../server/src/core/manifests/pip/parse/parseItems.ts';
import { edited, indexOfFoo, reasonOf, unchangedPart, version } from './support.ts';
import { fill, surroundings } from './surroundings.ts';

const target = '4.2.16';

/** Versions as they are written, and after a fix to 4.2.16. */
const pins: readonly (readonly [before: string, after: string])[] = [
  ['==1.0', '==4.2.16'],
  ['== 1.0', '== 4.2.16'],
  ['==\t1.0', '==\t4.2.16'],
  ['===1.0', '===4.2.16'],
  ['==v1.0', '==4.2.16'],
  ['==1.0-BETA.2', '==4.2.16'],
  ['==1!2.0.post1', '==4.2.16'],
  ['==1.0,>=0.9', '==4.2.16,>=0.9'],
  ['>=0.9, ==1.0, <5', '>=0.9, ==4.2.16, <5'],
  ['==1.0,!=1.5,==1.0.0', '==4.2.16,!=1.5,==4.2.16'],
];

describe('a fix of a pin', () => {
  for (const surrounding of surroundings) {
    it(`changes only the version token in ${JSON.stringify(surrounding)}`, () => {
      for (const [before, after] of pins) {
        const text = fill(surrounding, before);
        const file = parseFile(text);
        const index = indexOfFoo(file);
        // `===` takes a closing parenthesis for its end, so every pair of these can stand everywhere.
        const result = edited(file, pinEdit(file, index, version(target)));
        assert.equal(result, fill(surrounding, after));
        assert.deepEqual(unchangedPart(result, index), unchangedPart(text, index));
        const specs = toParseItems(parseFile(result))[index]?.specs ?? [];
        assert.ok(
          specs.some((spec) => spec.replace(/^=+/, '') === target),
          specs.join(),
        );
      }
    });
  }

  const written: readonly (readonly [target: string, after: string])[] = [
    ['2.0', 'foo==2.0'],
    ['v2.0', 'foo==2.0'],
    ['2.0-rc.1', 'foo==2.0rc1'],
    ['1!0.5', 'foo==1!0.5'],
    ['2.0.post1', 'foo==2.0.post1'],
    ['0.9', 'foo==0.9'],
  ];
  for (const [wanted, after] of written) {
    it(`writes ${wanted} in its normal form`, () => {
      assert.equal(pin('foo==1.0', wanted), after);
    });
  }

  it('of several requirements of one package changes the one it is asked for', () => {
    const file = parseFile('foo==1.0\nfoo==1.0\nFOO==1.0\n');
    assert.equal(edited(file, pinEdit(file, 1, version('2.0'))), 'foo==1.0\nfoo==2.0\nFOO==1.0\n');
  });

  it('reads the line with the environment the file was read with', () => {
    const file = parseFile('${NAME}==1.0 # ${NAME}', { environment: { NAME: 'foo' } });
    assert.equal(edited(file, pinEdit(file, 0, version('2.0'))), '${NAME}==2.0 # ${NAME}');
  });

  const refused: readonly (readonly [text: string, reason: RegExp, target?: string])[] = [
    ['foo==1.0,<2', /^foo: "<2" does not allow 4\.2\.16\.$/],
    ['foo==1.0,<=4.2', /"<=4\.2" does not allow/],
    ['foo<5,==1.0,!=4.2.16', /"!=4\.2\.16" does not allow/],
    ['foo==1.0,!=4.2.*', /"!=4\.2\.\*" does not allow/],
    ['foo==1.0,~=1.0', /"~=1\.0" does not allow/],
    ['foo==1.0,==1.*', /"==1\.\*" does not allow/],
    ['foo==1.0,>0.9,<4.2.16', /"<4\.2\.16" does not allow/],
    ['foo==4.2.16', /is at 4\.2\.16 already/],
    ['foo==4.2.16.0', /is at 4\.2\.16 already/],
    ['foo', /is not pinned/],
    ['foo>=1.0', /is not pinned/],
    ['foo==1.2.*', /is not pinned/],
    ['foo==1.0,==2.0', /is not pinned/],
    ['foo===latest', /is not pinned/],
    ['foo==1.13.1+cu117', /local build \(\+cu117\)/],
    ['foo @ https://example.org/foo.zip', /does not ask for a package by its version/],
    ['https://example.org/foo-1.0-py3-none-any.whl', /does not ask/],
    ['-e git+https://example.org/foo#egg=foo', /does not ask/],
    ['--pre', /does not ask/],
    ['foo==', /does not ask/],
    ['foo==1.\\\n0', /not written in one piece/],
    ['foo==1.0 --hash=sha256:aa', /hashes, and those of 4\.2\.16 are not known/],
    [`${'f'.repeat(5000)}==1.0,<2`, /^f{59}…: "<2"/],
  ];
  for (const [text, reason, wanted = target] of refused) {
    it(`is not offered for ${JSON.stringify(text.slice(0, 60))}, with the reason`, () => {
      const file = parseFile(text);
      assert.match(reasonOf(pinEdit(file, 0, version(wanted))), reason);
    });
  }

  it('is not offered where the version comes from the environment', () => {
    const file = parseFile('foo==${VERSION}', { environment: { VERSION: '1.0' } });
    assert.match(reasonOf(pinEdit(file, 0, version('2.0'))), /not written in one piece/);
  });

  it('is not offered for a line that is not there', () => {
    assert.match(reasonOf(pinEdit(parseFile('foo==1.0'), 7, version('2.0'))), /does not ask/);
  });

  it('keeps the local build where the target has the same', () => {
    assert.equal(pin('foo==1.13.1+cu117', '2.0+cu117'), 'foo==2.0+cu117');
  });
});

function pin(text: string, wanted: string): string {
  const file: RequirementsFile = parseFile(text);
  return edited(file, pinEdit(file, 0, version(wanted)));
}
