import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** A Node of this machine that has no SQLite; `undefined` where there is none. */
export function olderNode(): string | undefined {
  const candidates = (process.env['PATH'] ?? '').split(path.delimiter).map((folder) => path.join(folder, 'node'));
  const script = "process.exit(process.getBuiltinModule?.('node:sqlite') === undefined ? 0 : 1)";
  return candidates.filter(existsSync).find((node) => {
    try {
      execFileSync(node, ['-e', script]);
      return true;
    } catch {
      return false;
    }
  });
}
