import type { Assessed, Outcome } from '../assessment/outcome.ts';
import type { Ignore } from './ignore.ts';
import { type IgnoredRelease, withIgnores } from './ignoreHold.ts';

/** The outcome with the findings marked that an ignore holds for, also where they are only the last known ones. */
export function markOutcome(
  outcome: Outcome,
  release: IgnoredRelease,
  ignores: readonly Ignore[],
  nowMs: number,
): Outcome {
  if (outcome.kind === 'assessed') {
    return markIgnored(outcome, release, ignores, nowMs);
  }
  if (outcome.kind !== 'failed' || outcome.lastKnown === undefined) {
    return outcome;
  }
  const lastKnown = markIgnored(outcome.lastKnown, release, ignores, nowMs);
  return lastKnown === outcome.lastKnown ? outcome : { ...outcome, lastKnown };
}

/** The same for what was assessed: the very same object where no ignore holds. The verdict stays as it is. */
export function markIgnored(
  outcome: Assessed,
  release: IgnoredRelease,
  ignores: readonly Ignore[],
  nowMs: number,
): Assessed {
  if (ignores.length === 0) {
    return outcome;
  }
  const findings = outcome.findings.map((finding) => withIgnores(ignores, release, finding, nowMs));
  return findings.every((finding, at) => finding === outcome.findings[at]) ? outcome : { ...outcome, findings };
}

/** Whether someone has decided to live with all that is known of it. */
export function isWhollyIgnored({ findings }: Assessed): boolean {
  return findings.length > 0 && findings.every(({ ignored }) => ignored !== undefined);
}
