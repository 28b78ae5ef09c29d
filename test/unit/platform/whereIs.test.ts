import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { discoverRequirementFiles } from '../../../server/src/platform/discoverRequirementFiles.ts';
import { readRequirementFile } from '../../../server/src/platform/readRequirementFile.ts';
import { whereIs } from '../../../server/src/platform/whereIs.ts';

describe('files on disk', () => {
  let root: string;
  const inside = (...parts: string[]): string => path.join(root, 'project', ...parts);

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-files-'));
    mkdirSync(inside('requirements', 'prod'), { recursive: true });
    writeFileSync(inside('requirements.txt'), 'six==1.16.0\n');
    writeFileSync(inside('requirements', 'prod', 'base.in'), 'six\n');
    writeFileSync(path.join(root, 'secret.txt'), 'hush\n');
    symlinkSync(path.join(root, 'secret.txt'), inside('link.txt'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('lie inside or outside by where links lead, not by their name', async () => {
    const folders = [inside()];
    assert.equal(await whereIs(inside('requirements.txt'), folders), 'inside');
    assert.equal(await whereIs(inside('link.txt'), folders), 'outside');
    assert.equal(await whereIs(inside('..', 'secret.txt'), folders), 'outside');
    assert.equal(await whereIs(inside('gone.txt'), folders), 'missing');
    assert.equal(await whereIs(`${inside()}-other/x.txt`, folders), 'missing');
  });

  it('are found by their names, without what tools fill and without following links to folders', async () => {
    for (const folder of ['node_modules/x', '.venv/lib', 'myenv', 'docs']) {
      mkdirSync(inside(folder), { recursive: true });
      writeFileSync(inside(folder, 'requirements.txt'), '');
    }
    writeFileSync(inside('myenv', 'pyvenv.cfg'), '');
    writeFileSync(inside('docs', 'notes.txt'), '');
    symlinkSync(inside(), inside('docs', 'loop'));
    const { paths, unread } = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.deepEqual(
      paths.map((file) => path.relative(inside(), file)),
      ['docs/requirements.txt', 'requirements/prod/base.in', 'requirements.txt'],
    );
    assert.deepEqual(unread, []);
    const chosen = await discoverRequirementFiles(inside(), {
      include: ['**/notes.txt'],
      exclude: ['requirements/**'],
    });
    assert.deepEqual(
      chosen.paths.map((file) => path.relative(inside(), file)),
      ['docs/notes.txt', 'docs/requirements.txt', 'requirements.txt'],
    );
  });

  it('are found behind links that stay inside; what leads elsewhere is said', async () => {
    symlinkSync(inside('requirements.txt'), inside('requirements-linked.txt'));
    symlinkSync(path.join(root, 'secret.txt'), inside('requirements-outside.txt'));
    symlinkSync(inside('gone.txt'), inside('requirements-lost.txt'));
    const { paths, unread } = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.deepEqual(
      paths.map((file) => path.relative(inside(), file)),
      ['requirements/prod/base.in', 'requirements-linked.txt', 'requirements.txt'],
    );
    assert.deepEqual(unread, [
      `"${inside('requirements-lost.txt')}" was not read: it is a link that leads nowhere.`,
      `"${inside('requirements-outside.txt')}" was not read: it is a link that leads out of the folder.`,
    ]);
  });

  it('that lie too deep are said to be unread', async () => {
    const deep = Array.from({ length: 21 }, () => 'd');
    mkdirSync(inside(...deep), { recursive: true });
    const found = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.deepEqual(found.unread, [`"${inside(...deep)}" was not searched: it lies deeper than 20 folders.`]);
  });

  it('behind a folder that may not be searched are said to be unread', async function () {
    if (process.getuid?.() === 0) {
      this.skip(); // root may search every folder
    }
    chmodSync(inside('requirements'), 0);
    const { unread } = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    chmodSync(inside('requirements'), 0o700);
    assert.deepEqual(unread, [`"${inside('requirements')}" could not be searched (EACCES).`]);
  });

  it('are read by their byte order mark, and refused with a reason', async () => {
    const file = inside('requirements.txt');
    writeFileSync(file, Buffer.from('\ufeffsix==1.16.0\n', 'utf16le'));
    assert.deepEqual(await readRequirementFile(file), { text: 'six==1.16.0\n' });
    writeFileSync(file, Buffer.from([0x73, 0xff, 0xfe, 0x78]));
    const read = await readRequirementFile(file);
    assert.ok('error' in read);
    assert.match(read.error, /could not be read/u);
    const gone = await readRequirementFile(inside('gone.txt'));
    assert.ok('error' in gone && gone.error.includes('ENOENT'));
  });
});
