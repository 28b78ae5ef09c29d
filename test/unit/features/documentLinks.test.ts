import assert from 'node:assert/strict';
import { documentLinks } from '../../../server/src/features/documentLinks.ts';
import { pipKind } from '../../../server/src/core/manifests/pip/pipManifest.ts';
import { textAt } from '../../support/ranges.ts';

function linksIn(text: string): readonly (readonly [string, string | undefined, string | undefined])[] {
  return documentLinks(pipKind.parse(text), []).map(({ range, target, tooltip }) => [
    textAt(text, range),
    target,
    tooltip,
  ]);
}

const targetsIn = (text: string): readonly (string | undefined)[] => linksIn(text).map(([, target]) => target);

describe('document links', () => {
  it('link the URLs of direct references', () => {
    const text = '# 😀\npip @ https://example.org/pip-1.0-py3-none-any.whl#sha256=00 ; python_version > "3"\n';
    assert.deepEqual(linksIn(text), [
      [
        'https://example.org/pip-1.0-py3-none-any.whl#sha256=00',
        'https://example.org/pip-1.0-py3-none-any.whl',
        'Open example.org/pip-1.0-py3-none-any.whl',
      ],
    ]);
  });

  it('link the package indexes', () => {
    const text =
      '-i https://one.example/simple\n--extra-index-url=https://two.example:8443/\n-f https://three.example\n';
    assert.deepEqual(targetsIn(text), [
      'https://one.example/simple',
      'https://two.example:8443/',
      'https://three.example',
    ]);
  });

  it('link the page of a repository, not its revision', () => {
    const text = 'a @ git+https://github.com/org/a.git@v1.2#egg=a\n-e git+https://github.com/org/b@main#egg=b\n';
    assert.deepEqual(targetsIn(text), ['https://github.com/org/a.git', 'https://github.com/org/b']);
  });

  it('never show credentials', () => {
    const text = '--index-url https://user:s3cret@example.org/simple\nx @ git+https://t0ken@example.org/x@main\n';
    const links = linksIn(text);
    assert.deepEqual(
      links.map(([, target]) => target),
      ['https://example.org/simple', 'https://example.org/x'],
    );
    assert.doesNotMatch(JSON.stringify(links.map(([, ...shown]) => shown)), /s3cret|t0ken/u);
  });

  it('leave alone what is no plain https', () => {
    const text = [
      'a @ http://example.org/a.zip',
      'b @ file:///etc/passwd',
      'c @ git+ssh://git@example.org/c',
      '--index-url https://example.org/simple?token=abc',
      '--index-url https://${TOKEN}@example.org/simple',
      '--find-links javascript:alert(1)',
      '--trusted-host example.org',
      'd==1.0 # https://example.org',
    ].join('\n');
    assert.deepEqual(linksIn(text), [
      ['https://${TOKEN}@example.org/simple', 'https://example.org/simple', 'Open example.org/simple'],
    ]);
  });

  it('open the included files they are given, in the order of the file', () => {
    const text = 'x @ https://example.org/x.zip\n-r b%20c.txt\n';
    const range = { start: { line: 1, character: 3 }, end: { line: 1, character: 12 } };
    const links = documentLinks(pipKind.parse(text), [{ range, uri: 'file:///project/b%2520c.txt' }]);
    assert.deepEqual(
      links.map(({ target, tooltip }) => [target, tooltip]),
      [
        ['https://example.org/x.zip', 'Open example.org/x.zip'],
        ['file:///project/b%2520c.txt', 'Open b%20c.txt'],
      ],
    );
  });

  it('take no long time over a hostile URL', () => {
    const hostile = `https://${'@'.repeat(50_000)}x`;
    assert.deepEqual(targetsIn(`a @ ${hostile}\n--index-url git+https://${'a@'.repeat(50_000)}\n`), []);
  });
});
