import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './runNode.mjs';

/** esbuild, and what it puts into the command line. */
const needed = ['ae-cvss-calculator', 'esbuild', 'ioredis', 'lru-cache', 'p-limit', 'smol-toml', 'undici'];

/**
 * Installs what the build of the command line needs into `root`, and nothing else of the many tools: in the versions of the
 * lock file, checked against its hashes, without running a script of theirs. Throws where that fails.
 * @param {string} root a checkout without node_modules
 */
export function installBuildTools(root) {
  const npm = process.env.npm_execpath;
  if (npm === undefined) {
    throw new Error('npm does not say where it is (npm_execpath), so the tools of the build cannot be installed.');
  }
  const read = (name) => JSON.parse(readFileSync(path.join(root, name), 'utf8'));
  const { name, version, devDependencies } = read('package.json');
  const lock = read('package-lock.json');
  const manifest = {
    name,
    version,
    dependencies: Object.fromEntries(needed.map((one) => [one, devDependencies[one]])),
  };
  const packages = { ...lock.packages, '': manifest };

  const folder = path.join(root, '.build', 'tools');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
  const ofInstall = /^npm_config_(global|location|prefix|omit|include|local_prefix)$/iu;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !ofInstall.test(key)));
  const options = ['--no-global', '--ignore-scripts', '--no-audit', '--no-fund'];
  runNode([npm, 'ci', ...options], { cwd: folder, env });
  renameSync(path.join(folder, 'node_modules'), path.join(root, 'node_modules'));
  rmSync(folder, { recursive: true });
}
