import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Runs this very script on the Node that a checkout of Pinwatch brings along, where the present one has no SQLite (before
 * 22.13): what is kept would otherwise be lost, and there would be no local database. `undefined` where there is no need,
 * or no such Node. Resolves to the exit code.
 */
export function runOnNewerNode(): Promise<number> | undefined {
  const script = process.argv[1];
  // Node 20.15 and older lack even this function.
  const hasSqlite = (process as Partial<NodeJS.Process>).getBuiltinModule?.('node:sqlite') !== undefined;
  if (hasSqlite || script === undefined || process.send !== undefined) {
    return undefined; // whoever talks to us over a channel (`--node-ipc`) has chosen the Node
  }
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = path.resolve(realpathSync(script), '../../node_modules/node/bin', name);
  return existsSync(node) ? ended(node, [...process.execArgv, ...process.argv.slice(1)]) : undefined;
}

function ended(node: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, args, { stdio: 'inherit' });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => child.kill(signal));
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === 'SIGINT' ? 2 : 15)));
  });
}
