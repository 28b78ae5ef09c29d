import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { desktopExecutable } from '../../vscode/desktopExecutable.ts';

describe('desktop VS Code', () => {
  let folder: string;
  const before = { PATH: process.env['PATH'], PINWATCH_DESKTOP: process.env['PINWATCH_DESKTOP'] };

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-desktop-'));
    delete process.env['PINWATCH_DESKTOP'];
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
    for (const [key, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  });

  function file(name: string, content: string): string {
    const full = path.join(folder, name);
    mkdirSync(path.dirname(full), { recursive: true });
    writeFileSync(full, content, { mode: 0o755 });
    return full;
  }

  it('is what the script on PATH starts, links followed, and never the script', () => {
    const executable = file('share/code/code', '\u007fELF');
    const script = file('share/code/bin/code', '#!/bin/sh\n');
    mkdirSync(path.join(folder, 'bin'));
    symlinkSync(script, path.join(folder, 'bin/code'));
    process.env['PATH'] = path.join(folder, 'bin');
    assert.equal(desktopExecutable('linux'), executable);
  });

  it('is absent where `code` is a script of something else', () => {
    file('bin/code', '#!/bin/sh\n');
    process.env['PATH'] = path.join(folder, 'bin');
    assert.equal(desktopExecutable('linux'), undefined);
    file('code', '#!/bin/sh\n');
    assert.equal(desktopExecutable('linux'), undefined, 'a script beside it is no executable');
  });

  it('is found inside a bundle of macOS', () => {
    const executable = file('Code.app/Contents/MacOS/Electron', '\u00cf\u00fa');
    file('Code.app/Contents/Resources/app/bin/code', '#!/bin/sh\n');
    process.env['PATH'] = path.join(folder, 'Code.app/Contents/Resources/app/bin');
    assert.equal(desktopExecutable('darwin'), executable);
  });

  it('may be named; a script that leads nowhere is refused in words', () => {
    const executable = file('else/where', '\u007fELF');
    process.env['PINWATCH_DESKTOP'] = executable;
    assert.equal(desktopExecutable('linux'), executable);
    process.env['PINWATCH_DESKTOP'] = file('script', '#!/bin/sh\n');
    assert.throws(() => desktopExecutable('linux'), /which is a script/u);
    process.env['PINWATCH_DESKTOP'] = path.join(folder, 'absent');
    assert.throws(() => desktopExecutable('linux'), /no such file/u);
  });
});
