import { normalizeName, type PackageName } from '../packages/packageName.ts';
import { parseVersion, type Version } from '../versions/version.ts';

/** A version, and what its writer called it. */
export interface LockedVersion {
  readonly version: Version;
  /** As written. */
  readonly text: string;
  /** The only part of the manifest that it is for; absent where it is for all of it. */
  readonly scope?: string;
}

/** A package of a lock, with its version; `undefined` where it has none that could be looked up. */
export interface LockedPackage {
  readonly name: PackageName;
  readonly version: LockedVersion | undefined;
  /** It is a folder, a checkout or an archive: no release, whatever version it gives itself. */
  readonly isElsewhere?: true;
}

// File names have at most 255 bytes; no name on the index has more than a hundred characters.
export const longestName = 255;

/** Of what a file says of one package; nothing where that is no name of a package. */
export function lockedPackage(name: unknown, text: unknown): readonly LockedPackage[] {
  if (typeof name !== 'string' || name.length > longestName || !/^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/iu.test(name)) {
    return [];
  }
  const version = typeof text === 'string' ? parseVersion(text) : undefined;
  return [
    {
      name: normalizeName(name),
      version: version === undefined || typeof text !== 'string' ? undefined : { version, text },
    },
  ];
}
