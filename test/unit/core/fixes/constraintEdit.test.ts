import assert from 'node:assert/strict';
import { constraintEdit } from '../../../../server/src/core/fixes/constraintEdit.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';
import { version } from '../manifests/pip/edit/support.ts';

/** The constraints files after a fix of `line` to 2.0, or the reason why there is none. */
function fix(line: string, ...texts: readonly string[]): readonly string[] | string {
  const requirement = pipKind.parse(line).contentOf(0);
  assert.ok(requirement?.kind === 'index');
  const constraints = texts.map((text, at) => ({ source: `c${at}.txt`, file: pipKind.parse(text) }));
  const edit = constraintEdit(requirement, constraints, version('2.0'));
  if (edit.kind === 'disabled') return edit.reason;
  return constraints.map(
    ({ source, file }) =>
      edit.edits.filter((one) => one.source === source).reduce((at, { changes }) => at.edit(changes), file).text,
  );
}

describe('a fix of what a constraints file decides', () => {
  it('is written into that file', () => {
    assert.deepEqual(fix('foo', 'a==1\nFoo==1.0 # c\n', 'b==1'), ['a==1\nFoo==2.0 # c\n', 'b==1']);
  });

  it('is written into all files that pin the package', () => {
    assert.deepEqual(fix('foo>=0.5', 'foo==1.0', 'foo==1.0.0'), ['foo==2.0', 'foo==2.0']);
  });

  it('leaves pins under a marker, which decide nothing', () => {
    const text = 'foo==1.0\nfoo==0.9 ; python_version < "3"';
    assert.deepEqual(fix('foo', text), ['foo==2.0\nfoo==0.9 ; python_version < "3"']);
  });

  it('is not offered where the requirement itself bars the version', () => {
    assert.equal(fix('foo<2', 'foo==1.0'), 'foo: "<2" does not allow 2.0.');
  });

  it('is not offered where one of the files cannot be changed', () => {
    assert.equal(fix('foo', 'foo==1.0', 'foo==1.0,<1.5'), 'foo: "<1.5" does not allow 2.0. (in "c1.txt")');
  });

  it('is not offered where no file pins the package', () => {
    assert.equal(fix('foo', 'foo>=1.0', 'bar==1.0'), 'No constraints file pins foo.');
  });
});
