import { chmodSync, mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Makes the folder and those above it that are missing, each for this user alone, whatever the umask is. Throws what the
 * system says. Not `mkdirSync` with `recursive`: below `/proc`, where nothing can be made, that never returns.
 */
export function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = path.resolve(folder); !exists(at); at = path.dirname(at)) {
    missing.push(at);
    if (at === path.dirname(at)) {
      break;
    }
  }
  if (missing.length === 0 && !isFolder(folder)) {
    missing.push(folder); // making it fails, with the reason
  }
  for (const one of missing.reverse()) {
    try {
      mkdirSync(one, { mode: ownFolder });
      chmodSync(one, ownFolder);
    } catch (error) {
      if (!isFolder(one)) {
        throw error; // otherwise another process was quicker
      }
    }
  }
}

const ownFolder = 0o700;

function isFolder(at: string): boolean {
  return statSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function exists(at: string): boolean {
  return statSync(at, { throwIfNoEntry: false }) !== undefined;
}
