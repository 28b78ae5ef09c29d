import type { Outcome } from '../assessment/outcome.ts';

/** Why a requirement was skipped or failed: a stable word, then a sentence. `null` for one that was assessed. */
export function outcomeReason(outcome: Outcome): string | null {
  return outcome.kind === 'assessed' ? null : `${outcome.reason}: ${outcome.message}`;
}
