import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { makeFolder } from '../../../../../../server/src/hosts/node/files/write/makeFolder.ts';

describe('makeFolder', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-folder-'))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('makes what is missing, for this user alone', () => {
    const folder = path.join(root, 'a', 'b', 'c');
    makeFolder(folder);
    makeFolder(folder);
    assert.ok(statSync(folder).isDirectory());
    if (process.platform !== 'win32') {
      assert.deepEqual(
        [folder, path.dirname(folder)].map((each) => statSync(each).mode & 0o777),
        [0o700, 0o700],
      );
    }
  });

  it('fails, and returns, where nothing can be made', () => {
    writeFileSync(path.join(root, 'file'), '');
    symlinkSync(path.join(root, 'nowhere', 'else'), path.join(root, 'dangling'));
    symlinkSync('loop', path.join(root, 'loop'));
    const unmakeable = [
      path.join(root, 'file'),
      path.join(root, 'file', 'x', 'y'),
      path.join(root, 'dangling'),
      path.join(root, 'dangling', 'x'),
      path.join(root, 'loop', 'x'),
      path.join(root, 'n'.repeat(300), 'x'),
      path.join(root, `${'x/'.repeat(5000)}`),
      ...(existsSync('/proc/self') ? ['/proc/x', '/proc/x/y', '/proc/self/x/y/z'] : []),
      ...(existsSync('/dev/null') ? ['/dev/null/x'] : []),
    ];
    for (const folder of unmakeable) {
      assert.throws(() => makeFolder(folder), { code: /^E[A-Z]+$/u }, folder.slice(0, 100));
    }
    assert.ok(!existsSync(path.join(root, 'nowhere')));
  });
});
