import { spawnSync } from 'node:child_process';

/**
 * Runs a script on this Node and throws where it fails. Standard output is left to npm: older versions of pre-commit read
 * the name of a package from it.
 * @param {readonly string[]} args
 * @param {{ readonly cwd: string, readonly env?: NodeJS.ProcessEnv }} options
 */
export function runNode(args, options) {
  const { status, error } = spawnSync(process.execPath, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) {
    throw error ?? new Error(`${args.join(' ')} ended with ${status}.`);
  }
}
