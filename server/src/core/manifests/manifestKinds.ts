import { matchesGlob } from '../text/patterns/glob.ts';
import type { ManifestKind } from './manifest.ts';
import { setupCfgKind } from './ini/setupCfg.ts';
import { toxKind } from './ini/toxIni.ts';
import { pdmLockKind } from './locks/pdmLock.ts';
import { poetryLockKind } from './locks/poetryLock.ts';
import { pylockKind } from './locks/pylock.ts';
import { uvLockKind } from './locks/uvLock.ts';
import { pipfileKind } from './pipenv/pipfile.ts';
import { pipfileLockKind } from './pipenv/pipfileLock.ts';
import { pipKind } from './pip/pipManifest.ts';
import { pixiKind, pyprojectKind } from './pyproject/pyproject.ts';
import { scriptKind, setupPyKind } from './script/script.ts';
import { dockerfileKind } from './shell/dockerfile.ts';
import { notebookKind } from './shell/notebook.ts';
import { environmentKind } from './yaml/environmentYml.ts';
import { preCommitKind } from './yaml/preCommit.ts';

export interface PathChoice {
  /** Globs that make further files requirement files. */
  readonly include: readonly string[];
  /** Globs that keep files out; they win. */
  readonly exclude: readonly string[];
}

/** Every format that is read. The first one that a path matches reads the file. */
export const manifestKinds: readonly ManifestKind[] = [
  pipKind,
  pyprojectKind,
  uvLockKind,
  poetryLockKind,
  pdmLockKind,
  pylockKind,
  pipfileKind,
  pipfileLockKind,
  pixiKind,
  setupCfgKind,
  toxKind,
  preCommitKind,
  environmentKind,
  dockerfileKind,
  notebookKind,
  setupPyKind,
  scriptKind,
];

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
