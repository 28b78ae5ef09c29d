import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type OsvService, startOsvService } from '../osv-service/osvService.ts';
import { demoRecords } from '../support/demoRecords.ts';
import { type NpmRegistry, startNpmRegistry } from '../support/npmRegistry.ts';
import { type Ended, runProgram } from '../support/runProgram.ts';
import { runCommand } from '../vscode/runCommand.ts';
import { makeGitCheckout } from './gitCheckout.ts';
import { environmentWith, newNode, nodesToTest, type NodeToTest, root } from './nodes.ts';

const tarball = path.join(root, 'dist', 'pinwatch.tgz');
const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };

describe('an installed pinwatch', function () {
  this.timeout(120_000);
  const nodes = nodesToTest();
  let folder: string;
  let service: OsvService;
  let registry: NpmRegistry;

  before(async function () {
    if (process.platform === 'win32') {
      return this.skip(); // npm is a batch file there, and started in another way
    }
    folder = mkdtempSync(path.join(os.tmpdir(), 'pinwatch-install-'));
    writeFileSync(path.join(folder, 'found.txt'), 'django==3.2.0\n');
    writeFileSync(path.join(folder, 'clean.txt'), 'six==1.16.0\n');
    service = await startOsvService({ records: [demoRecords] });
    registry = await startNpmRegistry(path.join(root, 'dist', 'npm', 'package.json'), tarball);
  });
  after(async () => {
    registry?.close();
    await service?.close();
    if (folder !== undefined) {
      rmSync(folder, { recursive: true });
    }
  });

  const emptyFolder = (): string => mkdtempSync(path.join(folder, 'empty-'));
  const emptyCache = (): NodeJS.ProcessEnv => ({ npm_config_cache: emptyFolder() });

  async function install(node: NodeToTest, args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const prefix = emptyFolder();
    await runCommand('npm', ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', ...args], {
      cwd: folder,
      env: environmentWith(node, env),
    });
    return prefix;
  }

  const run = (node: NodeToTest, prefix: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ended> =>
    runProgram(path.join(prefix, 'bin', 'pinwatch'), args, { cwd: folder, env: environmentWith(node, env) });
  const toService = (): readonly string[] => ['--osv-url', service.url, '--index-url', 'none'];

  async function finds(node: NodeToTest, prefix: string): Promise<void> {
    assert.deepEqual(await run(node, prefix, ['--version']), { code: 0, out: `${version}\n`, err: '' });
    const found = await run(node, prefix, ['scan', 'found.txt', ...toService()]);
    assert.equal(found.code, 1, found.err);
    assert.match(found.out, /CVE-2021-35042 \(critical 9\.8\)/u);
    const clean = await run(node, prefix, ['scan', 'clean.txt', ...toService()]);
    assert.deepEqual([clean.code, clean.err], [0, ''], clean.out);
  }

  for (const node of nodes) {
    describe(`on ${node.name}`, () => {
      let prefix: string;
      before(async () => {
        // Without a registry and a cache: there is nothing else to fetch.
        prefix = await install(node, ['--offline', tarball], emptyCache());
      });

      it('from a tarball is one package, whose program finds what is vulnerable', async () => {
        assert.deepEqual(readdirSync(path.join(prefix, 'lib', 'node_modules')), ['pinwatch']);
        assert.equal(existsSync(path.join(prefix, 'lib', 'node_modules', 'pinwatch', 'node_modules')), false);
        await finds(node, prefix);
      });

      it('loads its part for Redis, too', async () => {
        const env = { PINWATCH_REDIS_URL: 'redis://127.0.0.1:9', PINWATCH_CACHE_KEY: 'a key for a test, long enough' };
        const { code, err } = await run(node, prefix, ['scan', 'found.txt', ...toService()], env);
        assert.equal(code, 1, err);
        assert.match(err, /Redis at .* could not be reached|Redis/u);
        assert.doesNotMatch(err, /cannot be loaded|Cannot find module/u);
      });

      it(node.hasSqlite ? 'keeps answers on disk' : 'says once that it keeps no answers on disk', async () => {
        const { code, err } = await run(node, prefix, [
          'scan',
          'found.txt',
          '--cache-dir',
          emptyFolder(),
          ...toService(),
        ]);
        assert.equal(code, 1, err);
        assert.equal(err.match(/needs Node 22\.13 or newer/gu)?.length ?? 0, node.hasSqlite ? 0 : 1, err);
      });

      it('has no database, and a scan that needs one is incomplete', async () => {
        const { code, out } = await run(node, prefix, ['scan', 'clean.txt', '--database', emptyFolder()]);
        assert.equal(code, 3, out);
        assert.match(out, node.hasSqlite ? /There is no advisory database/u : /needs Node 22\.13 or newer/u);
      });

      it('runs by npx', async () => {
        const args = ['--yes', `pinwatch@${version}`, 'scan', 'found.txt', ...toService()];
        const env = environmentWith(node, { ...emptyCache(), npm_config_registry: registry.url });
        const { code, out, err } = await runProgram('npx', args, { cwd: folder, env });
        assert.equal(code, 1, err);
        assert.match(out, /CVE-2021-35042/u);
      });
    });
  }

  describe('from a git checkout', () => {
    let checkout: string;
    before(async () => {
      checkout = emptyFolder();
      await makeGitCheckout(checkout);
    });

    it('finds what is vulnerable on each Node, as pre-commit installs it', async () => {
      // The tools of the build come from where `npm ci` has them from: its cache, else the registry.
      const args = ['--prefer-offline', '--allow-git=root', '--install-links', `git+file://${checkout}`];
      // Images often set NODE_ENV so, and npm then leaves out the tools.
      const env = { NODE_ENV: 'production' };
      const prefixes = await Promise.all(nodes.map((node) => install(node, args, env)));
      for (const [index, node] of nodes.entries()) {
        const prefix = prefixes[index] ?? '';
        assert.deepEqual(readdirSync(path.join(prefix, 'lib', 'node_modules')), ['pinwatch']);
        await finds(node, prefix);
      }
      const [prefix = ''] = prefixes;
      const installed = path.join(prefix, 'lib', 'node_modules', 'pinwatch');
      const packed = path.join(root, 'dist', 'npm');
      assert.deepEqual(filesIn(path.join(installed, 'dist')), filesIn(path.join(packed, 'dist')));
      assert.deepEqual(shared(installed), shared(packed));
    });

    it('packs, and npm prints the name of the package alone, which older versions of pre-commit read', async () => {
      symlinkSync(path.join(root, 'node_modules'), path.join(checkout, 'node_modules'));
      const { code, out, err } = await runProgram('npm', ['pack'], { cwd: checkout, env: environmentWith(newNode) });
      assert.deepEqual([code, out], [0, `pinwatch-${version}.tgz\n`], err);
      const listed = await runCommand('tar', ['-tzf', `pinwatch-${version}.tgz`], { cwd: checkout });
      assert.deepEqual(
        listed.trim().split('\n').sort(),
        [
          'LICENSE',
          'README.md',
          'package.json',
          ...['dist', 'schemas'].flatMap((folder) =>
            filesIn(path.join(root, 'dist', 'npm', folder)).map((file) => `${folder}/${file}`),
          ),
        ]
          .map((file) => `package/${file}`)
          .sort(),
      );
    });
  });

  describe('by its script `prepare`', () => {
    const prepare = (cwd: string): Promise<Ended> =>
      runProgram('npm', ['run', '--silent', 'prepare'], { cwd, env: environmentWith(newNode) });
    const copyTo = (cwd: string, files: readonly string[]): void => {
      for (const file of files) {
        mkdirSync(path.dirname(path.join(cwd, file)), { recursive: true });
        writeFileSync(path.join(cwd, file), readFileSync(path.join(root, file)));
      }
    };

    it('is not built where only the manifest is there, as in a layer of a container image', async () => {
      const cwd = emptyFolder();
      copyTo(cwd, ['package.json']);
      assert.deepEqual(await prepare(cwd), { code: 0, out: '', err: '' });
    });

    it('is not built without tools, and says so', async () => {
      const cwd = emptyFolder();
      copyTo(cwd, ['package.json', ...['prepare', 'installBuildTools', 'runNode'].map((name) => `tools/${name}.mjs`)]);
      const { code, err } = await prepare(cwd);
      assert.equal(code, 0);
      assert.match(err, /esbuild is not installed, so the command line was not built/u);
    });

    it('fails where its build fails', async () => {
      const cwd = emptyFolder();
      copyTo(cwd, ['package.json', ...['prepare', 'installBuildTools', 'runNode'].map((name) => `tools/${name}.mjs`)]);
      mkdirSync(path.join(cwd, 'node_modules', 'esbuild'), { recursive: true });
      writeFileSync(path.join(cwd, 'esbuild.mjs'), 'throw new Error("broken");');
      const { code, err } = await prepare(cwd);
      assert.notEqual(code, 0);
      assert.match(err, /broken/u);
    });
  });
});

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.\w+$/u.test(name))
    .sort();
}

/** What the manifest of the repository and the one for npm say of the same thing. */
function shared(folder: string): object {
  const read = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Record<string, unknown>;
  const { name, version, license, bin, dependencies, optionalDependencies, peerDependencies } = read;
  const { node } = read['engines'] as { node: string };
  return { name, version, license, bin, node, dependencies, optionalDependencies, peerDependencies };
}
