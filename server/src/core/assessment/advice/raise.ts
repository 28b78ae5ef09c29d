import type { PackageName } from '../../packages/packageName.ts';

/** What has to be raised so that a package that comes with others can have a safe version. */
export type Raise =
  /** Nothing: all that ask for it allow this version. */
  | { readonly kind: 'none'; readonly allows: string }
  /** This is the nearest release of the package with which it can. */
  | RaiseOne
  /** No single release lets it: why, as a clause for people. */
  | { readonly kind: 'barred'; readonly why: string }
  /** Why it is not known, as a clause for people. */
  | { readonly kind: 'unknown'; readonly why: string };

export interface RaiseOne {
  readonly kind: 'raise';
  readonly name: PackageName;
  readonly version: string;
  readonly allows: string;
  /** What has to have another version with it, from that release down to what asks for the package. */
  readonly along: readonly PackageName[];
}

/** The same for a package where it stands. */
export interface RaiseAdvice {
  readonly raise: Raise;
  /** What to do, in sentences for people. */
  readonly text: string;
  /** Where it is not known: the same without the command, for where that is said already. */
  readonly doubt?: string;
}
