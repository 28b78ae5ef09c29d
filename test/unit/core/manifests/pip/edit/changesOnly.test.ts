import assert from 'node:assert/strict';
import { changesOnly } from '../../../../../../server/src/core/manifests/pip/edit/changesOnly.ts';
import { parseFile } from '../../../../../../server/src/core/manifests/pip/parse/parseFile.ts';

const line = "foo[a]==1.0 ; os_name == 'nt' --config-settings k=v --hash=sha256:aa -r x  # c";
const before = `a==1\n${line}\nz==1\n`;
const intended = { clauses: [{ operator: '==', version: '2.0' }], hashes: ['sha256:aa'] } as const;

/** Whether a change of the text from `before` to this one is what is intended. */
function isIntended(after: string, text = before): boolean {
  return changesOnly(parseFile(text), 1, [{ start: 0, end: text.length, text: after }], intended);
}

describe('a change', () => {
  const good = before.replace('1.0', '2.0');

  it('is good when it does what is intended alone', () => {
    assert.equal(isIntended(good), true);
    assert.equal(isIntended(good.replace('2.0', ' 2.0 ')), true);
  });

  const bad: readonly (readonly [what: string, after: string])[] = [
    ['does nothing', before],
    ['writes another version', before.replace('1.0', '2.1')],
    ['writes another operator', good.replace('==2.0', '>=2.0')],
    ['adds a clause', good.replace('==2.0', '==2.0,<3')],
    ['takes the clause away', good.replace('==2.0', '')],
    ['changes the name', good.replace('foo', 'fop')],
    ['changes the spelling of the name', good.replace('foo', 'Foo')],
    ['changes the extras', good.replace('[a]', '[b]')],
    ['changes the marker', good.replace("'nt'", "'posix'")],
    ['takes the marker away', good.replace(" ; os_name == 'nt'", '')],
    ['changes an option', good.replace('k=v', 'k=w')],
    ['changes an ignored option', good.replace('-r x', '-r y')],
    ['changes a hash', good.replace(':aa', ':bb')],
    ['takes the hash away', good.replace('--hash=sha256:aa ', '')],
    ['changes the comment', good.replace('# c', '# d')],
    ['makes it a URL', good.replace('==2.0', '@ https://e.org/x')],
    ['makes it an error', good.replace('==2.0', '==')],
    ['makes it another kind', good.replace(/^foo.*$/m, './foo')],
    ['changes the line before', good.replace('a==1', 'a==2')],
    ['changes the line after', good.replace('z==1', 'z==2')],
    ['adds a line', `${good}y==1\n`],
    ['takes a line away', good.replace('z==1\n', '')],
  ];
  for (const [what, after] of bad) {
    it(`is not good when it ${what}`, () => assert.equal(isIntended(after), false));
  }

  it('is not good where there is no requirement', () => {
    assert.equal(isIntended('a==1\n--pre\n', 'a==1\n--pre\n'), false);
    assert.equal(isIntended('a==1\n', 'a==1\n'), false);
  });

  it('is not good when it brings a problem', () => {
    const text = 'a==1\nfoo==1.0 --hash=sha256:aa\n';
    assert.equal(isIntended(text.replace('1.0', '2.0'), text), true);
    assert.equal(isIntended(text.replace('foo==1.0', 'foo_==2.0'), text), false);
  });
});
