import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const source = pathToFileURL(path.resolve(import.meta.dirname, '../../../server/src/main/start/compileCache.ts')).href;

describe('compiled code', () => {
  let folder: string;

  beforeEach(() => (folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pinwatch-compiled-')))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Where a process keeps it that was called as this script. */
  function keptIn(script: string): string {
    const code = `
      import { getCompileCacheDir } from 'node:module';
      const { compiledFolder, useCompileCache } = await import(${JSON.stringify(source)});
      const folder = compiledFolder(${JSON.stringify(script)});
      if (folder !== undefined) useCompileCache(folder);
      process.stdout.write(getCompileCacheDir() ?? '');`;
    const env = { ...process.env };
    delete env['NODE_COMPILE_CACHE'];
    return execFileSync(process.execPath, ['--input-type=module', '-e', code], { env, cwd: folder }).toString();
  }

  it('is kept beside the program, where the build made a folder for it', () => {
    writeFileSync(path.join(folder, 'cli.js'), '');
    const compiled = path.join(folder, 'cli', 'compiled');
    mkdirSync(compiled, { recursive: true });
    for (const script of ['cli.js', 'cli']) {
      const kept = keptIn(path.join(folder, script));
      assert.ok(kept.startsWith(compiled + path.sep), kept);
    }
  });

  it('is kept nowhere else: not in a folder of a project, not where there is no such folder', () => {
    mkdirSync(path.join(folder, 'cli', 'compiled'), { recursive: true });
    assert.equal(keptIn(''), '');
    assert.equal(keptIn(path.join(folder, 'elsewhere', 'cli.js')), '');
  });
});
