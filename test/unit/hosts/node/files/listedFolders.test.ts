import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRepositoryOf } from '../../../../../server/src/hosts/node/config/repositoryOf.ts';
import { ListedFolders } from '../../../../../server/src/hosts/node/files/listedFolders.ts';
import { createProjectFiles } from '../../../../../server/src/hosts/node/files/projectFiles.ts';
import { createLockReader } from '../../../../../server/src/hosts/node/locks/lockReader.ts';
import { silentLog } from '../../../../../server/src/engine/ports.ts';

describe('folders that a search has listed', () => {
  const root = path.resolve('/project');

  it('lack what was not among the names, and what would lie in it', () => {
    const listed = new ListedFolders(root);
    listed.note('a', ['requirements.txt', 'UV.lock']);
    const lacks = (file: string): boolean => listed.lacks(path.resolve(root, file));
    assert.deepEqual(
      [
        'a/poetry.lock',
        'a/.venv/pyvenv.cfg',
        'a/requirements.txt',
        'a/uv.lock',
        'b/uv.lock',
        'uv.lock',
        'a/b/c/uv.lock',
      ].map(lacks),
      [true, true, false, false, false, false, false],
    );
    assert.equal(listed.lacks('a/poetry.lock'), true, 'relative paths are those of the present folder');
  });

  it('say nothing of a folder with names that the system may take for others', () => {
    const listed = new ListedFolders(root);
    listed.note('.', ['uv.loc\u212a']);
    assert.equal(listed.lacks('uv.lock'), false);
  });

  it('are noted by a search, and spare the looks at locks, environments and repositories', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-listed-'));
    try {
      for (const name of ['a', 'b']) {
        mkdirSync(path.join(folder, name));
        writeFileSync(path.join(folder, name, 'requirements.txt'), 'six==1.16.0\n');
      }
      writeFileSync(path.join(folder, 'a', 'uv.lock'), '[[package]]\nname = "six"\nversion = "1.15.0"\n');
      const listed = new ListedFolders(folder);
      const disk = createProjectFiles({ presentFolder: folder, standardInput: () => process.stdin, listed });
      const found = await disk.discover(folder);
      const paths = found.paths.filter((file) => file.endsWith('.txt'));
      assert.equal(paths.length, 2);
      assert.deepEqual(
        ['a/uv.lock', 'b/uv.lock', 'a/.git', 'pyproject.toml'].map((file) => listed.lacks(file)),
        [false, true, true, true],
      );
      const locks = createLockReader({ presentFolder: folder, log: silentLog, listed });
      const decidedIn = await locks.read(paths, [folder], new AbortController().signal);
      assert.deepEqual(
        [...decidedIn].map(([file, decided]) => [
          path.basename(path.dirname(file)),
          decided.map(({ source }) => source),
        ]),
        [
          ['a', ['uv.lock']],
          ['b', []],
        ],
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the repository of a file', () => {
  it('is looked for once in each folder', async () => {
    const seen: string[] = [];
    const top = path.resolve('/work');
    const repositoryOf = createRepositoryOf(top, (folder) => {
      seen.push(folder);
      return Promise.resolve(folder === top);
    });
    for (const file of ['a/b', 'a/c', 'a/b', '.']) {
      assert.equal(await repositoryOf(file), top);
    }
    assert.deepEqual(
      seen,
      ['a/b', 'a', '.', 'a/c'].map((folder) => path.resolve(top, folder)),
    );
  });
});
