import type { PartsClock } from '../engine/operations/partsClock.ts';
import type { ProjectFiles } from '../project/reading/files.ts';

/** What the disk takes of a scan. */
export const readingParts = ['discover', 'read'] as const;

export type ReadingPart = (typeof readingParts)[number];

/** The same files; how long they are waited for is counted. */
export function timedFiles(disk: ProjectFiles, times: Pick<PartsClock<ReadingPart>, 'time'>): ProjectFiles {
  return {
    presentFolder: disk.presentFolder,
    kindOf: (path) => times.time('discover', () => disk.kindOf(path)),
    readFile: (path, options) => times.time('read', () => disk.readFile(path, options)),
    discover: (folder, signal, choice) => times.time('discover', () => disk.discover(folder, signal, choice)),
    installedIn: (folder, signal) => times.time('read', () => disk.installedIn(folder, signal)),
    changeFile: (path, oldText, newText, within) => disk.changeFile(path, oldText, newText, within),
  };
}
