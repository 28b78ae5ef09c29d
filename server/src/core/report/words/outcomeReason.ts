import type { Outcome } from '../../assessment/outcome.ts';

/** Why a requirement was skipped, failed or not assessed to the end: a stable word, then a sentence. `null` for any other. */
export function outcomeReason(outcome: Outcome): string | null {
  if (outcome.kind === 'assessed') {
    return outcome.brokenOff === undefined ? null : `brokenOff: ${outcome.brokenOff}`;
  }
  return `${outcome.reason}: ${outcome.message}`;
}
