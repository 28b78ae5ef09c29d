import type { IgnoreList } from '../core/ignores/ignore.ts';
import type { IgnoreFiles } from '../engine/ignoreFiles.ts';
import type { ProjectFiles } from './reading/files.ts';
import type { Project } from './reading/readProject.ts';
import { reasonOf } from './reasonOf.ts';

/** The ignore lists of each file, by its path. */
export interface ProjectIgnores {
  readonly of: (path: string) => readonly IgnoreList[];
  /** In words, where not all of them were read. */
  readonly unread: readonly string[];
}

/** What is ignored in each file, by one file that was named or by those beside and above it; or why the one cannot be used. */
export async function readIgnores(
  { files }: Project,
  ignoreFiles: IgnoreFiles,
  { named, roots }: { readonly named: string | undefined; readonly roots: readonly string[] },
  signal: AbortSignal,
): Promise<ProjectIgnores | { readonly error: string }> {
  if (named !== undefined) {
    const list = await ignoreFiles.named(named, signal);
    return 'error' in list ? list : { of: () => [list], unread: [] };
  }
  const lists = new Map<string, readonly IgnoreList[]>();
  for (const { path } of files) {
    if (signal.aborted) {
      break; // nobody waits for these any more: what they would ignore counts
    }
    lists.set(path, await ignoreFiles.nearest(path, roots, signal));
  }
  return {
    of: (path) => lists.get(path) ?? [],
    unread: lists.size < files.length ? [`Ignore files were not read: ${reasonOf(signal)}`] : [],
  };
}

/** How far up ignore files and locks are looked for: the present folder, a folder that was named, the folder of a named file. */
export async function rootsOf(paths: readonly string[], disk: ProjectFiles): Promise<readonly string[]> {
  const roots = ['.'];
  for (const path of paths) {
    if (path !== '-') {
      roots.push((await disk.kindOf(path)) === 'folder' ? path : `${path}/..`);
    }
  }
  return roots;
}
