import assert from 'node:assert/strict';
import { pinEdit } from '../../../../../../server/src/core/manifests/pip/edit/pinEdit.ts';
import type { ReleaseFile } from '../../../../../../server/src/core/packages/release.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { edited, reasonOf, version } from './support.ts';

const [a, b, c] = ['a', 'b', 'c'].map((letter) => letter.repeat(64));

/** In no order, with one digest twice and one of a yanked file. */
const files: readonly ReleaseFile[] = [
  releaseFile(c),
  releaseFile(a),
  releaseFile('d'.repeat(64), { yanked: true }),
  releaseFile(b),
  releaseFile(a),
];

function releaseFile(sha256: string | undefined, { yanked = false } = {}): ReleaseFile {
  return { filename: 'foo-2.0.tar.gz', yanked, ...(sha256 === undefined ? {} : { sha256 }) };
}

const [x, y] = ['sha256:01', 'sha512:02'];

describe('a fix of a pin with hashes', () => {
  const rows: readonly (readonly [what: string, before: string, after: string])[] = [
    [
      'one a line',
      `foo==1.0 \\\n    --hash=${x} \\\n    --hash=${y}\n    # via bar\n`,
      `foo==2.0 \\\n    --hash=sha256:${a} \\\n    --hash=sha256:${b} \\\n    --hash=sha256:${c}\n    # via bar\n`,
    ],
    [
      'one a line with CRLF',
      `foo==1.0 \\\r\n\t --hash=${x} \\\r\n\t --hash=${y}\r\nz==1.0\r\n`,
      `foo==2.0 \\\r\n\t --hash=sha256:${a} \\\r\n\t --hash=sha256:${b} \\\r\n\t --hash=sha256:${c}\r\nz==1.0\r\n`,
    ],
    [
      'a single one on a line of its own',
      `foo==1.0 \\\n  --hash=${x}`,
      `foo==2.0 \\\n  --hash=sha256:${a} \\\n  --hash=sha256:${b} \\\n  --hash=sha256:${c}`,
    ],
    [
      'all on one line',
      `foo==1.0 --hash=${x}  # c`,
      `foo==2.0 --hash=sha256:${a} --hash=sha256:${b} --hash=sha256:${c}  # c`,
    ],
    [
      'the first on the line of the requirement',
      `foo==1.0 --hash=${x} \\\n         --hash=${y}`,
      `foo==2.0 --hash=sha256:${a} \\\n         --hash=sha256:${b} \\\n         --hash=sha256:${c}`,
    ],
    [
      'more than there will be',
      `foo==1.0 \\\n  --hash=${x} \\\n  --hash=${x} \\\n  --hash=${y} \\\n  --hash=${y}\nz==1.0`,
      `foo==2.0 \\\n  --hash=sha256:${a} \\\n  --hash=sha256:${b} \\\n  --hash=sha256:${c}\nz==1.0`,
    ],
    [
      'with a marker before them',
      `foo[x]==1.0 ; python_version < "3.8" \\\n  --hash=${x} \\\n  --hash=${y}`,
      `foo[x]==2.0 ; python_version < "3.8" \\\n  --hash=sha256:${a} \\\n  --hash=sha256:${b} \\\n  --hash=sha256:${c}`,
    ],
    [
      'with a space for the equals sign',
      `foo==1.0 --hash ${x} --hash ${y}`,
      `foo==2.0 --hash sha256:${a} --hash sha256:${b} --hash sha256:${c}`,
    ],
    [
      'in quotes',
      `foo==1.0 --hash="${x}" --hash="${y}" # c`,
      `foo==2.0 --hash="sha256:${a}" --hash="sha256:${b}" --hash="sha256:${c}" # c`,
    ],
    [
      'two a line',
      `foo==1.0 \\\n  --hash=${x} --hash=${x} \\\n  --hash=${y}`,
      `foo==2.0 \\\n  --hash=sha256:${a} --hash=sha256:${b} \\\n  --hash=sha256:${c}`,
    ],
    [
      'beside another option',
      `foo==1.0 --config-settings a=b --hash=${x}`,
      `foo==2.0 --config-settings a=b --hash=sha256:${a} --hash=sha256:${b} --hash=sha256:${c}`,
    ],
    [
      'with several backslashes',
      `foo==1.0 \\\\\n  --hash=${x} \\\\\n  --hash=${y} \\\n`,
      `foo==2.0 \\\\\n  --hash=sha256:${a} \\\\\n  --hash=sha256:${b} \\\\\n  --hash=sha256:${c} \\\n`,
    ],
  ];
  for (const [what, before, after] of rows) {
    it(`replaces hashes ${what} and keeps their layout`, () => {
      const file = parseFile(before);
      assert.equal(edited(file, pinEdit(file, 0, version('2.0'), files)), after);
      assert.deepEqual(
        parseFile(after).items.map(({ kind }) => kind),
        file.items.map(({ kind }) => kind),
      );
    });
  }

  it('leaves the hashes of other requirements', () => {
    const text = `y==1.0 --hash=${x}\nfoo==1.0 --hash=${x}\nz==1.0 --hash=${x}\n`;
    const file = parseFile(text);
    const expected = text.replace(`foo==1.0 --hash=${x}`, `foo==2.0 --hash=sha256:${a}`);
    assert.equal(edited(file, pinEdit(file, 1, version('2.0'), [releaseFile(a)])), expected);
  });

  it('gives a line without hashes none', () => {
    const file = parseFile('foo==1.0');
    assert.equal(edited(file, pinEdit(file, 0, version('2.0'), files)), 'foo==2.0');
  });

  const unknown: readonly (readonly [what: string, files: readonly ReleaseFile[] | undefined])[] = [
    ['nobody knows the files', undefined],
    ['there are no files', []],
    ['all files are yanked', [releaseFile(a, { yanked: true })]],
    ['a file has no digest', [releaseFile(a), releaseFile(undefined)]],
  ];
  for (const [what, some] of unknown) {
    it(`is not offered where ${what}`, () => {
      const file = parseFile(`foo==1.0 --hash=${x}`);
      assert.match(reasonOf(pinEdit(file, 0, version('2.0'), some)), /hashes, and those of 2\.0 are not known/);
    });
  }

  const odd: readonly (readonly [what: string, text: string])[] = [
    ['another option is between them', `foo==1.0 --hash=${x} -C a=b --hash=${y}`],
    ['one is broken over lines', `foo==1.0 --hash=sha256:\\\n01`],
    ['the name of the option is cut short', `foo==1.0 --has=${x}`],
    ['a whole option is in quotes', `foo==1.0 --hash=${x} "--hash=${y}"`],
  ];
  for (const [what, text] of odd) {
    it(`is not offered where ${what}`, () => {
      const file = parseFile(text);
      assert.equal(file.items[0]?.kind, 'requirement', text);
      assert.match(reasonOf(pinEdit(file, 0, version('2.0'), files)), /by hand/);
    });
  }

  it('never writes a digest that would be read as something else', () => {
    const file = parseFile(`foo==1.0 --hash=${x}`);
    const hostile = releaseFile(`${a}\nevil==1.0`);
    assert.match(reasonOf(pinEdit(file, 0, version('2.0'), [hostile])), /by hand/);
  });
});
