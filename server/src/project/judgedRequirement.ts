import { isPin } from '../core/assessment/lookup.ts';
import type { AssessedRequirement } from '../core/assessment/requirement.ts';
import type { PolicyKnowledge, ProjectPolicy } from '../core/rules/projectPolicy.ts';

/** The requirement with what the rules say of it, and with its licence where `licenceOf` knows that. */
export function judgedRequirement(
  requirement: AssessedRequirement,
  policy: Pick<ProjectPolicy, 'findingsOn'>,
  knowledge: PolicyKnowledge,
  licenceOf: PolicyKnowledge['licenceOf'] | undefined,
): AssessedRequirement {
  const found = policy.findingsOn(requirement, knowledge);
  const { subject } = requirement;
  const state = subject.kind === 'lookup' && isPin(subject.lookup) ? licenceOf?.(subject.lookup) : undefined;
  const licence = state?.kind === 'known' ? state.licence : undefined;
  return found.length === 0 && licence === undefined
    ? requirement
    : {
        ...requirement,
        ...(found.length === 0 ? {} : { policy: found }),
        ...(licence === undefined ? {} : { licence }),
      };
}
