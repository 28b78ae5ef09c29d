import type { PackageName } from '../packages/packageName.ts';
import type { Version } from '../versions/version.ts';

/** A version, and what its writer called it. */
export interface LockedVersion {
  readonly version: Version;
  /** As written. */
  readonly text: string;
}

/** A package of a lock, with its version; `undefined` where it has none that could be looked up. */
export interface LockedPackage {
  readonly name: PackageName;
  readonly version: LockedVersion | undefined;
}
