import type { Severity } from '../advisories/advisory.ts';

/** One vulnerability of one requirement: all OSV records that share an id or alias, joined transitively. */
export interface Finding {
  /** What users know best: CVE, then GHSA, then PYSEC, then whatever there is. */
  readonly id: string;
  /** Every other id of the group, sorted; without `id`. */
  readonly aliases: readonly string[];
  /** The OSV record ids joined here, sorted. */
  readonly records: readonly string[];
  readonly severity: Severity;
  /** Highest CVSS score of the group (CVSS 2 and 3: base score); `null` where no vector could be scored. */
  readonly score: number | null;
  readonly vector: string | null;
  /** One line of plain text from outside; escape before showing. */
  readonly summary: string;
  /** Union over the group and all ranges for this package, ascending by PEP 440. */
  readonly fixedVersions: readonly string[];
  /**
   * The nearest version free of every known advisory of the package, not of this one alone; `undefined` where none is
   * known, and for what is malicious.
   */
  readonly nearestFix: string | undefined;
  /** Why there is no safe version to go to, or none in the range, though some are known; one sentence for people. */
  readonly barred?: string;
  /** What each record calls fixed, where the records joined here do not say the same; empty where they agree. */
  readonly fixesDisagree: readonly FixClaim[];
  /** For a range: which of the allowed versions are affected, in words. */
  readonly admitted?: string;
  /** The same as a `vers` range; absent where there are too many. */
  readonly affectedRange?: string;
  /** Kinds of weakness, `CWE-79`, sorted; absent where no record names one. */
  readonly cwes?: readonly string[];
  /** When the first of its records was published, and the last one changed; RFC 3339. */
  readonly published?: string;
  readonly modified?: string;
  /** Where to read more. */
  readonly url: string;
  /** Records matched whose details could not be had: the finding stands, its severity and fixes may be incomplete. */
  readonly missingDetails: readonly string[];
  /** Set where an ignore holds, after the look-up; it marks the finding and does not take it away. */
  readonly ignored?: Ignored;
  /** The day or instant on which an ignore of it ended; absent while one holds. */
  readonly ignoreEnded?: string;
  /** The baseline has it already: it does not count. */
  readonly known?: true;
}

/** Why a finding does not count, and until when. */
export interface Ignored {
  /** Plain text; empty where none was given. */
  readonly reason: string;
  /** A day or instant of ISO 8601. */
  readonly until: string | null;
  /** Where a VEX document says so: what exactly. */
  readonly vex?: VexStatement;
}

/** What a VEX document says of a vulnerability that does not count. */
export interface VexStatement {
  readonly status: 'not_affected' | 'fixed';
  /** One of those of OpenVEX. */
  readonly justification?: VexJustification;
  /** Plain text. */
  readonly impact?: string;
}

export type VexJustification =
  | 'component_not_present'
  | 'vulnerable_code_not_present'
  | 'vulnerable_code_not_in_execute_path'
  | 'vulnerable_code_cannot_be_controlled_by_adversary'
  | 'inline_mitigations_already_exist';

export interface FixClaim {
  readonly record: string;
  /** Ascending, normal form; empty where the record knows of no fix. */
  readonly fixed: readonly string[];
}
