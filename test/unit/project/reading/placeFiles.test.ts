import assert from 'node:assert/strict';
import { placeFiles } from '../../../../server/src/project/reading/placeFiles.ts';
import { nothingDecided } from '../../../../server/src/core/assessment/decided/decidedVersions.ts';
import { normalizeName } from '../../../../server/src/core/packages/packageName.ts';
import { pipKind } from '../../../../server/src/core/manifests/pip/pipManifest.ts';

const file = pipKind.parse('demo>=1.0\n');
const inputs = () => ['a.txt', 'b.txt'].map((path) => ({ path, file, problems: [] }));

describe('placing of files', () => {
  it('shares what copies of a file come to, and forgets the files', () => {
    const all = inputs();
    const [a, b] = placeFiles(all, () => nothingDecided);
    assert.deepEqual([a?.path, b?.path], ['a.txt', 'b.txt']);
    assert.equal(a?.placed.requirements, b?.placed.requirements);
    assert.equal(all.length, 0);
  });

  it('keeps apart what is decided for one of them alone', () => {
    const decided = { ...nothingDecided, constraints: new Map([[normalizeName('demo'), 'conflicting' as const]]) };
    const [a, b] = placeFiles(inputs(), (path) => (path === 'a.txt' ? decided : nothingDecided));
    assert.notEqual(a?.placed.requirements, b?.placed.requirements);
  });
});
