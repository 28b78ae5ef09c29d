import type { ScanReport } from '../core/report/scanReport.ts';
import { reachOf } from '../project/fixing/reach.ts';
import type { CliIo } from './io.ts';

/** Says a path in one way, whatever was typed. */
export type PathBelow = (path: string) => string;

/**
 * The paths of a report below the root of the repository that all of its files lie in; else below the present folder. A
 * repository within that of the present folder, such as a submodule, is a part of it: two files never get one path.
 */
export async function repositoryPaths(
  { files, ignoreFiles = [] }: ScanReport,
  io: Pick<CliIo, 'repositoryOf' | 'presentFolder'>,
): Promise<PathBelow> {
  const { placeOf } = reachOf([], io.presentFolder);
  const presentRoot = await io.repositoryOf(io.presentFolder);
  const folders = new Set(
    [...files, ...ignoreFiles].flatMap(({ path }) => (path === '-' ? [] : [folderOf(placeOf(path))])),
  );
  const roots = new Set<string | undefined>();
  for (const folder of folders) {
    const isPresent = presentRoot !== undefined && cut(`${folder}/`, presentRoot) !== undefined;
    roots.add(isPresent ? presentRoot : await io.repositoryOf(folder));
  }
  const [root] = roots;
  return pathBelow(placeOf, [...(roots.size === 1 && root !== undefined ? [root] : []), io.presentFolder]);
}

/** The same for the paths of another report, which may name other files: those of the present folder's repository. */
export async function presentPaths(io: Pick<CliIo, 'repositoryOf' | 'presentFolder'>): Promise<PathBelow> {
  const { placeOf } = reachOf([], io.presentFolder);
  const root = await io.repositoryOf(io.presentFolder);
  return pathBelow(placeOf, [...(root === undefined ? [] : [root]), io.presentFolder]);
}

/** Below the first of these folders that it lies in; as it is where it lies in none. */
function pathBelow(placeOf: (path: string) => string, folders: readonly string[]): PathBelow {
  return (path) => {
    const place = placeOf(path);
    const cuts = path === '-' ? [] : folders.map((folder) => cut(place, folder));
    return cuts.find((one) => one !== undefined) ?? path;
  };
}

function cut(place: string, folder: string): string | undefined {
  const root = folder.replaceAll('\\', '/');
  const start = root.endsWith('/') ? root : `${root}/`;
  return place.replaceAll('\\', '/').startsWith(start) ? place.slice(start.length) : undefined;
}

function folderOf(place: string): string {
  return place.replace(/[\\/][^\\/]*$/u, '') || '/';
}
