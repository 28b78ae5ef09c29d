import { type DecidedVersions, nothingDecided, treeOfLock } from '../../core/assessment/decided/decidedVersions.ts';
import { type PlacedFile, placeRequirements, rememberedTargets } from '../../core/assessment/placeRequirements.ts';
import { noIndexText } from '../../core/fixes/noIndexText.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import { type CompiledNote, compiledNote } from '../compiledNote.ts';
import type { ProjectFile } from './readProject.ts';

export interface PlacedProjectFile {
  readonly path: string;
  readonly placed: PlacedFile;
  readonly compiled?: CompiledNote;
  /** Why no version is offered for its lines, for people. */
  readonly barred?: string;
}

/**
 * Places the requirements of each file. The list is emptied on the way: parsed files take most of the memory of a large
 * scan. Copies of a file share what is made of them, where nothing else decides their versions.
 */
export function placeFiles(
  files: ProjectFile[],
  decidedFor: (path: string) => DecidedVersions,
  privateIn: (path: string) => ((name: string) => boolean) | undefined = () => undefined,
): readonly PlacedProjectFile[] {
  // Weak: a file whose last copy is placed is forgotten.
  const copies = new WeakMap<Manifest, PlacedFile>();
  // Weak too: of lines that files have in common.
  const sharedTargets = rememberedTargets(() => false, nothingDecided);
  const all: PlacedProjectFile[] = [];
  files.reverse();
  for (let next = files.pop(); next !== undefined; next = files.pop()) {
    const { path, file, problems } = next;
    const decided = decidedFor(path);
    const isPrivate = privateIn(path);
    const isShared = isPrivate === undefined && Object.values(decided).every(isEmpty);
    const targetOf = isShared ? sharedTargets : rememberedTargets(isPrivate ?? (() => false), decided);
    const placed =
      (isShared ? copies.get(file) : undefined) ?? placeRequirements(file, targetOf, treeOfLock(file, decided));
    if (isShared) {
      copies.set(file, placed);
    }
    const compiled = compiledNote(path, file);
    const own = { ...placed, problems: [...placed.problems, ...problems] };
    const barred = noIndexText(path, file);
    all.push({ path, placed: own, ...(compiled && { compiled }), ...(barred !== undefined && { barred }) });
  }
  return all;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined) return true;
  return Array.isArray(value) ? value.length === 0 : (value instanceof Map || value instanceof Set) && value.size === 0;
}
