import path from 'node:path';
import { brokenConfig, decodeConfig, type ProjectConfig, pyprojectName } from '../../../core/config/projectConfig.ts';
import type { ConfigFiles } from '../../../engine/configFiles.ts';
import { parseToml } from '../../../core/text/toml/parseToml.ts';
import {
  foldersUpwards,
  isWithin,
  readIgnoreFile,
  type ReadIgnoreFile,
  type ReadIgnoreOptions,
} from './ignoreFiles.ts';
import { isRepositoryRoot } from './repositoryOf.ts';
import { shownPath } from './shownPath.ts';

export interface ConfigFilesOptions {
  /** Relative paths are those of this folder, and what lies in it is shown relative to it; without it all are absolute. */
  readonly presentFolder?: string;
  readonly read?: (path: string, options: ReadIgnoreOptions) => Promise<ReadIgnoreFile>;
  /** Whether a folder is the root of a repository. */
  readonly isRepository?: (folder: string) => Promise<boolean>;
}

/** The name of the file that is about Pinwatch alone. */
export const configName = 'pinwatch.toml';

/** Reads each configuration once: for one scan, not for a session. */
export function createConfigFiles({
  presentFolder,
  read = readIgnoreFile,
  isRepository = isRepositoryRoot,
}: ConfigFilesOptions): ConfigFiles {
  const configs = new Map<string, Promise<ProjectConfig | undefined>>();
  const repositories = new Map<string, Promise<boolean>>();
  const resolve = (file: string): string => path.resolve(presentFolder ?? '', file);
  const load = (absolute: string, options: ReadIgnoreOptions): Promise<ProjectConfig | undefined> => {
    const known = configs.get(absolute);
    if (known !== undefined) {
      return known;
    }
    const config = read(absolute, options).then((found) => decode(shownPath(absolute, presentFolder), found));
    configs.set(absolute, config);
    return config;
  };
  const isRoot = (folder: string): Promise<boolean> => {
    const known = repositories.get(folder) ?? isRepository(folder);
    repositories.set(folder, known);
    return known;
  };
  /** The folder and those above it that may say something about it. */
  const chainOf = async (folder: string, roots: readonly string[]): Promise<readonly string[]> => {
    const all = foldersUpwards(folder).slice(0, mostFolders);
    for (const [at, one] of all.entries()) {
      if (await isRoot(one)) {
        return all.slice(0, at + 1);
      }
    }
    return all.filter((one) => roots.some((root) => isWithin(one, root)));
  };
  return {
    nearest: async (folder, roots, signal) => {
      const chain = await chainOf(resolve(folder), roots.map(resolve));
      const within = chain.slice(-1);
      const found: ProjectConfig[] = [];
      for (const one of chain) {
        const options = { within, signal };
        const config =
          (await load(path.join(one, configName), options)) ?? (await load(path.join(one, pyprojectName), options));
        if (config !== undefined) {
          found.push(config);
        }
      }
      const [first] = found;
      const privatePackages = [...new Set(found.flatMap((one) => one.privatePackages))];
      const hidesPrivacy = found.some((one) => one.hidesPrivacy);
      return first === undefined ? undefined : { ...first, privatePackages, hidesPrivacy };
    },
    named: async (file, signal) => {
      const absolute = resolve(file);
      const found = await read(absolute, { signal });
      if ('kind' in found && found.kind === 'missing') {
        return { error: `there is no configuration file "${file}"` };
      }
      if ('error' in found) {
        return { error: `"${file}" could not be read: ${found.error}` };
      }
      return decode(shownPath(absolute, presentFolder), found) ?? { error: `"${file}" has no [tool.pinwatch]` };
    },
  };
}

// Deeper than any repository is.
const mostFolders = 50;

function decode(shown: string, found: ReadIgnoreFile): ProjectConfig | undefined {
  if ('error' in found) {
    // Other programs keep theirs in pyproject.toml: a device or a link to elsewhere is not about Pinwatch. What the system
    // did not hand out this time may say what is private.
    return path.basename(shown) === pyprojectName && found.mayPass !== true
      ? undefined
      : brokenConfig(shown, `${shown} could not be read: ${found.error}.`);
  }
  return found.kind === 'missing'
    ? undefined
    : decodeConfig(shown, path.basename(shown) === pyprojectName, found.text, parseToml(found.text));
}
