import type { Outcome } from '../assessment/outcome.ts';
import type { Range } from '../requirements/model.ts';

/** What one scan said, before it is put into words (text, JSON) or diagnostics. */
export interface ScanReport {
  readonly source: { readonly kind: 'osv'; readonly url: string };
  readonly files: readonly FileReport[];
  readonly statistics: ScanStatistics;
}

export interface FileReport {
  readonly path: string;
  readonly requirements: readonly AssessedRequirement[];
  readonly problems: readonly PlacedProblem[];
}

export interface AssessedRequirement {
  /** As written; the whole line's text where there is no name. */
  readonly name: string;
  readonly normalizedName: string;
  /** The whole requirement, from its name (or URL, path) to its end; without the comment. */
  readonly range: Range;
  /** Where a finding is drawn: the version token, or the name where there is none. */
  readonly tokenRange: Range;
  readonly nameRange: Range;
  /** As written, empty where there is none. */
  readonly specifier: string;
  /** The exact version assessed, as written; `null` where there is none. */
  readonly version: string | null;
  readonly outcome: Outcome;
}

export interface PlacedProblem {
  readonly range: Range;
  readonly message: string;
  readonly code: string;
  readonly incomplete: boolean;
}

export interface ScanStatistics {
  readonly requests: { readonly querybatch: number; readonly query: number; readonly vulns: number };
  readonly retries: number;
  readonly cache: { readonly hits: number; readonly misses: number; readonly hitRate: number };
  readonly durationMs: number;
}
