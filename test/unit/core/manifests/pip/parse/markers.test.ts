import assert from 'node:assert/strict';
import { expectProblem, parseOne } from '../support.ts';

function readNormal(marker: string): string | undefined {
  const item = parseOne(`foo ; ${marker}`);
  return item.kind === 'requirement' ? item.marker?.normal : undefined;
}

describe('a marker', () => {
  const cases: readonly (readonly [written: string, normal: string])[] = [
    ["python_version<'3'", 'python_version < "3"'],
    ["'3'>=python_full_version", '"3" >= python_full_version'],
    ["'3'>'2'", '"3" > "2"'],
    ['os_name==sys_platform', 'os_name == sys_platform'],
    ["os.name=='nt'", 'os_name == "nt"'],
    ["python_implementation=='CPython'", 'platform_python_implementation == "CPython"'],
    ["platform.python_implementation=='CPython'", 'platform_python_implementation == "CPython"'],
    ["sys_platform in 'linux darwin'", 'sys_platform in "linux darwin"'],
    ["sys_platform not   in'linux'", 'sys_platform not in "linux"'],
    ['\'x\' in extras or "y" in dependency_groups', '"x" in extras or "y" in dependency_groups'],
    ["os_name=='a' and os_name=='b' or os_name=='c'", 'os_name == "a" and os_name == "b" or os_name == "c"'],
    ["(os_name=='a')", 'os_name == "a"'],
    ["((os_name=='a' or os_name=='b'))", 'os_name == "a" or os_name == "b"'],
    ["os_name=='c' and (os_name=='a' or os_name=='b')", 'os_name == "c" and (os_name == "a" or os_name == "b")'],
    ["os_name=='c' and (os_name=='a')", 'os_name == "c" and os_name == "a"'],
    ["extra=='Foo_Bar'", 'extra == "foo-bar"'],
    ["'Foo.Bar'==extra", '"foo-bar" == extra'],
    ["(extra=='Foo_Bar')", 'extra == "Foo_Bar"'],
    ["os_name=='a\\x41\\n\\d'", 'os_name == "aA\n\\d"'],
    ["os_name=='a#b'", 'os_name == "a#b"'],
  ];
  for (const [written, normal] of cases) {
    it(`has the normal form of packaging: ${written}`, () => assert.equal(readNormal(written), normal));
  }

  it('is a tree in which "and" binds tighter than "or"', () => {
    const item = parseOne("foo;os_name=='a' or os_name=='b' and (extra=='c' or os_name=='d')");
    assert.ok(item.kind === 'requirement' && item.marker);
    const compare = (name: string, value: string) => ({
      kind: 'compare',
      left: { kind: 'variable', name },
      operator: '==',
      right: { kind: 'literal', value },
    });
    assert.deepEqual(item.marker.tree, {
      kind: 'or',
      operands: [
        compare('os_name', 'a'),
        {
          kind: 'and',
          operands: [
            compare('os_name', 'b'),
            { kind: 'or', operands: [compare('extra', 'c'), compare('os_name', 'd')] },
          ],
        },
      ],
    });
  });

  it('may be nested as deep as Python follows, and no deeper', () => {
    const nested = (depth: number) => `${'('.repeat(depth)}os_name=='a'${')'.repeat(depth)}`;
    assert.equal(readNormal(nested(300)), 'os_name == "a"');
    assert.equal(parseOne(`foo;${nested(5000)}`).kind, 'error');
  });
});

describe('a broken marker', () => {
  const cases = [
    `
foo ; python_version
                   ^ requirement.incomplete incomplete`,
    `
foo ; python_version <
                     ^ requirement.incomplete incomplete`,
    `
foo ; python_version < '3
                       ^^ requirement.incomplete incomplete`,
    `
foo ; (os_name=='a'
                  ^ requirement.incomplete incomplete`,
    `
foo ; os_name=='a' and
                     ^ requirement.incomplete incomplete`,
    `
foo ; Python_Version < '3'
      ^^^^^^^^^^^^^^ requirement.invalid-marker`,
    `
foo ; os_name=='a' AND os_name=='b'
                   ^^^ requirement.invalid-marker`,
    `
foo ; os_name not 'a'
                  ^ requirement.invalid-marker`,
    `
foo ; os_name is 'a'
              ^^ requirement.invalid-marker`,
    `
foo ; os_name=='\\x4'
               ^ requirement.invalid-marker`,
    `
foo ; python_versionin'3'
      ^^^^^^^^^^^^^^^^ requirement.invalid-marker`,
  ];
  for (const annotated of cases) it(`is pointed at: ${annotated.split('\n')[1] ?? ''}`, () => expectProblem(annotated));
});
