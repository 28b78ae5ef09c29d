import { globMatcher } from '../../core/text/patterns/glob.ts';
import type { ProjectFiles } from './files.ts';

/** The paths of a call with the files that globs among them stand for; a glob that fits nothing stays, and is missing then. */
export async function expandGlobs(
  paths: readonly string[],
  disk: ProjectFiles,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const all: string[] = [];
  for (const path of paths) {
    const isGlob = /[*?{]/u.test(path) && (await disk.kindOf(path)) === 'missing';
    const found = isGlob ? await filesOf(path.replaceAll('\\', '/'), disk, signal) : [];
    all.push(...(found.length > 0 ? found : [path]));
  }
  return all;
}

async function filesOf(glob: string, disk: ProjectFiles, signal: AbortSignal): Promise<readonly string[]> {
  const parts = glob.split('/');
  const first = parts.findIndex((part) => /[*?{]/u.test(part));
  const folder = parts.slice(0, first).join('/') || (glob.startsWith('/') ? '/' : '.');
  const pattern = parts.slice(first).join('/');
  if ((await disk.kindOf(folder)) !== 'folder') {
    return [];
  }
  const fits = globMatcher(pattern);
  const { paths } = await disk.discover(folder, signal, { include: [pattern], exclude: [] });
  const start = folder === '.' ? '' : folder.endsWith('/') ? folder : `${folder}/`;
  return paths.filter((path) => {
    const slashed = path.replaceAll('\\', '/').replace(/^\.\//u, '');
    return fits(slashed.startsWith(start) ? slashed.slice(start.length) : slashed);
  });
}
