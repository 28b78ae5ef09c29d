import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { discoverRequirementFiles } from '../../../../../server/src/hosts/node/files/discoverRequirementFiles.ts';
import { createProjectFiles } from '../../../../../server/src/hosts/node/files/projectFiles.ts';
import { readRequirementFile } from '../../../../../server/src/hosts/node/files/readRequirementFile.ts';
import { whereIs } from '../../../../../server/src/hosts/node/files/whereIs.ts';

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
    symlinkSync('round.txt', inside('round.txt'));
    assert.equal(await whereIs(inside('round.txt'), folders), 'unclear');
    assert.equal(await whereIs(`${inside()}-other/x.txt`, folders), 'outside'); // whether it is there is nobody's business
  });

  it('are found by their names, without what tools fill, each once', async () => {
    for (const folder of ['node_modules/x', '.venv/lib', 'myenv', 'docs', '.github', 'build', '.tox', '.git']) {
      mkdirSync(inside(folder), { recursive: true });
      writeFileSync(inside(folder, 'requirements.txt'), '');
    }
    writeFileSync(inside('myenv', 'pyvenv.cfg'), '');
    writeFileSync(inside('.venv', 'pyvenv.cfg'), '');
    writeFileSync(inside('docs', 'notes.txt'), '');
    symlinkSync(inside(), inside('docs', 'loop'));
    const { paths, unread, skipped } = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.deepEqual(
      paths.map((file) => path.relative(inside(), file)),
      [
        '.github/requirements.txt',
        'build/requirements.txt',
        'docs/requirements.txt',
        'requirements/prod/base.in',
        'requirements.txt',
      ],
    );
    assert.deepEqual(unread, []);
    assert.deepEqual(skipped, [
      { path: inside('.tox'), reason: 'a cache' }, // named, because a requirements file lies in it
      { path: inside('.venv'), reason: 'a virtual environment' },
      { path: inside('myenv'), reason: 'a virtual environment' },
      { path: inside('node_modules'), reason: 'installed packages' },
      { path: inside('docs', 'loop'), reason: 'a link to one of its parent folders' },
    ]);
    const chosen = await discoverRequirementFiles(inside(), {
      include: ['**/notes.txt'],
      exclude: ['requirements/**'],
    });
    assert.deepEqual(
      chosen.paths.map((file) => path.relative(inside(), file)),
      [
        '.github/requirements.txt',
        'build/requirements.txt',
        'docs/notes.txt',
        'docs/requirements.txt',
        'requirements.txt',
      ],
    );
  });

  it('that git ignores, or that are left out, are named as skipped, in a repository only', async () => {
    const found = async (exclude: readonly string[] = []) => {
      const { paths, skipped } = await discoverRequirementFiles(inside(), { include: [], exclude });
      return {
        paths: paths.map((file) => path.relative(inside(), file)),
        skipped: skipped.map((one) => `${path.relative(inside(), one.path)}: ${one.reason}`),
      };
    };
    for (const folder of ['gen/deep', 'kept', 'empty']) {
      mkdirSync(inside(folder), { recursive: true });
    }
    writeFileSync(inside('gen', 'deep', 'requirements.txt'), '');
    writeFileSync(inside('kept', 'requirements.txt'), '');
    writeFileSync(inside('kept', 'requirements-dev.txt'), '');
    writeFileSync(inside('.gitignore'), 'gen/\nempty/\nrequirements-dev.txt\n');
    assert.equal((await found()).skipped.length, 0, 'no repository');
    mkdirSync(inside('.git'));
    const all = await found();
    assert.deepEqual(all.skipped, ['gen: ignored by git', 'kept/requirements-dev.txt: ignored by git']);
    assert.equal(all.paths.includes('kept/requirements.txt'), true);
    writeFileSync(inside('kept', '.gitignore'), '!requirements-dev.txt\n');
    assert.deepEqual((await found()).skipped, ['gen: ignored by git']);
    assert.deepEqual((await found(['kept/requirements.txt'])).skipped, [
      'gen: ignored by git',
      'kept/requirements.txt: excluded',
    ]);
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

  it('are found below linked folders under the name of the link, as long as that stays inside', async () => {
    mkdirSync(inside('pins'));
    writeFileSync(inside('pins', 'prod.txt'), 'six\n');
    mkdirSync(inside('constraints'));
    symlinkSync(inside('pins'), inside('constraints', 'linked'));
    symlinkSync(inside('requirements'), inside('again'));
    mkdirSync(path.join(root, 'elsewhere'));
    writeFileSync(path.join(root, 'elsewhere', 'requirements.txt'), 'six\n');
    for (const name of ['shared', '.venv', 'kept']) {
      symlinkSync(path.join(root, 'elsewhere'), inside(name));
    }
    const found = await discoverRequirementFiles(inside(), { include: [], exclude: ['kept/**'] });
    assert.deepEqual(
      found.paths.map((file) => path.relative(inside(), file)),
      ['requirements/prod/base.in', 'requirements.txt', 'constraints/linked/prod.txt'],
    );
    assert.deepEqual(found.unread, [
      `"${inside('shared')}" was not searched: it is a link that leads out of the folder.`,
    ]);
    assert.deepEqual(found.skipped, [{ path: inside('.venv'), reason: 'a link that leads out of the folder' }]);
  });

  it('that end their search say so, with what was found', async () => {
    const found = await discoverRequirementFiles(inside(), { include: [], exclude: [] }, AbortSignal.abort());
    assert.deepEqual(found.unread, [`"${inside()}" was not searched to its end: the time was up.`]);
  });

  it('that lie too deep are said to be unread', async () => {
    const deep = Array.from({ length: 21 }, () => 'd');
    mkdirSync(inside(...deep), { recursive: true });
    const found = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.deepEqual(found.unread, [`"${inside(...deep)}" was not searched: it is more than 20 folders deep.`]);
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

  it('that only their contents name are said to be unread where nobody can look into them', async function () {
    if (process.getuid?.() === 0) {
      this.skip(); // root may read every file
    }
    writeFileSync(inside('tool.py'), '# /// script\n');
    chmodSync(inside('tool.py'), 0);
    const { paths, unread } = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.ok(!paths.includes(inside('tool.py')));
    assert.deepEqual(unread, [`"${inside('tool.py')}" could not be read (EACCES).`]);
  });

  it('in folders whose names are not UTF-8 are said to be unread', async function () {
    const folder = Buffer.concat([Buffer.from(inside('odd-')), Buffer.from([0xff])]);
    try {
      mkdirSync(folder);
    } catch {
      this.skip(); // such a name is not possible on every system
    }
    writeFileSync(Buffer.concat([folder, Buffer.from('/requirements.txt')]), 'six==1\n');
    const { unread } = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.deepEqual(unread, [`"${inside('odd-\uFFFD')}" could not be searched: its name is not UTF-8.`]);
    rmSync(folder, { recursive: true });
  });

  it('are there where a link to them goes in a circle, and are not read', async () => {
    symlinkSync('b.txt', inside('a.txt'));
    symlinkSync('a.txt', inside('b.txt'));
    const disk = createProjectFiles({ presentFolder: inside(), standardInput: () => process.stdin });
    assert.equal(await disk.kindOf(inside('a.txt')), 'file');
    const read = await disk.readFile(inside('a.txt'));
    assert.match('error' in read ? read.error : '', /a\.txt" could not be read \(ELOOP\)/u);
    assert.equal(await disk.kindOf(inside('gone.txt')), 'missing');
  });

  it('are found by a mark behind a long licence', async () => {
    writeFileSync(inside('tool.py'), `${'# Licensed to you.\n'.repeat(1000)}# /// script\n`);
    const { paths } = await discoverRequirementFiles(inside(), { include: [], exclude: [] });
    assert.ok(paths.includes(inside('tool.py')));
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
