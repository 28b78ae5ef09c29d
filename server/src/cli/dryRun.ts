import { unifiedDiff } from '../core/fixes/unifiedDiff.ts';
import { maskSecrets } from '../core/text/maskSecrets.ts';
import type { ProjectFiles } from '../project/reading/files.ts';

/** Files that are read as they are and not written: what was to be changed is a diff. */
export interface DryRun {
  readonly disk: ProjectFiles;
  readonly diff: string;
}

export function dryRun(disk: ProjectFiles): DryRun {
  const diffs: string[] = [];
  return {
    disk: {
      presentFolder: disk.presentFolder,
      kindOf: (path) => disk.kindOf(path),
      readFile: (path, options) => disk.readFile(path, options),
      discover: (folder, signal, choice) => disk.discover(folder, signal, choice),
      installedIn: (folder, signal) => disk.installedIn(folder, signal),
      changeFile: (path, oldText, newText) => {
        diffs.push(unifiedDiff(path.replaceAll('\\', '/').replace(/^(?:\.\/)+|^\/+/u, ''), oldText, newText));
        return Promise.resolve({ kind: 'changed' });
      },
    },
    get diff() {
      return maskSecrets(diffs.join(''));
    },
  };
}
