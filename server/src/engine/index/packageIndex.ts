import type { PackageName } from '../../core/packages/packageName.ts';
import type { Release } from '../../core/packages/release.ts';

/** How long an index is believed which releases there are, and so what follows from that. */
export const releasesKeptMs = 10 * 60_000;

/** A package index (PEP 691, JSON). Knows which releases there are; says nothing about their safety. */
export interface PackageIndex {
  /**
   * The releases of a project, ascending by PEP 440; `undefined` where the index does not know the project. Throws
   * `LookupError` and nothing else, but for the signal's own reason. Answers are kept for a while, and shared by all who ask.
   */
  releases(name: PackageName, signal: AbortSignal): Promise<readonly Release[] | undefined>;
  close(): Promise<void>;
}
