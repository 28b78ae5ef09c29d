import type { Place } from './place.ts';
import type { FindingSeverity, SeverityCounts } from './severity.ts';
import type { HeadlineKind } from './figures/status.ts';

/** Server to client, where `initializationOptions.findings` asked for it: all that is known, whenever it changes. */
export const findingsMethod = 'pinwatch/findings';

export interface FindingsParams {
  /** Whether every requirements file of the workspace was looked for; else only the open ones count. */
  readonly workspace: boolean;
  readonly files: number;
  readonly requirements: number;
  /** Vulnerable or clean. */
  readonly assessed: number;
  /** Neither vulnerable nor clean: nothing was asked. */
  readonly skipped: number;
  /** As in `StatusParams`. */
  readonly unread: number;
  readonly headline: HeadlineKind;
  readonly dataAgeDays?: number;
  readonly isOld: boolean;
  /** Asked about this moment. */
  readonly pending: number;
  /** Findings that the user's ignores keep out of the list. */
  readonly ignored: number;
  readonly vulnerable: readonly VulnerableRequirement[];
  readonly failed: readonly FailedRequirement[];
  /** Requirements with findings that the user's ignores keep out of the list. */
  readonly ignoredAt: readonly IgnoredRequirement[];
}

export interface VulnerableRequirement extends Place {
  /** As written, and as packages are compared (PEP 503). */
  readonly name: string;
  readonly normalizedName: string;
  readonly version: string;
  readonly verdict: 'vulnerable' | 'possiblyVulnerable';
  /** The worst of its advisories. */
  readonly severity: FindingSeverity;
  /** CVSS, of that one; `null` where it has none. */
  readonly score: number | null;
  /** How many of its advisories have each severity. */
  readonly counts: SeverityCounts;
  readonly ids: readonly string[];
  /** The page of the worst one. */
  readonly url: string;
  /** The nearest version without known advisories, and how far it is; absent where none is known. */
  readonly fix?: SafeVersion;
  /** It could not be checked again; this is what was known before. */
  readonly isOld: boolean;
}

export interface SafeVersion {
  readonly version: string;
  /** Absent where the requirement has no version to count from. */
  readonly step?: 'major' | 'minor' | 'patch';
}

export interface FailedRequirement extends Place {
  readonly name: string;
  readonly message: string;
}

export interface IgnoredRequirement extends Place {
  readonly name: string;
  readonly version: string;
  /** The ignored ones alone. */
  readonly ids: readonly string[];
  /** Of the first of them: why, and until when. */
  readonly reason: string;
  readonly until: string | null;
}
