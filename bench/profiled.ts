import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';

const folder = path.resolve(import.meta.dirname, '../artifacts/profiles');

/** Runs this benchmark once more with a profile of each process that ends by itself, and says where they are. */
export function runProfiled(args: readonly string[]): number {
  mkdirSync(folder, { recursive: true });
  const before = new Set(readdirSync(folder));
  const options = [process.env['NODE_OPTIONS'] ?? '', '--cpu-prof', `--cpu-prof-dir=${JSON.stringify(folder)}`];
  const { status } = spawnSync(process.execPath, [process.argv[1] ?? '', ...args], {
    stdio: 'inherit',
    env: { ...process.env, NODE_OPTIONS: options.join(' ').trim() },
  });
  const made = readdirSync(folder).filter((name) => !before.has(name));
  console.log(`${made.length} profiles in ${path.relative('.', folder)}:`);
  made.forEach((name) => console.log(`  ${name}`));
  console.log('Open one in VS Code, or in the performance panel of a browser.');
  return status ?? 1;
}
