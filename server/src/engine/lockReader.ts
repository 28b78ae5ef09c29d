import type { PackageName } from '../core/packages/packageName.ts';
import type { LockedVersions } from '../core/assessment/decided/decidedVersions.ts';

/** Finds what decides versions beside constraints. */
export interface LockReader {
  /**
   * For each of these requirements files, the most trusted first: what was compiled from it, the nearest lock, the nearest
   * virtual environment, at its folder or above as far as a root. Never rejects: what cannot be read decides nothing. What
   * has not changed is the same object as before.
   */
  read(
    files: readonly string[],
    roots: readonly string[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly LockedVersions[]>>;
  /** The locks that `read` found where they decide and could not read, since this reader was made: absolute paths. For one run. */
  unreadLocks?(): readonly string[];
  /** The Pythons that the project of a file is for, as the nearest of its files below a root says. Never rejects. */
  python(file: string, roots: readonly string[], signal?: AbortSignal): Promise<ProjectPython | undefined>;
  /**
   * The packages to which manifests beside a file, or above it as far as a root, give a package index of their own: a lock, a
   * compiled file and an environment do not say so. Never rejects.
   */
  ownIndex?(file: string, roots: readonly string[], signal?: AbortSignal): Promise<ReadonlySet<PackageName>>;
  /** The environments that the user has selected: each counts for the files in its folder in place of those that lie beside them. */
  select?(environments: readonly UsedEnvironment[]): void;
}

/** An environment, by its own folder, and the folder for whose files it is; for all files where that is absent. */
export interface UsedEnvironment {
  readonly folder?: string;
  readonly path: string;
}

export interface ProjectPython {
  readonly requiresPython: string;
  /** The name of the file that says so. */
  readonly source: string;
}
