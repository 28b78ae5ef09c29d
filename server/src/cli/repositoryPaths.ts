import type { ScanReport } from '../core/report/scanReport.ts';
import { reachOf } from '../project/reach.ts';
import type { CliIo } from './io.ts';

/** Says a path as it is below the root of its repository, or below the present folder; whatever was typed. */
export type PathBelow = (path: string) => string;

/** For all paths of a report, each repository looked for once. */
export async function repositoryPaths(
  { files, ignoreFiles = [] }: ScanReport,
  io: Pick<CliIo, 'repositoryOf' | 'presentFolder'>,
): Promise<PathBelow> {
  const { placeOf } = reachOf([], io.presentFolder);
  const roots = new Map<string, string | undefined>();
  for (const { path } of [...files, ...ignoreFiles]) {
    const folder = folderOf(placeOf(path));
    if (path !== '-' && !roots.has(folder)) {
      roots.set(folder, await io.repositoryOf(folder));
    }
  }
  return pathBelow(placeOf, (place) => roots.get(folderOf(place)), io.presentFolder);
}

/** The same for paths of another report, which may name other files: those of the present folder's repository. */
export async function presentPaths(io: Pick<CliIo, 'repositoryOf' | 'presentFolder'>): Promise<PathBelow> {
  const { placeOf } = reachOf([], io.presentFolder);
  const root = await io.repositoryOf(io.presentFolder);
  return pathBelow(placeOf, () => root, io.presentFolder);
}

function pathBelow(
  placeOf: (path: string) => string,
  rootOf: (place: string) => string | undefined,
  presentFolder: string,
): PathBelow {
  return (path) => {
    if (path === '-') {
      return path;
    }
    const place = placeOf(path);
    for (const root of [rootOf(place), presentFolder]) {
      const below = root === undefined ? undefined : cut(place, root.replaceAll('\\', '/'));
      if (below !== undefined) {
        return below;
      }
    }
    return path;
  };
}

function cut(place: string, root: string): string | undefined {
  const start = root.endsWith('/') ? root : `${root}/`;
  return place.replaceAll('\\', '/').startsWith(start) ? place.slice(start.length) : undefined;
}

function folderOf(place: string): string {
  return place.replace(/[\\/][^\\/]*$/u, '') || '/';
}
