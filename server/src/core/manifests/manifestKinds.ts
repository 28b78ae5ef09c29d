import { matchesGlob } from '../text/patterns/glob.ts';
import type { ManifestKind } from './manifest.ts';
import { pipKind } from './pip/pipManifest.ts';

export interface PathChoice {
  /** Globs that make further files requirement files. */
  readonly include: readonly string[];
  /** Globs that keep files out; they win. */
  readonly exclude: readonly string[];
}

/** Every format that is read. The first one that a path matches reads the file. */
export const manifestKinds: readonly ManifestKind[] = [pipKind];

/**
 * The kind of the manifest that a path (or URI) names; `undefined` where it names none, or is kept out. What the choice
 * includes, or is `declared` (the editor says so by the file's language), is a requirements file unless its name says another
 * kind.
 */
export function kindOf(path: string, { include, exclude }: PathChoice, declared = false): ManifestKind | undefined {
  const plain = path.replaceAll('\\', '/');
  if (exclude.some((glob) => matchesGlob(glob, plain))) {
    return undefined;
  }
  const isChosen = (): boolean => declared || include.some((glob) => matchesGlob(glob, plain));
  return manifestKinds.find((kind) => kind.matches(plain)) ?? (isChosen() ? pipKind : undefined);
}

/** How a file is read that someone names, whatever its name: as a requirements file, unless that says another kind. */
export function kindOfNamed(path: string): ManifestKind {
  return kindOf(path, { include: [], exclude: [] }, true) ?? pipKind;
}
