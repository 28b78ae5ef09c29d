import assert from 'node:assert/strict';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { cut } from '../support.ts';

describe('text that pip ignores', () => {
  for (const [text, ...expected] of [
    ['django==1\n  --hash=sha256:aa', ['ignored.option', '--hash=sha256:aa']],
    ['django==1 \\\n  # why\n  --hash=sha256:aa', ['ignored.option', '--hash=sha256:aa']],
    [
      '--hash=sha256:aa --hash sha256:bb',
      ['ignored.option', '--hash=sha256:aa'],
      ['ignored.option', '--hash sha256:bb'],
    ],
    ['-C a=b', ['ignored.option', '-C a=b']],
    ['-r a.txt -r b.txt', ['ignored.option', '-r b.txt']],
    ['-r a.txt -c b.txt', ['ignored.option', '-c b.txt']],
    ['-c a.txt -r b.txt', ['ignored.option', '-c a.txt']],
    ['--pre -r a.txt', ['ignored.option', '--pre']],
    ['-r a.txt b.txt c.txt', ['ignored.text', 'b.txt c.txt']],
    ['--pre foo', ['ignored.text', 'foo']],
    ['foo - bar', ['ignored.text', '- bar']],
    ['foo --hash=sha256:aa -- --pre', ['ignored.text', '--pre']],
    ['foo -r x.txt', ['ignored.option', '-r x.txt']],
    ['foo --index-url https://host.example', ['ignored.option', '--index-url https://host.example']],
    ['foo -e bar', ['ignored.option', '-e bar']],
    ['-e ./a -e ./b', ['ignored.option', '-e ./b']],
    ['-e ./a -r b.txt', ['ignored.option', '-r b.txt']],
    ['-e ./a --hash=sha256:aa', ['ignored.option', '--hash=sha256:aa']],
    ['-e ./a ; python_version<"3"', ['ignored.text', '; python_version<"3"']],
    ['foo # pinned \\\nbar==1', ['ignored.comment', 'bar==1']],
  ] as const) {
    it(`is said of ${JSON.stringify(text)}`, () => {
      const file = parseFile(text);
      const found = file.items.flatMap((item, index) =>
        item.problems.map(({ code, span }) => [code, cut(file, index, span)]),
      );
      assert.deepEqual(found, expected);
    });
  }

  for (const text of [
    'foo==1 --hash=sha256:aa -C a=b',
    '-e ./a -C a=b',
    '--pre --no-index -i https://host.example',
    '-r a.txt # b.txt',
    'foo \\\n  # via bar\n',
    'foo # a \\\n# b',
    'foo==1 \\\n  --hash=sha256:aa \\\n  --hash=sha256:bb\n    # via bar',
  ]) {
    it(`is not said of ${JSON.stringify(text)}`, () => {
      assert.deepEqual(
        parseFile(text).items.flatMap(({ problems }) => problems),
        [],
      );
    });
  }
});
