import { matchesGlob } from '../text/patterns/glob.ts';
import type { ManifestKind } from './manifest.ts';
import { setupCfgFormat } from './ini/setupCfg.ts';
import { installedFormat } from './installed/installed.ts';
import { alsoReading, kindOfFormat } from './reading/entryManifest.ts';
import { pdmLockFormat } from './locks/pdmLock.ts';
import { poetryLockFormat } from './locks/poetryLock.ts';
import { pylockFormat } from './locks/pylock.ts';
import { scriptLockFormat, uvLockFormat } from './locks/uvLock.ts';
import { pipfileFormat } from './pipenv/pipfile.ts';
import { pipfileLockFormat } from './pipenv/pipfileLock.ts';
import { pipKind } from './pip/pipManifest.ts';
import { hatchFormat } from './pyproject/hatch.ts';
import { pixiFormat, pyprojectFormat } from './pyproject/pyproject.ts';
import { uvTomlFormat } from './pyproject/uv.ts';
import { scriptFormat, setupPyFormat } from './script/script.ts';
import { dockerfileFormat } from './shell/dockerfile.ts';
import { notebookFormat } from './shell/notebook.ts';
import { toxFormat, toxInSetupCfg } from './tox/toxIni.ts';
import { toxInPyproject, toxTomlFormat } from './tox/toxToml.ts';
import { environmentFormat } from './yaml/environmentYml.ts';
import { preCommitFormat } from './yaml/preCommit.ts';

export interface PathChoice {
  /** Globs that make further files requirement files. */
  readonly include: readonly string[];
  /** Globs that keep files out; they win. */
  readonly exclude: readonly string[];
}

/** Every format that is read. The first one that a path matches reads the file. */
export const manifestKinds: readonly ManifestKind[] = [
  pipKind,
  ...[
    alsoReading(pyprojectFormat, toxInPyproject),
    uvLockFormat,
    scriptLockFormat,
    poetryLockFormat,
    pdmLockFormat,
    pylockFormat,
    pipfileFormat,
    pipfileLockFormat,
    pixiFormat,
    hatchFormat,
    uvTomlFormat,
    alsoReading(setupCfgFormat, toxInSetupCfg),
    toxFormat,
    toxTomlFormat,
    preCommitFormat,
    environmentFormat,
    dockerfileFormat,
    notebookFormat,
    setupPyFormat,
    scriptFormat,
  ].map((format) => kindOfFormat(format, pipKind)),
];

/** The packages of an environment, as a host lists them. No file is of this kind. */
export const installedKind: ManifestKind = kindOfFormat(installedFormat, pipKind);

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
