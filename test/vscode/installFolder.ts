import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/**
 * A folder to install into, beside the one it becomes, so that the rename stays on one disk. It tells in its name whose
 * it is, so that a later run can clear away what a killed one left.
 */
export function makePartial(target: string): string {
  mkdirSync(path.dirname(target), { recursive: true });
  return mkdtempSync(`${target}${partialMark}${os.hostname()}-${process.pid}-`);
}

const partialMark = '.partial-';

/** Removes what killed installs of this target left on this machine. Those still running, or of other machines, stay. */
export function removeAbandoned(target: string): void {
  const folder = path.dirname(target);
  const prefix = `${path.basename(target)}${partialMark}${os.hostname()}-`;
  for (const name of readdirSync(folder).filter((one) => one.startsWith(prefix))) {
    const pid = Number(/^\d+/u.exec(name.slice(prefix.length))?.[0]);
    if (Number.isInteger(pid) && !isRunning(pid)) removeFolder(path.join(folder, name));
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'; // there, but not ours
  }
}

/**
 * Makes a finished folder the target. A whole one that is there already stays, whoever made it; a broken one gives way.
 * `isWhole` judges a folder.
 */
export function moveIntoPlace(partial: string, target: string, isWhole: (folder: string) => boolean): void {
  // Each round that ends without a result means that another process moved something in between.
  for (let round = 0; round < 10; round++) {
    if (tryRename(partial, target) || isWhole(target)) return;
    const aside = `${partial}.replaced`;
    if (!tryRename(target, aside)) continue;
    if (isWhole(aside)) tryRename(aside, target); // finished by another process since we looked
    removeFolder(aside);
  }
  throw new Error(`${target} cannot be replaced: other processes keep changing it.`);
}

/** False where the target is taken or the source has gone; a rename never overwrites a folder with something in it. */
function tryRename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' || code === 'ENOENT') return false;
    throw error;
  }
}

/** As far as it goes: what a killed run started may still write there. */
export function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 100 });
  } catch {
    // The next run tries again.
  }
}
