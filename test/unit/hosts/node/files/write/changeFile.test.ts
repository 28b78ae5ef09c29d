import assert from 'node:assert/strict';
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changeFile } from '../../../../../../server/src/hosts/node/files/write/changeFile.ts';

describe('changing a file', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'pinwatch-change-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function write(name: string, contents: string | Buffer): string {
    const file = path.join(folder, name);
    writeFileSync(file, contents);
    return file;
  }

  it('keeps its mode, byte order mark and line ends, and leaves nothing beside it', async () => {
    const file = write('r.txt', '\uFEFFa==1\r\n# ü\r\n');
    chmodSync(file, 0o640);
    assert.deepEqual(await changeFile(file, 'a==1\r\n# ü\r\n', 'a==2\r\n# ü\r\n', [folder]), { kind: 'changed' });
    assert.equal(readFileSync(file, 'utf8'), '\uFEFFa==2\r\n# ü\r\n');
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(folder), ['r.txt']);
  });

  it('refuses one that was edited meanwhile, or is in another encoding', async () => {
    const edited = write('edited.txt', 'a==1\nb==1\n');
    const latin = write('latin.txt', Buffer.from('# -*- coding: latin-1 -*-\n# \xfc\na==1\n', 'latin1'));
    const results = [
      await changeFile(edited, 'a==1\n', 'a==2\n', [folder]),
      await changeFile(latin, '# -*- coding: latin-1 -*-\n# ü\na==1\n', 'a==2\n', [folder]),
    ];
    for (const result of results) {
      assert.ok('error' in result);
      assert.match(result.error, /was not changed: it was edited meanwhile, or is not in UTF-8/u);
    }
    assert.equal(readFileSync(edited, 'utf8'), 'a==1\nb==1\n');
    assert.deepEqual(readdirSync(folder), ['edited.txt', 'latin.txt']);
  });

  it('changes what a link leads to, and leaves the link', async () => {
    const file = write('real.txt', 'a==1\n');
    const link = path.join(folder, 'link.txt');
    symlinkSync(file, link);
    await changeFile(link, 'a==1\n', 'a==2\n', [folder]);
    assert.equal(readFileSync(file, 'utf8'), 'a==2\n');
    assert.deepEqual(
      readdirSync(folder, { withFileTypes: true }).map((entry) => entry.isSymbolicLink()),
      [true, false],
    );
  });

  it('refuses one that lies outside, as it is when it is written', async () => {
    const outside = mkdtempSync(path.join(tmpdir(), 'pinwatch-outside-'));
    const file = path.join(outside, 'r.txt');
    writeFileSync(file, 'a==1\n');
    symlinkSync(file, path.join(folder, 'link.txt'));
    symlinkSync(outside, path.join(folder, 'linked'));
    for (const name of ['link.txt', 'linked/r.txt']) {
      const result = await changeFile(path.join(folder, name), 'a==1\n', 'a==2\n', [folder]);
      assert.ok('error' in result && /was not changed: it is outside of what is scanned/u.test(result.error), name);
    }
    assert.equal(readFileSync(file, 'utf8'), 'a==1\n');
    assert.deepEqual(readdirSync(outside), ['r.txt']);
    rmSync(outside, { recursive: true });
  });

  it('refuses a file that may not be written, and leaves nothing beside it', async function () {
    if (process.getuid?.() === 0) this.skip(); // root may write any file
    const locked = write('locked.txt', 'a==1\n');
    chmodSync(locked, 0o444);
    const result = await changeFile(locked, 'a==1\n', 'a==2\n', [folder]);
    assert.match('error' in result ? result.error : 'no error', /was not changed: it is read-only/u);
    assert.equal(readFileSync(locked, 'utf8'), 'a==1\n');
    assert.deepEqual(readdirSync(folder), ['locked.txt']);
  });

  it('changes a file without write bits where the system lets it, as it lets root, and keeps the mode', async function () {
    if (process.getuid?.() !== 0) this.skip();
    const locked = write('locked.txt', 'a==1\n');
    chmodSync(locked, 0o444);
    assert.deepEqual(await changeFile(locked, 'a==1\n', 'a==2\n', [folder]), { kind: 'changed' });
    assert.equal(readFileSync(locked, 'utf8'), 'a==2\n');
    assert.equal(statSync(locked).mode & 0o777, 0o444);
  });

  it('refuses a hard link, and leaves nothing beside it', async () => {
    const linked = write('linked.txt', 'a==1\n');
    linkSync(linked, path.join(folder, 'other.txt'));
    const result = await changeFile(linked, 'a==1\n', 'a==2\n', [folder]);
    assert.match('error' in result ? result.error : 'no error', /was not changed: it is a hard link/u);
    assert.equal(readFileSync(linked, 'utf8'), 'a==1\n');
    assert.deepEqual(readdirSync(folder), ['linked.txt', 'other.txt']);
  });

  it('says why it could not', async () => {
    const missing = await changeFile(path.join(folder, 'none.txt'), '', 'a', [folder]);
    assert.ok('error' in missing);
    assert.match(missing.error, /none\.txt" could not be changed \(ENOENT\)/u);
    mkdirSync(path.join(folder, 'folder.txt'));
    assert.ok('error' in (await changeFile(path.join(folder, 'folder.txt'), '', 'a', [folder])));
  });
});
