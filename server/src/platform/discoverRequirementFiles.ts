import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isRequirementPath, type PathChoice } from '../core/requirements/isRequirementPath.ts';
import { whereIs } from './whereIs.ts';
import { errorCode } from './errorCode.ts';

export interface Discovery {
  /** Paths that start with the root, in a stable order. */
  readonly paths: readonly string[];
  /** What was not looked through and may hold requirement files, and why, in words for people. */
  readonly unread: readonly string[];
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
  const unread: string[] = [];
  let entries = 0;
  const walk = async (folder: string, depth: number): Promise<void> => {
    signal?.throwIfAborted();
    const listed = await list(folder);
    if ('error' in listed) {
      unread.push(listed.error);
      return;
    }
    if (depth > 0 && listed.entries.some((entry) => entry.name === 'pyvenv.cfg')) {
      return; // a virtual environment by any name
    }
    for (const entry of listed.entries) {
      if (++entries > mostEntries) {
        return;
      }
      const full = path.join(folder, entry.name);
      const relative = path.relative(root, full).split(path.sep).join('/');
      if (entry.isFile() && isRequirementPath(relative, choice)) {
        paths.push(full);
      } else if (entry.isSymbolicLink() && isRequirementPath(relative, choice)) {
        const target = await targetOf(full, root);
        if (target === 'file') {
          paths.push(full);
        } else if (target !== 'folder') {
          unread.push(`"${full}" was not read: it is a link that leads ${target}.`);
        }
      } else if (entry.isDirectory() && !entry.name.startsWith('.') && !leftOut.has(entry.name)) {
        if (depth < mostDepth) {
          await walk(full, depth + 1);
        } else {
          unread.push(`"${full}" was not searched: it lies deeper than ${mostDepth} folders.`);
        }
      }
    }
  };
  await walk(root, 0);
  if (entries > mostEntries) {
    unread.push(`"${root}" was not searched to its end: it holds more than ${mostEntries} files and folders.`);
  }
  return { paths, unread };
}

async function list(folder: string): Promise<{ readonly entries: readonly Dirent[] } | { readonly error: string }> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return { entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) };
  } catch (error) {
    const code = errorCode(error) || String(error);
    // Taken away meanwhile: it holds nothing.
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { entries: [] }
      : { error: `"${folder}" could not be searched (${code}).` };
  }
}

/** A stranger's project must not bring in any file of the machine, so a link is followed only within the root. */
async function targetOf(link: string, root: string): Promise<'file' | 'folder' | 'out of the folder' | 'nowhere'> {
  switch (await whereIs(link, [root])) {
    case 'inside': {
      const target = await stat(link).catch(() => undefined); // it may be gone meanwhile
      return target === undefined ? 'nowhere' : target.isFile() ? 'file' : 'folder';
    }
    case 'outside':
      return 'out of the folder';
    case 'missing':
      return 'nowhere';
  }
}
