import type { PackageName } from '../packages/packageName.ts';

/** An OSV record as we use it: decoded once at the border, PyPI parts only. */
export interface Advisory {
  readonly id: string;
  readonly aliases: readonly string[];
  /** The record's own stamp, opaque (RFC 3339). */
  readonly modified: string;
  readonly published?: string;
  readonly withdrawn?: string;
  /** Plain text, bounded, from outside: escape before showing. From the details where there is none; else empty. */
  readonly summary: string;
  readonly severities: readonly SeverityVector[];
  /** Kinds of weakness (`database_specific.cwe_ids` on GHSA). */
  readonly cwes?: readonly string[];
  /** The database's own label (`database_specific.severity` on GHSA), used where no vector can be scored. */
  readonly label?: SeverityBand;
  readonly affected: readonly AffectedPackage[];
  readonly references: readonly Reference[];
}

export interface Reference {
  readonly type: string;
  readonly url: string;
}

export interface SeverityVector {
  /** `CVSS_V2`, `CVSS_V3`, `CVSS_V4` or something newer. */
  readonly type: string;
  readonly vector: string;
}

export interface AffectedPackage {
  readonly name: PackageName;
  /** As listed; compared as versions, not as text (OSV server rule). */
  readonly versions: readonly string[];
  /** ECOSYSTEM and SEMVER ranges only; GIT ranges take no part. */
  readonly ranges: readonly (readonly RangeEvent[])[];
}

export interface RangeEvent {
  readonly kind: 'introduced' | 'fixed' | 'lastAffected' | 'limit';
  /** As written; may be no PEP 440 version at all. "0" is below everything. */
  readonly version: string;
}

export type SeverityBand = 'none' | 'low' | 'medium' | 'high' | 'critical';

/** `unknown` is never taken for low; `malicious` stands above critical and has no score. */
export type Severity = SeverityBand | 'unknown' | 'malicious';
