import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from '../support/runProgram.ts';
import { environmentWith, newNode, root } from './nodes.ts';

interface Instruction {
  readonly name: string;
  readonly value: string;
}

describe('the Dockerfile', function () {
  this.timeout(600_000); // where it is built, its base has to be fetched
  const instructions = readInstructions(readFileSync(path.join(root, 'Dockerfile'), 'utf8'));
  const valuesOf = (name: string): readonly string[] =>
    instructions.filter((one) => one.name === name).map(({ value }) => value);

  it('names its base by an exact version or a digest, one that has SQLite', () => {
    const bases = valuesOf('FROM');
    assert.ok(bases.length > 0);
    for (const base of bases) {
      assert.match(base, /^node:\d+\.\d+\.\d+-[a-z0-9.-]+(@sha256:[0-9a-f]{64})?( AS \w+)?$/u);
      const [major = 0, minor = 0] = (/:(\d+)\.(\d+)/u.exec(base) ?? []).slice(1).map(Number);
      assert.ok(major > 22 || (major === 22 && minor >= 13), base);
    }
  });

  it('runs as a user of its own, the program alone', () => {
    const last = instructions.slice(instructions.findLastIndex(({ name }) => name === 'FROM'));
    assert.deepEqual(
      last.filter(({ name }) => name === 'USER').map(({ value }) => value),
      ['1000:1000'],
    );
    assert.deepEqual(valuesOf('ENTRYPOINT'), ['["pinwatch"]']);
    // Nothing is changed in the image after that.
    const afterUser = last.slice(last.findIndex(({ name }) => name === 'USER') + 1).map(({ name }) => name);
    assert.deepEqual(afterUser, ['WORKDIR', 'ENTRYPOINT', 'CMD']);
  });

  it('fetches nothing but what the lock file has, and runs no script of it', () => {
    assert.deepEqual(valuesOf('ADD'), []);
    assert.deepEqual(
      valuesOf('RUN').filter((run) => /\b(curl|wget|apt|npm|npx|yarn)\b/u.test(run)),
      ['npm ci --ignore-scripts --no-audit --no-fund'],
    );
  });

  it('can be built from what .dockerignore leaves', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-image-'));
    try {
      const lines = readFileSync(path.join(root, '.dockerignore'), 'utf8').trim().split('\n');
      assert.equal(lines[0], '*');
      for (const line of lines.slice(1)) {
        const [, kept = ''] = /^!(.+)$/u.exec(line) ?? assert.fail(line);
        mkdirSync(path.dirname(path.join(folder, kept)), { recursive: true });
        cpSync(path.join(root, kept), path.join(folder, kept), { recursive: true });
      }
      symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
      const build = valuesOf('RUN').find((run) => run.startsWith('node ')) ?? '';
      const [, ...args] = build.split(' ');
      const options = { cwd: folder, env: environmentWith(newNode) };
      const { code, err } = await runProgram('node', args, options);
      assert.equal(code, 0, err);
      for (const copied of valuesOf('COPY').flatMap(
        (value) => /^--from=build \/build\/(\S+)/u.exec(value)?.[1] ?? [],
      )) {
        cpSync(path.join(folder, copied), path.join(folder, 'image', copied), { recursive: true });
      }
      const started = await runProgram('node', ['image/dist/cli.js', 'scan', '--osv-url'], options);
      assert.deepEqual([started.code, /Unknown|missing|argument/iu.test(started.err)], [2, true], started.err);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('builds, where there is a builder', async function () {
    const options = { cwd: root, env: process.env };
    const docker = (...args: string[]) =>
      runProgram('docker', args, options).catch(() => ({ code: -1, out: '', err: '' }));
    const bases = new Set(valuesOf('FROM').map((base) => base.split(' ')[0] ?? ''));
    const canBuild = (await docker('version')).code === 0;
    const pulled = canBuild ? await Promise.all([...bases].map((base) => docker('pull', '--quiet', base))) : [];
    if (!canBuild || pulled.some(({ code }) => code !== 0)) {
      console.log(`      skipped: ${canBuild ? 'its base cannot be fetched' : 'there is no builder'} on this machine`);
      return this.skip();
    }
    const tag = 'pinwatch-test:latest';
    const built = await docker('build', '--tag', tag, '.');
    assert.equal(built.code, 0, built.err);
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    assert.equal((await docker('run', '--rm', tag, '--version')).out, `${version}\n`);
    assert.equal((await docker('run', '--rm', '--entrypoint', 'id', tag, '-u')).out, '1000\n');
  });
});

function readInstructions(text: string): readonly Instruction[] {
  const lines = text.replaceAll(/\\\n\s*/gu, ' ').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', value = ''] = /^(\w+)\s+(.+)$/u.exec(line) ?? [];
      return { name, value };
    });
}
