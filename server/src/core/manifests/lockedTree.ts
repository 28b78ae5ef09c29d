import type { PackageName } from '../packages/packageName.ts';
import type { Range } from '../text/position.ts';
import type { LockedVersion } from './lockedPackage.ts';

/** The packages of a lock, a compiled file or an environment, and which of them asks for which. */
export interface LockedTree {
  /** Of the file; absent where the packages are in none. */
  readonly uri?: string;
  readonly packages: readonly TreePackage[];
  /** Of some packages it is not recorded what they ask for. */
  readonly isPartial?: true;
}

export interface TreePackage {
  readonly name: PackageName;
  /** `undefined` where it has none that could be looked up, or where it is not to be. */
  readonly version: LockedVersion | undefined;
  /** Of the version in the file, else of the name. */
  readonly range: Range;
  /** What it asks for; with a version where only that one is meant. */
  readonly needs: readonly TreeNeed[];
  /** Why it is not known what it asks for, for people; absent where it is. */
  readonly unread?: string;
}

export interface TreeNeed {
  readonly name: PackageName;
  readonly version?: string;
  /** Asked for only with this extra of the package that asks. */
  readonly extra?: string;
  /** Which versions it may have, as PEP 440 has it; absent where that is not recorded. */
  readonly specifier?: string;
  /** The extras that are asked for with it. */
  readonly extras?: readonly string[];
  /** Whether it is asked for depends on what is not known of the environment. */
  readonly isUncertain?: true;
}
