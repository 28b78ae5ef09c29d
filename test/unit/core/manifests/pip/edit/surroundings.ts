/** What may stand around the versions of a requirement; `{}` is where they go. */
export const surroundings: readonly string[] = [
  'foo{}',
  'foo{}\n',
  'foo {}',
  'foo\t{}',
  '  foo{}  ',
  '\uFEFFfoo{}\n',
  'Foo_Bar.baz{}',
  'foo[a]{}',
  'foo [a, B]{}  # why',
  'foo{} # pinned: foo==1.0 once',
  'foo{}\t# tab',
  'foo{} ; python_version < "3.8"',
  "foo{};python_version=='1.0'",
  'foo{} ; (python_version >= "3.8" and os_name == "nt") or extra == \'x\' # c',
  'foo({})',
  'foo ({}) ; os_name == "nt"',
  'foo[a]({}) # c',
  'a==1.0\nfoo{}\nz==1.0\n',
  'a==1.0\r\nfoo{}\r\nz==1.0\r\n',
  'a==1.0\rfoo{}\rz==1.0\r',
  'foo \\\n{}\n',
  'foo \\\r\n    {} \\\r\n    ; os_name == "nt"\r\nz==1.0',
  'foo{} \\\n# ends it\nz',
  'foo{} # swallows \\\nz==1.0\ny==1.0',
  'foo{} \\',
  'foo{}\f z==1.0\n',
  'foo{}\u2028z==1.0\n',
  '# a comment with an emoji 🦉\nfoo{} # 🦉\n',
  'foo{} ; python_version < "3"\nfoo==9 ; python_version >= "3"\n',
  'foo{} --config-settings a=b # c',
  '-r other.txt\n--pre\nfoo{}\n-c constraints.txt\n',
  'broken==\nfoo{}\nalso broken !\n',
];

export function fill(surrounding: string, versions: string): string {
  return surrounding.replace('{}', () => versions);
}
