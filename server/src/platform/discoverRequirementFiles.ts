import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isRequirementPath, type PathChoice } from '../core/requirements/isRequirementPath.ts';

export interface Discovery {
  /** Paths that start with the root, in a stable order. */
  readonly paths: readonly string[];
  /** There was more than is looked through. */
  readonly truncated: boolean;
}

// Generous for a monorepo, and an end for a home folder that was opened by mistake.
const mostEntries = 200_000;
const mostDepth = 20;

// What package managers and tools fill, not people.
const leftOut = new Set(['node_modules', 'site-packages', '__pycache__', 'venv', 'env', 'virtualenv', 'dist', 'build']);

/** Requirement files below a folder. Hidden folders, virtual environments and links to folders are not entered. */
export async function discoverRequirementFiles(
  root: string,
  choice: PathChoice,
  signal?: AbortSignal,
): Promise<Discovery> {
  const paths: string[] = [];
  let entries = 0;
  let truncated = false;
  const walk = async (folder: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const found = await list(folder);
    if (depth > 0 && found.some((entry) => entry.name === 'pyvenv.cfg')) {
      return; // a virtual environment by any name
    }
    for (const entry of found) {
      if (++entries > mostEntries) {
        truncated = true;
        return;
      }
      const full = path.join(folder, entry.name);
      const relative = path.relative(root, full).split(path.sep).join('/');
      if (entry.isFile() && isRequirementPath(relative, choice)) {
        paths.push(full);
      } else if (entry.isDirectory() && !entry.name.startsWith('.') && !leftOut.has(entry.name)) {
        truncated ||= depth >= mostDepth;
        if (depth < mostDepth) {
          await walk(full, depth + 1);
        }
      }
    }
  };
  await walk(root, 0);
  return { paths, truncated };
}

async function list(folder: string): Promise<readonly Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return []; // a folder that may not be read holds nothing that we could check
  }
}
