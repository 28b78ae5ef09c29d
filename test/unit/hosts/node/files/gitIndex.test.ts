import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { discoverRequirementFiles } from '../../../../../server/src/hosts/node/files/discoverRequirementFiles.ts';
import { decodeGitIndex, trackedPaths } from '../../../../../server/src/hosts/node/files/gitIndex.ts';

/** An index of version 2, with these names in the order of their bytes. */
function indexOf(names: readonly string[], { hashBytes = 20, extension = '' } = {}): Buffer {
  const header = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1');
  header.writeUInt32BE(names.length, 8);
  const entries = names.map((name) => {
    const length = 40 + hashBytes + 2 + Buffer.byteLength(name) + 1;
    const entry = Buffer.alloc(Math.ceil(length / 8) * 8);
    entry.fill(7, 40, 40 + hashBytes);
    entry.write(name, 40 + hashBytes + 2);
    return entry;
  });
  const more = extension === '' ? Buffer.alloc(0) : Buffer.from(`${extension}\0\0\0\x02ab`, 'latin1');
  return Buffer.concat([header, ...entries, more, Buffer.alloc(hashBytes)]);
}

describe('the index of a git repository', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'pinwatch-git-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  const names = ['.gitignore', 'a/b/requirements.txt', 'é.txt'];

  it('is read with hashes of both kinds, and what follows its entries', () => {
    for (const options of [{}, { hashBytes: 32 }, { extension: 'TREE' }]) {
      assert.deepEqual(decodeGitIndex(indexOf(names, options)), names);
    }
    assert.deepEqual(decodeGitIndex(indexOf([])), []);
  });

  it('is not believed where it is cut off, in disorder, or keeps entries elsewhere', () => {
    const whole = indexOf(names);
    for (let length = 0; length < whole.length; length++) {
      assert.equal(decodeGitIndex(whole.subarray(0, length)), undefined, `${length} bytes`);
    }
    assert.equal(decodeGitIndex(indexOf(names.toReversed())), undefined);
    assert.equal(decodeGitIndex(indexOf(names, { extension: 'link' })), undefined);
    for (const version of [1, 5]) {
      const other = indexOf(names);
      other.writeUInt32BE(version, 4);
      assert.equal(decodeGitIndex(other), undefined, `version ${version}`);
    }
  });

  it('is not believed where its paths come to more than a repository has', () => {
    /** Each path is the one before and one character more. */
    const growing = (count: number): Buffer => {
      const header = Buffer.from('DIRC\0\0\0\x04\0\0\0\0', 'latin1');
      header.writeUInt32BE(count, 8);
      const entry = Buffer.alloc(40 + 20 + 2 + 3);
      entry.write('\0a', 62, 'latin1');
      return Buffer.concat([header, ...Array<Buffer>(count).fill(entry), Buffer.alloc(20)]);
    };
    assert.equal(decodeGitIndex(growing(4096))?.at(-1)?.length, 4096);
    assert.equal(decodeGitIndex(growing(4097)), undefined);
  });

  for (const version of ['2', '3', '4']) {
    it(`is read as git itself writes version ${version}`, async function () {
      const git = (...args: readonly string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
      try {
        git('init', '--quiet');
      } catch {
        this.skip(); // there is no git on this machine
      }
      git('config', 'index.version', version);
      const files = [
        ...['requirements.txt', 'a/requirements.txt', 'a/requirements-dev.txt', 'a (1)/é.txt'],
        // What one of them has in common with the one before is a number of two bytes in version 4.
        ...[`${'long/'.repeat(30)}a/requirements.txt`, 'z.txt'],
      ];
      for (const file of files) {
        mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
        writeFileSync(path.join(root, file), file);
      }
      git('add', '--all');
      git('update-index', '--index-version', version);
      const tracked = await trackedPaths(root);
      assert.ok(files.every((file) => tracked?.has(file)));
      assert.deepEqual(
        ['a', 'a (1)', 'b', ''].map((folder) => tracked?.hasBelow(folder)),
        [true, true, false, false],
      );
    });
  }

  describe('in a search', () => {
    const write = (file: string, content: string | Buffer = 'six==1.0\n'): void => {
      mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
      writeFileSync(path.join(root, file), content);
    };
    const search = async (): Promise<readonly string[]> => {
      const { paths, unread } = await discoverRequirementFiles(root, { include: [], exclude: [] });
      assert.deepEqual(unread, []);
      return paths.map((one) => path.relative(root, one)).sort();
    };

    beforeEach(() => {
      write('requirements.txt');
      write('gen/requirements.txt');
      write('out/requirements.txt');
      write('.gitignore', 'requirements.txt\ngen/\nout/\n');
    });

    it('keeps what git tracks in, whatever .gitignore says', async () => {
      write('.git/index', indexOf(['.gitignore', 'gen/requirements.txt', 'requirements.txt']));
      assert.deepEqual(await search(), ['gen/requirements.txt', 'requirements.txt']);
    });

    it('leaves out what .gitignore names where nothing is tracked', async () => {
      mkdirSync(path.join(root, '.git'));
      assert.deepEqual(await search(), []);
    });

    for (const [what, make] of [
      ['cannot be read', () => write('.git/index', 'no index')],
      ['lies elsewhere', () => write('.git', 'gitdir: /elsewhere\n')],
      [
        'is a link out of the folder',
        () => (mkdirSync(path.join(root, '.git')), symlinkSync('/dev/null', path.join(root, '.git/index'))),
      ],
    ] as const) {
      it(`leaves nothing out where the index ${what}`, async () => {
        make();
        assert.deepEqual(await search(), ['gen/requirements.txt', 'out/requirements.txt', 'requirements.txt']);
      });
    }
  });
});
