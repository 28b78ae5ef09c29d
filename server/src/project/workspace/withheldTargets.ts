import type { AssessmentTarget } from '../../core/assessment/assessmentTarget.ts';
import type { Failed } from '../../core/assessment/outcome.ts';
import type { TargetOf } from '../../core/assessment/placeRequirements.ts';

/** What would have been asked fails instead. */
export function withheldTargets(targetOf: TargetOf, withheld: Withheld): TargetOf {
  const outcome: Failed = Object.freeze({ kind: 'failed', ...withheld });
  const failed = new WeakMap<AssessmentTarget, AssessmentTarget>();
  return (entry, content, siblings) => {
    const target = targetOf(entry, content, siblings);
    if (target?.kind !== 'pin' && target?.kind !== 'range') {
      return target;
    }
    const known = failed.get(target) ?? { kind: 'invalid', outcome, token: target.token };
    failed.set(target, known);
    return known;
  };
}

/** Why nothing is asked about a file. */
export type Withheld = Pick<Failed, 'reason' | 'message'>;
