import type { PackageAdvisories } from '../advisories/packageAdvisories.ts';
import type { FindingMemo } from './findings.ts';
import type { Release } from '../packages/release.ts';

/** All that is known of a package. */
export interface PackageFacts {
  readonly advisories: PackageAdvisories;
  /** From a package index, ascending; `undefined` where none was asked, or none answered. */
  readonly releases: readonly Release[] | undefined;
  /** What was worked out from these advisories before. */
  readonly memo?: FindingMemo;
}
