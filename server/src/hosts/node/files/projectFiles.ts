import { stat } from 'node:fs/promises';
import type { ProjectFiles, ReadFile } from '../../../project/reading/files.ts';
import { readInstalledPackages } from '../locks/installedPackages.ts';
import { changeFile } from './write/changeFile.ts';
import { discoverRequirementFiles } from './discoverRequirementFiles.ts';
import { errorCode } from './errorCode.ts';
import type { ListedFolders } from './listedFolders.ts';
import { failed, loadErrorOf, tooLarge } from './loader.ts';
import { rememberedFolders } from './rememberedFolders.ts';
import { readStream } from './readStream.ts';
import { decodeRequirementFile, mostRequirementBytes, readRequirementFile, unreadFile } from './readRequirementFile.ts';

export interface ProjectFilesOptions {
  readonly presentFolder: string;
  /** What the path `-`, and the system's other names for it, are read from; opened only then. */
  readonly standardInput: () => NodeJS.ReadStream;
  /** Where a search notes what it sees. */
  readonly listed?: ListedFolders;
}

/** The files of this machine, by their paths. */
export function createProjectFiles({ presentFolder, standardInput, listed }: ProjectFilesOptions): ProjectFiles {
  const realFoldersOf = rememberedFolders();
  return {
    presentFolder,
    kindOf: async (path) => {
      try {
        return (await stat(path)).isDirectory() ? 'folder' : 'file';
      } catch (error) {
        // What is there and cannot be looked at is for the one who reads it to say.
        return ['ENOENT', 'ENOTDIR'].includes(errorCode(error)) ? 'missing' : 'file';
      }
    },
    readFile: (path, options) =>
      isStandardInput(path)
        ? readStandardInput(standardInput(), options?.signal)
        : readRequirementFile(path, { ...options, realFoldersOf }),
    discover: (folder, signal, choice = { include: [], exclude: [] }) =>
      discoverRequirementFiles(folder, choice, signal, listed),
    installedIn: readInstalledPackages,
    changeFile,
  };
}

/** By any of its names: a socket cannot be opened by one. */
function isStandardInput(path: string): boolean {
  return ['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'].includes(path);
}

async function readStandardInput(input: NodeJS.ReadStream, signal: AbortSignal | undefined): Promise<ReadFile> {
  const bytes = await readStream(input, { mostBytes: mostRequirementBytes, signal }).catch((error: unknown) =>
    loadErrorOf(error, signal),
  );
  const loaded = bytes ?? failed('tooLarge', tooLarge(mostRequirementBytes));
  if ('error' in loaded) {
    return unreadFile('standard input', loaded.error);
  }
  return decodeRequirementFile(loaded, 'standard input');
}
