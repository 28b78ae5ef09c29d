import type { FindingSeverity } from './severity.ts';

/** Client to server, a request: what is known of the requirement at a `Place`, worst first; empty where nothing is. */
export const advisoriesMethod = 'pinwatch/advisories';

export interface AdvisoriesResult {
  readonly advisories: readonly AdvisorySummary[];
}

export interface AdvisorySummary {
  readonly id: string;
  readonly severity: FindingSeverity;
  readonly score: number | null;
  /** One line of plain text; may be empty. */
  readonly summary: string;
  /** https. */
  readonly url: string;
}
