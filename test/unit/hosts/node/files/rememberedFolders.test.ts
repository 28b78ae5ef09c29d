import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rename, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { rememberedFolders } from '../../../../../server/src/hosts/node/files/rememberedFolders.ts';

describe('the real folders of a run', () => {
  let root = '';

  beforeEach(async () => {
    root = await realpath(await mkdtemp(path.join(os.tmpdir(), 'pinwatch-roots-')));
  });
  afterEach(() => rm(root, { recursive: true }));

  it('are those that were there first, so that a link that takes the place of one leads out of it', async () => {
    const realFoldersOf = rememberedFolders();
    const project = path.join(root, 'project');
    await mkdir(project);
    assert.deepEqual(await realFoldersOf([project]), [project]);
    await rename(project, path.join(root, 'moved'));
    await mkdir(path.join(root, 'elsewhere'));
    await symlink(path.join(root, 'elsewhere'), project);
    assert.deepEqual(await realFoldersOf([project]), [project]);
  });

  it('are looked for again where they were not there', async () => {
    const realFoldersOf = rememberedFolders();
    const project = path.join(root, 'project');
    assert.deepEqual(await realFoldersOf([project]), []);
    await mkdir(project);
    assert.deepEqual(await realFoldersOf([root, project]), [root, project]);
  });
});
