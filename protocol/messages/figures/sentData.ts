import type { Place } from '../place.ts';

/** Result of `pinwatch.server.sentData`: what the open and the found files let leave this machine, and what stays. */
export interface SentData {
  readonly enabled: boolean;
  /** The mistake in the settings because of which nothing is sent; absent where there is none. */
  readonly blocked?: string;
  /** The service that is queried; `null` where none is. */
  readonly destination: string | null;
  /** The package index that is asked about vulnerable packages, by name; `null` where none is. */
  readonly index: string | null;
  /** The index is asked about every exact version, for the rules about licences. */
  readonly indexForLicenses: boolean;
  /** Host and port of the Redis server that answers are kept in too; `null` where there is none. */
  readonly teamCache: string | null;
  /** By name, then version; each once. */
  readonly sent: readonly SentPackage[];
  readonly withheld: readonly WithheldRequirement[];
}

export interface SentPackage {
  readonly name: string;
  /** `null` where the name alone is sent: the requirement allows more than one release. */
  readonly version: string | null;
}

export interface WithheldRequirement extends Place {
  /** As written. */
  readonly name: string;
  /** Why nothing is asked about it: a stable word, then a sentence for people. */
  readonly reason: string;
  readonly message: string;
}
