import assert from 'node:assert/strict';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';
import { cut, expectProblem, printOne } from '../support.ts';

describe('an option line', () => {
  const cases: readonly (readonly [text: string, opts: object])[] = [
    ['-i https://e.org/simple', { index_url: 'https://e.org/simple' }],
    ['-ihttps://e.org', { index_url: 'https://e.org' }],
    ['-i=x', { index_url: '=x' }],
    ['--index-url=https://e.org', { index_url: 'https://e.org' }],
    ['--pypi-url https://e.org', { index_url: 'https://e.org' }],
    ['--i a --index b', { index_url: 'b' }],
    ['--extra-index-url a --extra b', { extra_index_urls: ['a', 'b'] }],
    ['--no-index', { no_index: true }],
    ['--no-index foo bar', { no_index: true }],
    ['--pre -- --nonsense', { pre: true }],
    ['-', {}],
    ['--', {}],
    ['-f ./wheels --find-links="a b"', { find_links: ['./wheels', 'a b'] }],
    ['-f a\\ b -f \'c d\' -f "e \\" f" -f "g\\h"', { find_links: ['a b', 'c d', 'e " f', 'g\\h'] }],
    ['-f\tx', { find_links: ['x'] }],
    ["-f ''", { find_links: [''] }],
    ['--find-links=', { find_links: [''] }],
    [
      '--prefer-binary --require-hashes --no-require-hashes',
      { prefer_binary: true, require_hashes: true, no_require_hashes: true },
    ],
    ['--trusted-host a --trusted-host b:80', { trusted_hosts: ['a', 'b:80'] }],
    ['--use-feature=truststore', { features_enabled: ['truststore'] }],
    ['--no-binary Foo_Bar,a', { format_control: { no_binary: ['a', 'foo-bar'] } }],
    ['--no-binary foo --only-binary foo', { format_control: { only_binary: ['foo'] } }],
    ['--no-binary a --only-binary=:all:', { format_control: { only_binary: [':all:'] } }],
    ['--no-binary :all:,b', { format_control: { no_binary: [':all:'] } }],
    ['--no-binary :all:,:none:,b', { format_control: { no_binary: ['b'] } }],
    ['--no-binary :all: --no-binary :none:', {}],
    ['--all-releases a,b --only-final b', { release_control: { all_releases: ['a'], only_final: ['b'] } }],
    ['--hash=sha256:b --hash sha256:a', { hashes: ['sha256:a', 'sha256:b'] }],
    ['-C a=b', { config_settings: { a: 'b' } }],
  ];
  for (const [text, opts] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(printOne(text), { k: 'option', opts }));
  }

  it('says where its values are, without the quotes', () => {
    const file = parseFile('--index-url="https://e.org/a b" -fx --no-index');
    const [item] = file.items;
    assert.ok(item?.kind === 'option');
    const spans = item.options.map(({ flag, value }) => [cut(file, 0, flag.span), value && cut(file, 0, value.span)]);
    assert.deepEqual(spans, [
      ['--index-url', 'https://e.org/a b'],
      ['-f', 'x'],
      ['--no-index', undefined],
    ]);
  });
});

describe('an include', () => {
  const cases: readonly (readonly [text: string, expected: object])[] = [
    ['-r x.txt', { k: 'include', target: 'x.txt', resolved: 'x.txt' }],
    ['-rx.txt', { k: 'include', target: 'x.txt', resolved: 'x.txt' }],
    ['--requirement ../x.txt', { k: 'include', target: '../x.txt', resolved: '../x.txt' }],
    ['--requirem=a\\b.txt', { k: 'include', target: 'ab.txt', resolved: 'ab.txt' }],
    ['-c x', { k: 'constraint', target: 'x', resolved: 'x' }],
    ['-r a -r b', { k: 'include', target: 'a', resolved: 'a', ignoredOpts: { requirements: ['b'] } }],
    ['-c a -r b', { k: 'include', target: 'b', resolved: 'b', ignoredOpts: { constraints: ['a'] } }],
    ['--pre -r x', { k: 'include', target: 'x', resolved: 'x', ignoredOpts: { pre: true } }],
    ['-r a b.txt', { k: 'include', target: 'a', resolved: 'a' }],
    ['-r HTTPS://e.org/x', { k: 'include', target: 'HTTPS://e.org/x', resolved: 'HTTPS://e.org/x' }],
    ['-r ftp://e.org//x', { k: 'include', target: 'ftp://e.org//x', resolved: 'ftp:/e.org/x' }],
  ];
  for (const [text, expected] of cases) {
    it(`reads ${text}`, () => assert.deepEqual(printOne(text), expected));
  }
});

describe('a broken option', () => {
  const cases = [
    `
-r
^^ option.missing-value incomplete`,
    `
--index-url
^^^^^^^^^^^ option.missing-value incomplete`,
    `
--require x
^^^^^^^^^ option.ambiguous incomplete`,
    `
--only x
^^^^^^ option.ambiguous incomplete`,
    `
--constraints x
^^^^^^^^^^^^^ option.unknown`,
    `
--pre -x
      ^^ option.unknown`,
    `
--pre=1
^^^^^^^ option.unexpected-value`,
    `
-U
^^ option.removed`,
    `
foo --install-option=x
    ^^^^^^^^^^^^^^^^^^ option.removed`,
    `
--use-feature nonsense
^^^^^^^^^^^^^^^^^^^^^^ option.invalid-value`,
    `
--use-feature=fast
^^^^^^^^^^^^^^^^^^ option.invalid-value incomplete`,
    `
-C a
^^^^ option.invalid-value incomplete`,
    `
--hash=sha256
^^^^^^^^^^^^^ option.invalid-value incomplete`,
    `
--no-binary=-x
^^^^^^^^^^^^^^ option.invalid-value`,
    `
-r "a b
   ^^^^ option.unbalanced-quote incomplete`,
    `
-r a\\ # c
    ^ option.unbalanced-quote incomplete`,
  ];
  for (const annotated of cases) it(`is pointed at: ${annotated.split('\n')[1] ?? ''}`, () => expectProblem(annotated));
});
