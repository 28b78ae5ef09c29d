import assert from 'node:assert/strict';
import { originsOf } from '../../../../server/src/core/fixes/originsOf.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

const compiled = pipKind.parse(
  [
    'certifi==1\n    # via requests',
    'idna==1\n    # via\n    #   anyio\n    #   requests',
    'anyio==1\n    # via httpx',
    'httpx==1\n    # via -r dev.in',
    'requests==1\n    # via -r app.in',
    'loop-a==1\n    # via loop-b',
    'loop-b==1\n    # via loop-a',
  ].join('\n'),
);
const sources = [
  { source: 'app.in', file: pipKind.parse('# app\nRequests>=1\n') },
  { source: 'dev.in', file: pipKind.parse('httpx\npytest\n') },
];

/** `direct` or `through`, and file and line of each origin. */
function origins(index: number): readonly string[] {
  const { direct, places } = originsOf(compiled, index, sources);
  return [direct ? 'direct' : 'through', ...places.map(({ source, index: at }) => `${source} ${at}`)];
}

describe('where a line of a compiled file comes from', () => {
  it('is the line that names the package', () => assert.deepEqual(origins(4), ['direct', 'app.in 0']));
  it('is the line that names what needs it', () => assert.deepEqual(origins(0), ['through', 'app.in 0']));
  it('is all of them, however far away', () => assert.deepEqual(origins(1), ['through', 'app.in 0', 'dev.in 0']));
  it('is nowhere for a circle, a line that is not there, or sources that do not name it', () => {
    assert.deepEqual(origins(5), ['through']);
    assert.deepEqual(origins(99), ['through']);
    assert.deepEqual(originsOf(compiled, 0, []).places, []);
  });
});
