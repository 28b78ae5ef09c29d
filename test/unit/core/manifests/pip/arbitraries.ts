import fc from 'fast-check';

const breaks = [
  '\n',
  '\n',
  '\n',
  '\r\n',
  '\r',
  '\f',
  '\v',
  '\x1c',
  '\x85',
  '\u2028',
  '\\\n',
  ' \\\r\n',
  '\\\r',
  '\\\\\n',
];
const words = [
  'foo',
  'Django',
  'a.b-c_d',
  'x1',
  'é',
  '_',
  '1.0',
  '2!1.0rc1',
  '1.*',
  '${A}',
  '${B}',
  '.',
  './p/q',
  'x.zip',
  'f-1.0-py3-none-any.whl',
];
const signs = [
  '==',
  '>=',
  '===',
  '~=',
  '<',
  '=',
  '@',
  ',',
  ';',
  '(',
  ')',
  '[',
  ']',
  '#',
  ' #',
  '# ',
  '/',
  ':',
  '&',
  '-',
  '\\',
  "'",
  '"',
  '*',
  '+',
  '!',
];
const blanks = [' ', ' ', '  ', '\t', '\u00a0', '\ufeff'];
const options = [
  '-r',
  '-e ',
  '-c x',
  '--hash=sha256:ab',
  ' --hash ',
  '--pre',
  '--index-url',
  '--no-binary=:all:',
  '--',
  '-',
  '-C a=b',
];
const markers = ['python_version', 'os.name', "'3.8'", '"linux"', ' and ', ' or ', ' in ', ' not in ', 'extra'];
const urls = [
  'https://e.org/x.zip',
  'git+https://e/a@v1#egg=b',
  '#egg=',
  'file:',
  'git:',
  '&subdirectory=s',
  'http://[x',
];
const lines = [
  'foo==1.0',
  'bar>=2,<3 ; os_name == "nt"',
  '    --hash=sha256:ab \\',
  'baz[x] \\',
  '# comment',
  '    # via foo',
  '-r other.txt',
  '',
];

/** Text made of what requirements files are made of, in any order. */
export function requirementsText(maxLength = 30): fc.Arbitrary<string> {
  const fragment = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...breaks) },
    { weight: 3, arbitrary: fc.constantFrom(...lines) },
    { weight: 3, arbitrary: fc.constantFrom(...words) },
    { weight: 3, arbitrary: fc.constantFrom(...signs) },
    { weight: 2, arbitrary: fc.constantFrom(...blanks) },
    { weight: 1, arbitrary: fc.constantFrom(...options, ...markers, ...urls) },
  );
  return fc.array(fragment, { maxLength }).map((fragments) => fragments.join(''));
}

/** The same without what makes a parsed text differ from the written one: quotes and the environment. */
export function plainText(): fc.Arbitrary<string> {
  return requirementsText().map((text) => text.replace(/['"$%]/g, ''));
}
