import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Loaded, loadFile } from '../../../../../server/src/hosts/node/files/loader.ts';
import { type LoadedNamed, loadNamedFile } from '../../../../../server/src/hosts/node/files/loadNamedFile.ts';

const isWindows = process.platform === 'win32';

describe('loading a file', () => {
  let root: string;
  const at = (...parts: string[]): string => path.join(root, ...parts);
  const load = async (file: string, mostBytes = 100, signal?: AbortSignal): Promise<string> =>
    shown(await loadFile(at(file), { within: [at('repo')], mostBytes, signal }));

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-load-'));
    mkdirSync(at('repo', 'sub'), { recursive: true });
    mkdirSync(at('outside'));
    writeFileSync(at('repo', 'a.txt'), 'six\n');
    writeFileSync(at('outside', 'secret.txt'), 'hush\n');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('reads what lies inside, through links of files and folders', async () => {
    symlinkSync(at('repo', 'a.txt'), at('repo', 'sub', 'link.txt'));
    symlinkSync(at('repo', 'sub', 'link.txt'), at('repo', 'chain.txt'));
    symlinkSync(at('repo', 'sub'), at('repo', 'folder'));
    symlinkSync(at('repo'), at('entry'));
    for (const file of ['repo/a.txt', 'repo/chain.txt', 'repo/folder/link.txt', 'entry/a.txt', 'repo/sub/../a.txt']) {
      assert.equal(await load(file), 'six\n', file);
    }
    const throughRoot = await loadFile(at('repo', 'a.txt'), { within: [at('entry')], mostBytes: 100 });
    assert.equal(shown(throughRoot), 'six\n');
  });

  it('refuses what lies outside, however it is reached, and does not say whether it is there', async () => {
    symlinkSync('../outside/secret.txt', at('repo', 'link.txt'));
    symlinkSync('link.txt', at('repo', 'chain.txt'));
    symlinkSync('../outside', at('repo', 'folder'));
    symlinkSync('../outside/gone.txt', at('repo', 'dangling.txt'));
    mkdirSync(at('repo-too'));
    writeFileSync(at('repo-too', 'a.txt'), '');
    for (const file of [
      'repo/link.txt',
      'repo/chain.txt',
      'repo/folder/secret.txt',
      'repo/folder/gone.txt',
      'repo/dangling.txt',
      'repo/../outside/secret.txt',
      'outside/gone.txt',
      'repo-too/a.txt',
    ]) {
      assert.equal(await load(file), 'outside', file);
    }
    assert.equal(shown(await loadFile(at('repo', 'a.txt'), { within: [], mostBytes: 100 })), 'outside');
  });

  it('says that a file is not there where the folder itself is not', async () => {
    symlinkSync('outside/gone', at('nowhere'));
    const of = async (file: string, ...folders: readonly string[]): Promise<string> =>
      shown(await loadFile(at(file), { within: folders.map((one) => at(one)), mostBytes: 100 }));
    assert.equal(await of('gone/a.txt', 'gone'), 'missing');
    assert.equal(await of('gone/deep/a.txt', 'repo', 'gone'), 'missing');
    assert.equal(await of('nowhere/a.txt', 'nowhere'), 'missing');
    assert.equal(await of('gone/../outside/secret.txt', 'gone'), 'outside');
    assert.equal(await of('gone-too/a.txt', 'gone'), 'outside');
    assert.equal(await of('outside/secret.txt', 'gone'), 'outside');
  });

  it('says what is not there, and survives links in a circle', async () => {
    symlinkSync('two.txt', at('repo', 'one.txt'));
    symlinkSync('one.txt', at('repo', 'two.txt'));
    symlinkSync('gone.txt', at('repo', 'dangling.txt'));
    for (const [file, kind] of [
      ['repo/gone.txt', 'missing'],
      ['repo/dangling.txt', 'missing'],
      ['repo/a.txt/b.txt', 'missing'],
      ['repo/one.txt', 'unreadable'],
    ] as const) {
      assert.equal(await load(file), kind, file);
    }
  });

  it('opens nothing but regular files', async function () {
    assert.equal(await load('repo/sub'), 'notRegular');
    if (isWindows) {
      this.skip(); // no pipes in folders
    }
    execFileSync('mkfifo', [at('repo', 'pipe.txt')]);
    assert.equal(await load('repo/pipe.txt'), 'notRegular');
    symlinkSync('pipe.txt', at('repo', 'to-pipe.txt'));
    assert.equal(await load('repo/to-pipe.txt'), 'notRegular');
    const device = await loadFile('/dev/zero', { within: ['/dev'], mostBytes: 100 });
    assert.equal(shown(device), 'notRegular');
  });

  it('stops at the limit, whatever the file says of its size', async function () {
    writeFileSync(at('repo', 'full.txt'), 'x'.repeat(100));
    writeFileSync(at('repo', 'long.txt'), 'x'.repeat(101));
    assert.equal((await load('repo/full.txt')).length, 100);
    assert.equal(await load('repo/long.txt'), 'tooLarge');
    if (process.platform !== 'linux') {
      this.skip(); // no files that say that they are empty
    }
    const status = await loadFile('/proc/self/status', { within: ['/proc'], mostBytes: 10_000 });
    assert.match(shown(status), /^Name:/u);
    assert.equal(shown(await loadFile('/proc/self/status', { within: ['/proc'], mostBytes: 100 })), 'tooLarge');
  });

  it('ends with the signal', async () => {
    assert.equal(await load('repo/a.txt', 100, AbortSignal.abort()), 'timeout');
  });

  describe('that the user named', () => {
    const loadNamed = async (file: string, signal?: AbortSignal): Promise<string> =>
      shown(await loadNamedFile(file, { mostBytes: 100, signal }));

    it('reads it wherever it lies, up to the limit', async () => {
      symlinkSync(at('outside', 'secret.txt'), at('repo', 'link.txt'));
      assert.equal(await loadNamed(at('repo', 'link.txt')), 'hush\n');
      assert.equal(await loadNamed(at('repo', 'gone.txt')), 'missing');
      assert.equal(await loadNamed(at('repo')), 'notRegular');
      writeFileSync(at('repo', 'long.txt'), 'x'.repeat(101));
      assert.equal(await loadNamed(at('repo', 'long.txt')), 'tooLarge');
    });

    it('reads pipes and devices', async function () {
      if (isWindows) {
        this.skip();
      }
      const pipe = at('pipe');
      execFileSync('mkfifo', [pipe]);
      const late = loadNamed(pipe);
      const { writeFile } = await import('node:fs/promises');
      await Promise.all([writeFile(pipe, 'django\n'), late.then((text) => assert.equal(text, 'django\n'))]);
      assert.equal(await loadNamed('/dev/zero'), 'tooLarge');
      assert.equal(await loadNamed('/dev/null'), '');
      const end = new AbortController();
      const never = loadNamed(pipe, end.signal);
      setImmediate(() => end.abort());
      assert.equal(await never, 'timeout');
    });
  });
});

/** The text, or the kind of the error. */
function shown(loaded: Loaded | LoadedNamed): string {
  return 'error' in loaded ? loaded.error.kind : loaded.bytes.toString();
}
