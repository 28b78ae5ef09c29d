import { cpSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Manifest, manifestForNpm } from './npmManifest.ts';
import { runCommand } from '../test/vscode/runCommand.ts';

/**
 * Makes `dist/pinwatch.tgz`, the npm package of the command line, from what `node esbuild.mjs --release` built. It has a
 * manifest of its own: that of the repository describes the extension (`docs/decisions/0015-npm-package.md`).
 */
async function packForNpm(): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const manifest = manifestForNpm(read('package.json'), process.env);
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  for (const [from, to] of [...copied, ...globSync(bundle, { cwd: root }).map((file) => [file, file] as const)]) {
    cpSync(path.join(root, from), path.join(folder, to));
  }
  const dist = path.join(root, 'dist');
  await runCommand('npm', ['pack', '--ignore-scripts', '--pack-destination', dist], { cwd: folder });
  const { name, version } = manifest;
  renameSync(path.join(dist, `${name}-${version}.tgz`), path.join(dist, 'pinwatch.tgz'));
}

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'dist', 'npm');
/** The same files that `.npmignore` leaves of a checkout. */
const bundle = ['dist/cli.js', 'dist/cli/*.js', 'dist/cli/ThirdPartyNotices.txt'];
const copied = [
  ['npm/README.md', 'README.md'],
  ['LICENSE', 'LICENSE'],
  ['CHANGELOG.md', 'CHANGELOG.md'],
  ['schemas/pinwatch.schema.json', 'schemas/pinwatch.schema.json'],
  ['schemas/report.schema.json', 'schemas/report.schema.json'],
  ['schemas/health.schema.json', 'schemas/health.schema.json'],
  ['schemas/statistics.schema.json', 'schemas/statistics.schema.json'],
] as const;

function read(file: string): Manifest {
  return JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Manifest;
}

await packForNpm();
