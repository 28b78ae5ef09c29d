import assert from 'node:assert/strict';
import { readLogicalLine } from '../../../../../../server/src/core/manifests/pip/lexical/logicalLines.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { cut, outline } from '../support.ts';

describe('logical lines', () => {
  const cases: readonly (readonly [why: string, text: string, expected: readonly string[]])[] = [
    ['nothing', '', []],
    ['only blank lines', '\n \n\t\n', []],
    ['only comments', '# a\n  # b\n', []],
    ['a line without a break', 'foo', ['requirement 1-1 foo']],
    ['blank lines between', 'foo\n\nbar\n', ['requirement 1-1 foo', 'requirement 3-3 bar']],
    ['all three breaks of LSP', 'a\nb\r\nc\rd', [1, 2, 3, 4].map((n) => `requirement ${n}-${n} ${'abcd'[n - 1]}`)],
    [
      'breaks that only Python knows',
      'a\vb\fc\x1cd\x1de\x1ef\x85g\u2028h\u2029i',
      Array.from('abcdefghi', (c, i) => `requirement ${i + 1}-${i + 1} ${c}`),
    ],
    ['a unit separator, which is white space and no break', 'foo\x1f\n', ['requirement 1-1 foo']],
    ['a continuation without a space', 'foo\\\nbar', ['requirement 1-2 foobar']],
    ['a continuation that keeps the indentation', 'foo \\\n  >=1', ['requirement 1-2 foo   >=1']],
    ['a blank line that ends a continuation', 'foo \\\n\nbar', ['requirement 1-2 foo', 'requirement 3-3 bar']],
    ['a comment line that ends a continuation', 'foo \\\n  # c\n>=1', ['requirement 1-2 foo', 'error 3-3 >=1']],
    [
      'a trailing comment that swallows the next line',
      'foo # c \\\nbar\nbaz',
      ['requirement 1-2 foo', 'requirement 3-3 baz'],
    ],
    ['a comment line, which never continues', '# c \\\nfoo', ['requirement 2-2 foo']],
    [
      'a backslash before white space, which does not continue',
      'foo \\ \nbar',
      ['error 1-1 foo \\', 'requirement 2-2 bar'],
    ],
    ['backslashes at both ends of a continued line', '\\foo\\\nbar', ['requirement 1-2 foobar']],
    ['several backslashes', 'foo \\\\\n>=1', ['requirement 1-2 foo >=1']],
    ['lines of a backslash alone', '\\\n\\\nfoo', ['requirement 1-3 foo']],
    ['a continuation at the end of the file', 'foo \\', ['requirement 1-1 foo']],
    ['a continuation and a break at the end of the file', 'foo \\\n', ['requirement 1-1 foo']],
    ['a number sign that the strip of backslashes brings to the start', '\\# c\\\nbar', []],
    ['a comment after a tab', 'foo\t# c', ['requirement 1-1 foo']],
    ['a comment after a no-break space', 'foo\u00a0#c', ['requirement 1-1 foo']],
    ['a number sign inside a word', 'foo#c', ['error 1-1 foo#c']],
    [
      'a number sign that quotes do not protect',
      "foo ; sys_platform == 'a #b'",
      ["error 1-1 foo ; sys_platform == 'a"],
    ],
    ['a byte order mark', '\ufefffoo\n\ufeffbar', ['requirement 1-1 foo', 'error 2-2 \ufeffbar']],
  ];
  for (const [why, text, expected] of cases) {
    it(`reads ${why}`, () => assert.deepEqual(outline(text), expected));
  }

  it('says where a trailing comment is', () => {
    const file = parseFile('\n  foo==1 \\\n  ;python_version<"3"  # why');
    const [item] = file.items;
    assert.ok(item?.comment);
    assert.equal(cut(file, 0, item.comment), '# why');
    assert.equal(cut(file, 0, item.span), 'foo==1 \\\n  ;python_version<"3"');
  });

  it('takes the comment line that ends a continuation for its comment', () => {
    const text = 'foo \\\n  # why';
    const line = readLogicalLine(text, 0, {});
    assert.deepEqual(line.comment && text.slice(line.comment.start, line.comment.end), '# why');
  });
});

describe('environment variables', () => {
  const environment = { V: '1.2', A: 'foo>=1 # x', R: '-r x.txt', EMPTY: '', NEST: '${V}', V2: '${W}', W: '9' };
  const cases: readonly (readonly [why: string, text: string, expected: readonly string[]])[] = [
    ['replaces a name that is set', 'foo==${V}', ['requirement 1-1 foo==1.2']],
    ['keeps a name that is not set', 'foo @ ${UNSET}', ['requirement 1-1 foo @ ${UNSET}']],
    ['keeps a name that is set to nothing', 'foo @ ${EMPTY}', ['requirement 1-1 foo @ ${EMPTY}']],
    ['knows no other spelling', 'foo @ $V,${v},${V-1},%V%', ['requirement 1-1 foo @ $V,${v},${V-1},%V%']],
    ['takes away no comment of a value', '${A}', ['error 1-1 foo>=1 # x']],
    ['reads options in a value', '${R}', ['include 1-1 -r x.txt']],
    ['does not look into a value again', 'foo @ ${NEST}', ['requirement 1-1 foo @ ${V}']],
    ['replaces a name further right in a value too', 'foo @ ${V2}/${W}', ['requirement 1-1 foo @ 9/9']],
    ['works after the comment is gone', 'foo # ${V}', ['requirement 1-1 foo']],
  ];
  for (const [why, text, expected] of cases) {
    it(why, () => assert.deepEqual(outline(text, environment), expected));
  }

  it('knows where the variable is written', () => {
    const file = parseFile('a\nfoo>=1,==${V}.0 ; os_name=="x"', { environment });
    const item = file.items[1];
    assert.ok(item?.kind === 'requirement' && item.specifier && item.marker);
    const spans = [item.name.span, ...item.specifier.clauses.map((clause) => clause.versionSpan), item.marker.span];
    assert.deepEqual(
      spans.map((span) => cut(file, 1, span)),
      ['foo', '1', '${V}.0', 'os_name=="x"'],
    );
  });
});
