import type { LockedVersions } from '../../core/assessment/decided/decidedVersions.ts';
import type { PlacedRequirement } from '../../core/assessment/requirement.ts';
import type { Assessed, Outcome } from '../../core/assessment/outcome.ts';
import type { FileId } from '../fileId.ts';

/** One requirement as the editor shows it now. */
export interface LineState {
  readonly requirement: PlacedRequirement;
  readonly state: Settled | Pending;
  /** What a lock brings in with it; absent where nothing comes, or nobody says. */
  readonly comes?: ComesWith;
}

/** The packages that are there because a requirement asks for them, directly or not. They count where they are locked. */
export interface ComesWith {
  readonly source: LockedVersions;
  /** That file; absent where the packages are in none. */
  readonly uri?: FileId;
  /** Of the requirement, as it is locked; absent where that is not one. */
  readonly version?: string;
  readonly lines: readonly LineState[];
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
