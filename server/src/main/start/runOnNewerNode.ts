import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * Runs this very script on the Node that a checkout of Pinwatch brings along, where the present one has no SQLite (before
 * 22.13): what is kept would otherwise be lost, and there would be no local database. Resolves to the exit code;
 * to `undefined` where that Node does not start, and this one has to do. `undefined` where there is no need, or no such Node.
 */
export function runOnNewerNode(): Promise<number | undefined> | undefined {
  const script = process.argv[1];
  // Node 20.15 and older lack even this function.
  const hasSqlite = (process as Partial<NodeJS.Process>).getBuiltinModule?.('node:sqlite') !== undefined;
  if (hasSqlite || script === undefined || process.send !== undefined) {
    return undefined; // the one who talks to us over a channel (`--node-ipc`) has chosen the Node
  }
  const node = broughtAlong(script);
  // Without SQLite itself (`--no-experimental-sqlite`) it would start one after the other.
  return node === undefined || node === realpathSync(process.execPath)
    ? undefined
    : ended(node, [...process.execArgv, ...process.argv.slice(1)]);
}

/** `script` as Node was called with it, so perhaps without its ending. */
function broughtAlong(script: string): string | undefined {
  const file = [script, `${script}.js`].find(existsSync);
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  const node = file === undefined ? '' : path.resolve(realpathSync(file), '../../node_modules/node/bin', name);
  return existsSync(node) ? realpathSync(node) : undefined;
}

/** What it takes is loaded here, since most runs need none of it. */
async function ended(node: string, args: readonly string[]): Promise<number | undefined> {
  const { spawn } = await import('node:child_process');
  const { constants } = await import('node:os');
  return new Promise((resolve) => {
    const child = spawn(node, args, { stdio: 'inherit' });
    const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
    const passed = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
    passed.forEach((signal) => process.on(signal, pass));
    child.once('error', () => {
      // Made for another system, as where there is no glibc.
      passed.forEach((signal) => process.off(signal, pass));
      resolve(undefined);
    });
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
