import { type FileId, fileId, nameOf, shownBelow } from '../../project/fileId.ts';
import type { RaisingPlace } from '../../project/raising/adviseRaise.ts';
import type { RaisingSource } from '../../project/raising/raiseScope.ts';
import type { FileSnapshot } from '../../project/workspace/fileSnapshot.ts';
import type { Session } from '../session.ts';

/** The locks, compiled files and environments of these files, by the paths that a report has for them. */
export function raisingPlaces(
  files: readonly FileSnapshot[],
  { workspace, locks, raises }: Pick<Session, 'workspace' | 'locks' | 'raises'>,
): (path: string) => RaisingPlace | undefined {
  const sources = new Map<string, RaisingSource>();
  const add = (id: FileId, source: RaisingSource): void => {
    const path = shownBelow(workspace.folders, id);
    if (!sources.has(path)) sources.set(path, source);
  };
  for (const { id } of files) {
    for (const source of locks.known.get(id) ?? []) {
      const { tree, installed } = source;
      const uri = installed?.uri ?? tree?.uri;
      if (tree !== undefined && uri !== undefined) add(fileId(uri), { ...source, tree });
    }
  }
  for (const { id, file } of files) {
    const { kind, compiled } = file;
    if (kind.lockAgain === undefined && compiled === undefined) continue;
    const own = { kind: compiled === undefined ? 'lock' : 'compiled', source: nameOf(id) } as const;
    // Whatever declares what it holds is not among the files.
    add(id, { ...own, versions: new Map(), tree: { packages: [] }, ...(compiled && { compiled }) });
  }
  const places = new Map<string, RaisingPlace>();
  return (path) => {
    const source = sources.get(path);
    const place = places.get(path) ?? (source && raises.placeOf(source));
    if (place !== undefined) places.set(path, place);
    return place;
  };
}
