import assert from 'node:assert/strict';
import { parseFile } from '../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { cut, expectProblem, parseOne, printOne } from './support.ts';

describe('a requirement that is a URL', () => {
  const cases: readonly (readonly [text: string, expected: object])[] = [
    ['https://e.org/x.zip', { url: 'https://e.org/x.zip' }],
    ['HTTP://e.org/x.zip', { url: 'HTTP://e.org/x.zip' }],
    ["https://e.org/x.zip;python_version<'3'", { url: "https://e.org/x.zip;python_version<'3'" }],
    ["https://e.org/x.zip ; os_name=='a'", { url: 'https://e.org/x.zip', marker: 'os_name == "a"' }],
    [
      'https://e.org/x.zip#egg=Foo_B&subdirectory=s',
      { url: 'https://e.org/x.zip#egg=Foo_B&subdirectory=s', name: 'Foo_B', norm: 'foo-b', egg: 'Foo_B', subdir: 's' },
    ],
    [
      'https://e.org/Foo_Bar-v1.0-py3-none-any.whl',
      { url: 'https://e.org/Foo_Bar-v1.0-py3-none-any.whl', name: 'foo-bar', norm: 'foo-bar', specs: ['==1.0'] },
    ],
    [
      'https://e.org/foo-1.0%2Bl-1-py3-none-any.whl?x',
      { url: 'https://e.org/foo-1.0%2Bl-1-py3-none-any.whl?x', name: 'foo', norm: 'foo', specs: ['==1.0+l'] },
    ],
    [
      'git+https://e.org/a@v1#egg=b --hash=sha256:a',
      {
        url: 'git+https://e.org/a@v1#egg=b',
        name: 'b',
        norm: 'b',
        egg: 'b',
        vcs: 'git',
        rev: 'v1',
        hashes: ['sha256:a'],
      },
    ],
    ['svn+ssh://u@e.org/p@3', { url: 'svn+ssh://u@e.org/p@3', vcs: 'svn', rev: '3' }],
    ['hg+static-http://e.org/p', { url: 'hg+static-http://e.org/p', vcs: 'hg' }],
    ['file:///a/b#egg=c', { url: 'file:///a/b#egg=c', name: 'c', norm: 'c', egg: 'c' }],
    ['file:../b#egg=c', { url: 'file:../b#egg=c' }],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(printOne(text), { k: 'url', ...expected }));
  }

  it('says where its name is', () => {
    const file = parseFile('https://e.org/foo/foo-1.0-foo-none-any.whl#foo-\nhttps://e.org/x#egg=bar&a');
    const names = file.items.map((item, index) =>
      item.kind === 'url' && item.name ? cut(file, index, item.name.span) : '',
    );
    assert.deepEqual(names, ['foo', 'bar']);
    assert.equal(file.items[0]?.kind === 'url' && file.items[0].name?.span.start, 18);
  });
});

describe('a requirement that is a path', () => {
  const cases: readonly (readonly [text: string, expected: object])[] = [
    ['./foo', { path: './foo' }],
    ['..', { path: '..' }],
    ['a/b[x,Y]', { path: 'a/b', extras: ['Y', 'x'] }],
    ["./foo;os_name=='a'", { path: './foo' }],
    ['foo.zip', { path: 'foo.zip' }],
    ['foo.tar.GZ ; os_name=="a"', { path: 'foo.tar.GZ', marker: 'os_name == "a"' }],
    ['foo==1.tar.gz', { path: 'foo==1.tar.gz' }],
    ['s3://b/x.zip', { path: 's3://b/x.zip' }],
    ['./foo-1.0-py3-none-any.whl', { path: './foo-1.0-py3-none-any.whl', name: 'foo', norm: 'foo', specs: ['==1.0'] }],
    ['./a@b.zip --hash=sha256:a', { path: './a@b.zip', hashes: ['sha256:a'] }],
    ['dist/*.whl', { path: 'dist/*.whl' }],
    ['//e.org/foo-1.0-py3-none-any.whl', { path: '//e.org/foo-1.0-py3-none-any.whl' }],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(printOne(text), { k: 'path', ...expected }));
  }

  it('keeps the marker of a folder, which pip reads where the folder is there', () => {
    const item = parseOne("./foo ; os_name=='a'");
    assert.equal(item.kind === 'path' && item.marker?.normal, 'os_name == "a"');
  });

  it('has a problem where the name of a wheel is wrong', () => {
    assert.deepEqual(
      parseOne('./foo.whl').problems.map((problem) => problem.code),
      ['requirement.invalid-wheel-name'],
    );
  });

  it('is a name where it only looks like a file of Python', () => {
    assert.equal(parseOne('foo.egg').kind, 'requirement');
    assert.equal(parseOne('.zip').kind, 'path');
    assert.equal(parseOne('a@b.zip').kind, 'requirement');
  });
});

describe('an editable', () => {
  const cases: readonly (readonly [text: string, expected: object])[] = [
    ['-e .', { target: '.', path: '.' }],
    ['--editable=./pkg[a]', { target: './pkg[a]', path: './pkg', extras: ['a'] }],
    ['-e "./my pkg[a, b]"', { target: './my pkg[a, b]', path: './my pkg', extras: ['a', 'b'] }],
    ['-e ./pkg[x, y]', { target: './pkg[x,', path: './pkg[x,' }],
    ['-e foo==1.0', { target: 'foo==1.0', path: 'foo==1.0' }],
    ['-e foo @ git+https://e.org/a', { target: 'foo', path: 'foo' }],
    ['foo -e bar', { target: 'foo', path: 'foo', ignoredOpts: { editables: ['bar'] } }],
    [
      '-e git+https://e.org/a.git@v1#egg=b',
      { target: 'git+https://e.org/a.git@v1#egg=b', name: 'b', norm: 'b', egg: 'b', vcs: 'git', rev: 'v1' },
    ],
    [
      '-e git://e.org/a#egg=b&subdirectory=s',
      { target: 'git://e.org/a#egg=b&subdirectory=s', name: 'b', norm: 'b', egg: 'b', vcs: 'git', subdir: 's' },
    ],
    ['-e file:///a/b', { target: 'file:///a/b' }],
    ['-e file:///a/b[C]', { target: 'file:///a/b[C]', extras: ['c'] }],
    ['-e file:///a/b#egg=c[d]', { target: 'file:///a/b#egg=c[d]', name: 'c', norm: 'c', egg: 'c', extras: ['d'] }],
    [
      '-e "a[b] @ git+https://e.org/x@r ; os_name==\'c\'"',
      {
        target: "a[b] @ git+https://e.org/x@r ; os_name=='c'",
        name: 'a',
        norm: 'a',
        extras: ['b'],
        marker: 'os_name == "c"',
        vcs: 'git',
        rev: 'r',
      },
    ],
    [
      '-e . -C a=b --pre',
      { target: '.', path: '.', reqOpts: { config_settings: { a: 'b' } }, ignoredOpts: { pre: true } },
    ],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(printOne(text), { k: 'editable', ...expected }));
  }

  it('has the URL as pip completes it', () => {
    const item = parseOne('-e git://e.org/a#egg=b');
    assert.equal(item.kind === 'editable' && item.url, 'git+git://e.org/a#egg=b');
  });

  it('says where its parts are, also in quotes', () => {
    const file = parseFile('-e "foo[bar] @ git+https://e.org/x"');
    const [item] = file.items;
    assert.ok(item?.kind === 'editable' && item.name);
    assert.equal(cut(file, 0, item.name.span), 'foo');
    assert.deepEqual(
      item.extras.map((extra) => cut(file, 0, extra.span)),
      ['bar'],
    );
  });
});

describe('a broken place', () => {
  const cases = [
    `
https://e.org/foo.whl
^^^^^^^^^^^^^^^^^^^^^ requirement.invalid-wheel-name`,
    `
https://e.org/x#egg=
                   ^ requirement.incomplete incomplete`,
    `
https://e.org/x#egg=a==1
                    ^^^^ requirement.legacy-egg`,
    `
https://e.org/x#egg=a/b
                    ^^^ requirement.invalid-egg`,
    `
-e https://e.org/x
   ^^^^^^^^^^^^^^^ editable.invalid-target`,
    `
-e git+https://e.org/x
   ^^^^^^^^^^^^^^^^^^^ editable.no-name`,
    `
-e git+https://e.org/x#egg=a[b]
                           ^^^^ requirement.legacy-egg`,
    `
file://host/x
^^^^^^^^^^^^^ requirement.invalid-url`,
  ];
  for (const annotated of cases) it(`is pointed at: ${annotated.split('\n')[1] ?? ''}`, () => expectProblem(annotated));
});
