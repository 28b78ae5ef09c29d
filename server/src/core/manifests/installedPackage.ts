import type { CoreMetadata } from '../packages/coreMetadata.ts';

/** A package of an environment, as its metadata have it. */
export interface InstalledPackage extends CoreMetadata {
  readonly isRequested: boolean;
  /** How it came there, where not from an index (PEP 610). */
  readonly source?: string;
  readonly location?: string;
}
