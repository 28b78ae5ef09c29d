import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { Assessed, Outcome } from '../../core/assessment/outcome.ts';

/** One requirement as the editor shows it now. */
export interface LineState {
  readonly requirement: PlacedRequirement;
  readonly state: Settled | Pending;
}

export interface Settled {
  readonly kind: 'settled';
  readonly outcome: Outcome;
}

/** A look-up is in progress. What was shown before stays, and says what it is about. */
export interface Pending {
  readonly kind: 'pending';
  readonly before?: Before;
}

/** The last answer for this package in this file; `version` may be another one than is written now. */
export interface Before {
  readonly version: string;
  readonly outcome: Assessed;
}
