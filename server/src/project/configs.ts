import type { ProjectConfig } from '../core/config/projectConfig.ts';
import type { ConfigFiles } from '../engine/configFiles.ts';
import type { ProjectFiles } from './reading/files.ts';
import { reachOf } from './fixing/reach.ts';

/** The configurations that hold for the paths of a call. */
export interface ProjectConfigs {
  /** Each one once, in the order of the paths. */
  readonly all: readonly ProjectConfig[];
  /** What holds for a file: that of the path of the call it lies below, or of the first one. */
  of(path: string): ProjectConfig | undefined;
}

/** Reads the configuration of each path, or the one that was named; or says why they cannot be used, a sentence for each fault. */
export async function readConfigs(
  paths: readonly string[],
  configFiles: ConfigFiles,
  disk: ProjectFiles,
  { named, roots }: { readonly named: string | undefined; readonly roots: readonly string[] },
  signal: AbortSignal,
): Promise<ProjectConfigs | { readonly errors: readonly string[] }> {
  if (named !== undefined) {
    const config = await configFiles.named(named, signal);
    return 'error' in config ? { errors: [config.error] } : checked({ all: [config], of: () => config });
  }
  const { placeOf } = reachOf([], disk.presentFolder);
  const found: { readonly folder: string; readonly config: ProjectConfig | undefined }[] = [];
  for (const path of paths) {
    const folder = path === '-' ? '.' : (await disk.kindOf(path)) === 'folder' ? path : `${path}/..`;
    found.push({ folder: placeOf(folder), config: await configFiles.nearest(folder, roots, signal) });
  }
  const longestFirst = found.toSorted((a, b) => b.folder.length - a.folder.length);
  const byPath = new Map(found.flatMap(({ config }) => (config === undefined ? [] : [[config.path, config] as const])));
  return checked({
    all: [...byPath.values()],
    of: (path) => {
      const place = placeOf(path);
      return (longestFirst.find(({ folder }) => isBelow(place, folder)) ?? found[0])?.config;
    },
  });
}

/** A configuration that says something else than it seems to is a mistake in the call. */
function checked(configs: ProjectConfigs): ProjectConfigs | { readonly errors: readonly string[] } {
  const errors = configs.all.flatMap(({ path, problems }) =>
    problems.map(({ range, message }) => `${path}:${range.start.line + 1}:${range.start.character + 1}: ${message}`),
  );
  return errors.length > 0 ? { errors } : configs;
}

function isBelow(place: string, folder: string): boolean {
  return place === folder || place.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}
