import assert from 'node:assert/strict';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { cut, expectProblem, parseOne, printOne } from '../support.ts';

describe('a requirement', () => {
  const cases: readonly (readonly [text: string, expected: object])[] = [
    ['foo', {}],
    ['Foo_Bar.baz--x', { name: 'Foo_Bar.baz--x', norm: 'foo-bar-baz-x' }],
    ['foo-1.0', { name: 'foo-1.0', norm: 'foo-1-0' }],
    ['foo.egg', { name: 'foo.egg', norm: 'foo-egg' }],
    ['foo==1.0', { spec: '==1.0', specs: ['==1.0'] }],
    ['foo == 1.0', { spec: '== 1.0', specs: ['==1.0'] }],
    ['foo>=1,<2', { spec: '>=1,<2', specs: ['<2', '>=1'] }],
    ['foo >= 1 , < 2', { spec: '>= 1 , < 2', specs: ['<2', '>=1'] }],
    ['foo(>=1)', { spec: '(>=1)', specs: ['>=1'] }],
    ['foo ( >=1 , !=1.5 )', { spec: '( >=1 , !=1.5 )', specs: ['!=1.5', '>=1'] }],
    ['foo()', { spec: '()' }],
    ['foo>=1,', { spec: '>=1,', specs: ['>=1'] }],
    ['foo==1.0,==1.0.0', { spec: '==1.0,==1.0.0', specs: ['==1.0'] }],
    ['foo==1.0.0,==v1', { spec: '==1.0.0,==v1', specs: ['==1.0.0'] }],
    ['foo~=1.0c1,~=1.0rc1', { spec: '~=1.0c1,~=1.0rc1', specs: ['~=1.0c1'] }],
    ['foo~=1.0,~=1.0.0', { spec: '~=1.0,~=1.0.0', specs: ['~=1.0', '~=1.0.0'] }],
    ['foo==1.0.*,!=1.*', { spec: '==1.0.*,!=1.*', specs: ['!=1.*', '==1.0.*'] }],
    ['foo==1!2.0rc1.post3.dev4+abc.1', { spec: '==1!2.0rc1.post3.dev4+abc.1', specs: ['==1!2.0rc1.post3.dev4+abc.1'] }],
    ['foo==1.0-1', { spec: '==1.0-1', specs: ['==1.0-1'] }],
    ['foo==V1.0PREVIEW', { spec: '==V1.0PREVIEW', specs: ['==V1.0PREVIEW'] }],
    ['foo===anything/at.all', { spec: '===anything/at.all', specs: ['===anything/at.all'] }],
    ['foo===1.0,>=0.5', { spec: '===1.0,>=0.5', specs: ['===1.0', '>=0.5'] }],
    ['foo[a,B_c]', { extras: ['B_c', 'a'] }],
    ['foo [ a , a ] >=1', { extras: ['a'], spec: '>=1', specs: ['>=1'] }],
    ['foo[]', {}],
    ['foo @ https://e.org/x.zip', { url: 'https://e.org/x.zip' }],
    ['foo@a', { url: 'a' }],
    ['foo[x]@file:///a/b', { extras: ['x'], url: 'file:///a/b' }],
    ['git@e.org:a/b.git', { name: 'git', norm: 'git', url: 'e.org:a/b.git' }],
    [
      'foo @ git+ssh://git@e.org/a/b.git@v1%2B2#egg=foo&subdirectory=s',
      {
        url: 'git+ssh://git@e.org/a/b.git@v1%2B2#egg=foo&subdirectory=s',
        vcs: 'git',
        rev: 'v1+2',
        egg: 'foo',
        subdir: 's',
      },
    ],
    ["foo;python_version<'3'", { marker: 'python_version < "3"' }],
    ['foo>=1 ; os_name == "nt"', { spec: '>=1', specs: ['>=1'], marker: 'os_name == "nt"' }],
    ['foo;', {}],
    ['foo - bar', {}],
    ['foo -r x.txt', { ignoredOpts: { requirements: ['x.txt'] } }],
    ['foo --hash=sha256:b --hash=sha256:a', { hashes: ['sha256:a', 'sha256:b'] }],
    ['foo --hash sha512:AB --pre', { hashes: ['sha512:AB'], ignoredOpts: { pre: true } }],
    ['foo -C a=b --config-setting a=c -C d=', { reqOpts: { config_settings: { a: ['b', 'c'], d: '' } } }],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => {
      assert.deepEqual(printOne(text), { k: 'requirement', name: 'foo', norm: 'foo', ...expected });
    });
  }

  it('says where its parts are', () => {
    const file = parseFile('x\n  Foo [a,\\\n b] >= 1.0 , != 1.5.*;os_name=="nt" --hash=sha256:ab # c');
    const item = file.items[1];
    assert.ok(item?.kind === 'requirement' && item.specifier && item.marker);
    const [first, second] = item.specifier.clauses;
    assert.ok(first && second);
    const spans = [
      item.name.span,
      ...item.extras.map((extra) => extra.span),
      item.specifier.span,
      first.operatorSpan,
      first.versionSpan,
      second.operatorSpan,
      second.versionSpan,
      item.marker.span,
      ...item.hashes.map((hash) => hash.span),
    ];
    assert.deepEqual(
      spans.map((span) => cut(file, 1, span)),
      ['Foo', 'a', 'b', '>= 1.0 , != 1.5.*', '>=', '1.0', '!=', '1.5.*', 'os_name=="nt"', 'sha256:ab'],
    );
    assert.deepEqual([first.wildcard, second.wildcard], [false, true]);
    assert.deepEqual(
      item.hashes.map(({ algorithm, digest }) => [algorithm, digest]),
      [['sha256', 'ab']],
    );
  });

  it('warns of a name that no package can have', () => {
    const item = parseOne('foo_');
    assert.equal(item.kind, 'requirement');
    assert.deepEqual(
      item.problems.map((problem) => problem.code),
      ['requirement.trailing-underscore'],
    );
  });
});

describe('a broken requirement', () => {
  const cases = [
    `
==2.0
^^^^^ requirement.invalid-name`,
    `
_foo==1
^^^^^^^ requirement.invalid-name`,
    `
fooé
^^^^ requirement.invalid-name`,
    `
foo-
^^^^ requirement.incomplete incomplete`,
    `
foo==
   ^^ requirement.incomplete incomplete`,
    `
foo >
    ^ requirement.incomplete incomplete`,
    `
foo>=1,<
       ^ requirement.incomplete incomplete`,
    `
foo=
   ^ requirement.incomplete incomplete`,
    `
foo=1.0
   ^^^^ requirement.invalid-specifier`,
    `
foo=>1
   ^^^ requirement.invalid-specifier`,
    `
foo^1
   ^^ requirement.invalid-specifier`,
    `
foo 1.0
    ^^^ requirement.invalid-specifier`,
    `
foo==1.
   ^^^^ requirement.incomplete incomplete`,
    `
foo~=1
   ^^^ requirement.incomplete incomplete`,
    `
foo==1!
   ^^^^ requirement.incomplete incomplete`,
    `
foo==1.x,>1
   ^^^^^ requirement.legacy-specifier`,
    `
foo>=1.*
   ^^^^^ requirement.legacy-specifier`,
    `
foo<2.0+local
   ^^^^^^^^^^ requirement.legacy-specifier`,
    `
foo>=2.3.3<3
   ^^^^^^^^^ requirement.legacy-specifier`,
    `
foo==1.0=py_0
   ^^^^^^^^^^ requirement.legacy-specifier`,
    `
foo~=1.*
   ^^^^^ requirement.invalid-specifier`,
    `
foo>=1,,<2
       ^ requirement.invalid-specifier`,
    `
foo===a,b
        ^ requirement.invalid-specifier`,
    `
foo(>=1
   ^^^^ requirement.incomplete incomplete`,
    `
foo[
   ^ requirement.incomplete incomplete`,
    `
foo[a,
   ^^^ requirement.incomplete incomplete`,
    `
foo[a,]
   ^^^^ requirement.invalid-extras`,
    `
foo[a b]==1
   ^^^^^ requirement.invalid-extras`,
    `
foo[x==1]
   ^^^^^^ requirement.invalid-extras`,
    `
foo>=1[x]
   ^^^^^^ requirement.legacy-specifier`,
    `
foo @
    ^ requirement.incomplete incomplete`,
    `
foo @ a b
        ^ requirement.invalid-url`,
    `
foo @ https://[x/y
      ^^^^^^^^^^^^ requirement.invalid-url`,
    `
foo @ file://host/x
      ^^^^^^^^^^^^^ requirement.invalid-url`,
    `
foo @ https://e/x;y
                  ^ requirement.invalid-marker`,
    `
foo#c
   ^^ requirement.unseparated-comment`,
    `
foo @ https://e/x#egg=b[x]
                      ^^^^ requirement.legacy-egg`,
    `
foo --hash=md5:ab
    ^^^^^^^^^^^^^ option.invalid-value`,
    `
foo --hsh=sha256:ab
    ^^^^^^^^^^^^^^^ option.unknown`,
  ];
  for (const annotated of cases) it(`is pointed at: ${annotated.split('\n')[1] ?? ''}`, () => expectProblem(annotated));

  it('does not stop the rest of the file', () => {
    const file = parseFile('foo==1\nbar===a,b\n--nonsense\nbaz==2\n');
    assert.deepEqual(
      file.items.map((item) => item.kind),
      ['requirement', 'error', 'error', 'requirement'],
    );
  });

  it('keeps the name that the line is about', () => {
    const item = parseOne('Django==1.x');
    assert.ok(item.kind === 'error');
    assert.equal(item.name?.normalized, 'django');
    assert.equal(item.legacy, true);
  });

  for (const text of [
    'Django==',
    'Django; python_versio < "3"',
    'Django --hash=md5:1',
    'Django[',
    'Django @ file://h/x',
  ]) {
    it(`says which package it is about: ${text}`, () => {
      assert.match(parseOne(text).problems[0]?.message ?? '', /Django/);
    });
  }

  it('says which environment variable is not set', () => {
    assert.match(parseOne('foo==${UNSET}').problems[0]?.message ?? '', /environment variable UNSET is not set/);
  });

  it('repeats no password and no endless text', () => {
    const { problems } = parseOne('-e https://user:secret@e.org/x');
    assert.match(problems[0]?.message ?? '', /https:\/\/\*\*\*@e\.org/);
    assert.doesNotMatch(problems[0]?.message ?? '', /secret/);
    assert.doesNotMatch(parseOne('-e https://e.org/x?token=secret').problems[0]?.message ?? '', /secret/);
    assert.ok((parseOne('!'.repeat(5000)).problems[0]?.message.length ?? 0) < 400);
  });
});
