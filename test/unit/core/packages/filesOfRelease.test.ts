import assert from 'node:assert/strict';
import { filesOfRelease } from '../../../../server/src/core/packages/filesOfRelease.ts';
import { version } from '../manifests/pip/edit/support.ts';

describe('the files of a release', () => {
  const files = [{ filename: 'foo-1.0.zip', yanked: false }];
  const releases = [
    { version: version('0.9'), yanked: false, files: [] },
    { version: version('1.0'), yanked: false, files },
  ];

  it('are found whichever way the version is written', () => {
    for (const text of ['1.0', '1', 'v1.0.0']) assert.equal(filesOfRelease(releases, text), files);
    assert.deepEqual(filesOfRelease(releases, '0.9'), []);
  });

  it('are unknown where the index does not have the release, or was not asked', () => {
    assert.equal(filesOfRelease(releases, '1.1'), undefined);
    assert.equal(filesOfRelease(releases, 'no version'), undefined);
    assert.equal(filesOfRelease(undefined, '1.0'), undefined);
  });
});
