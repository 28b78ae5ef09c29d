import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runNode } from './runNode.mjs';

/** esbuild, and what it puts into the command line. A package that is missing here fails the stage `install` of `npm test`. */
const needed = ['ae-cvss-calculator', 'esbuild', 'ioredis', 'lru-cache', 'p-limit', 'undici', 'vscode-uri'];

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
  const packages = { '': manifest, ...withTheirDependencies(lock.packages, needed) };

  const folder = path.join(root, '.build', 'tools');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'package-lock.json'), JSON.stringify({ ...lock, packages }));
  const ofInstall = /^npm_config_(global|location|prefix|omit|include|local_prefix)$/iu;
  const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !ofInstall.test(key)));
  const options = ['--no-global', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'];
  runNode([npm, 'ci', ...options], { cwd: folder, env });
  renameSync(path.join(folder, 'node_modules'), path.join(root, 'node_modules'));
  rmSync(folder, { recursive: true });
}

/**
 * Of the packages of a lock file the named ones and all that they depend on. npm 10 installs whatever a lock file has.
 * @param {Record<string, any>} packages
 * @param {readonly string[]} names
 */
function withTheirDependencies(packages, names) {
  const found = new Map();
  const visit = (name, dependent) => {
    const place = nearestPlace(packages, name, dependent);
    if (place !== undefined && !found.has(place)) {
      found.set(place, packages[place]);
      const { dependencies = {}, optionalDependencies = {} } = packages[place];
      Object.keys({ ...dependencies, ...optionalDependencies }).forEach((one) => visit(one, place));
    }
  };
  names.forEach((name) => visit(name, ''));
  return Object.fromEntries(found);
}

/** Where Node finds a package: in the `node_modules` of its dependent, else of a folder above. */
function nearestPlace(packages, name, dependent) {
  const place = `${dependent}${dependent === '' ? '' : '/'}node_modules/${name}`;
  if (place in packages) {
    return place;
  }
  const above = dependent.lastIndexOf('/node_modules/');
  return dependent === '' ? undefined : nearestPlace(packages, name, above < 0 ? '' : dependent.slice(0, above));
}
