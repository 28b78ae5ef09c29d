import type { RangeChange } from '../../manifests/rewrite.ts';

/** Where to go from a requirement that is, or may be, vulnerable. Versions in PEP 440 normal form. */
export interface FixAdvice {
  /** The smallest step to a version free of every known advisory of the package. */
  readonly nearest: string | undefined;
  /** The highest such version. */
  readonly latest: string | undefined;
  /** A package index has it, and it is not yanked. */
  readonly verified: boolean;
  /** What the index says that the nearest one needs of Python, where it says so. */
  readonly requiresPython?: string;
  /** Lower fixed versions, ascending, and why none of them is the answer. */
  readonly passedOver: readonly PassedOver[];
  /** Why no safe version can be installed as far as the files tell, in one sentence for people; there is no `nearest` then. */
  readonly barred?: string;
  /** The nearest safe version, which that rules out. */
  readonly barredVersion?: string;
  /** Where the change is to be made, if not on this line; one sentence for people. */
  readonly note?: string;
  /** For a range: the smallest change of its specifier. */
  readonly change?: RangeChange;
}

export interface PassedOver {
  readonly version: string;
  /** `missing`: the index does not have it. */
  readonly reason: 'affected' | 'prerelease' | 'yanked' | 'missing';
  /** Display ids; empty but for `affected`. */
  readonly affectedBy: readonly string[];
}

/** No version that the range allows is safe, but one outside of it is. */
export function isOutside({ nearest, change }: FixAdvice): boolean {
  return change?.kind === 'none' && change.highestSafe === undefined && nearest !== undefined;
}
