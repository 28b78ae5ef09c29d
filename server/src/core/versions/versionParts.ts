/**
 * What tells versions apart by PEP 440; `toVersion` makes a version of it. Whole numbers are unbounded there, so they are
 * kept as digits without leading zeros.
 */
export interface VersionParts {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre?: { readonly letter: 'a' | 'b' | 'rc'; readonly number: string };
  readonly post?: string;
  readonly dev?: string;
  readonly local?: string;
}
