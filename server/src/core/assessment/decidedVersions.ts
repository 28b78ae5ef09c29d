import type { PackageName } from '../requirements/model.ts';
import { type Version, parseVersion } from '../versions/version.ts';
import type { ConstraintPins } from './constraints.ts';

/** What decides the version of a requirement that names none of its own. */
export interface DecidedBy {
  /** A constraints file; a lock or the file that a tool compiled; the installed packages of a virtual environment. */
  readonly kind: 'constraint' | 'lock' | 'environment';
  /** As people know it: a file's or a folder's name. */
  readonly source: string;
}

/** Packages with their versions, as a lock file or an environment has them. */
export interface LockedVersions extends DecidedBy {
  readonly kind: 'lock' | 'environment';
  /** Names in normal form; versions as written. */
  readonly versions: readonly (readonly [name: PackageName, version: string])[];
}

export interface DecidedVersion extends DecidedBy {
  readonly version: Version;
  /** As written. */
  readonly text: string;
}

export type DecidedVersions = ReadonlyMap<PackageName, DecidedVersion | 'conflicting'>;

export const nothingDecided: DecidedVersions = new Map();

/**
 * Constraints first, since an installer obeys them; then locks and the environment in the given order. A name with
 * several versions in one lock (one for each Python or platform) is not decided by it.
 */
export function decidedVersions(constraints: ConstraintPins, locks: readonly LockedVersions[]): DecidedVersions {
  const decided = new Map<PackageName, DecidedVersion | 'conflicting'>(constraints);
  for (const { kind, source, versions } of locks) {
    const own = new Map<PackageName, DecidedVersion | undefined>();
    for (const [name, text] of versions) {
      const version = parseVersion(text);
      const known = own.get(name);
      const same = version !== undefined && (!own.has(name) || known?.version.key === version.key);
      own.set(name, same ? { kind, source, version, text } : undefined);
    }
    for (const [name, version] of own) {
      if (version !== undefined && !decided.has(name)) {
        decided.set(name, version);
      }
    }
  }
  return decided;
}

/** "pinned by constraints.txt", "locked by uv.lock", "installed in .venv". */
export function decidedText({ kind, source }: DecidedBy): string {
  switch (kind) {
    case 'constraint':
      return `pinned by ${source}`;
    case 'lock':
      return `locked by ${source}`;
    case 'environment':
      return `installed in ${source}`;
  }
}
