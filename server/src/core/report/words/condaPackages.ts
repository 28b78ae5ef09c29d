import type { AssessedRequirement } from '../../assessment/requirement.ts';
import type { Range } from '../../text/position.ts';
import { listText, plainText } from '../../text/plainText.ts';

/** The requirements of a file as a report for people shows them. */
export interface ShownRequirements {
  readonly requirements: readonly AssessedRequirement[];
  /** What stands for all others, at the first of them. */
  readonly conda?: { readonly range: Range; readonly message: string };
}

/** The conda packages of a file in one line: an environment has hundreds, and all are skipped for the same reason. */
export function condaTogether(requirements: readonly AssessedRequirement[]): ShownRequirements {
  const conda = requirements.filter(isConda);
  const [first] = conda;
  if (first === undefined || conda.length < 2) return { requirements };
  const names = listText(
    conda.map(({ name }) => plainText(name, 60)),
    mostNames,
  );
  return {
    requirements: requirements.filter((one) => !isConda(one)),
    conda: { range: first.tokenRange, message: `${conda.length} conda packages were not assessed: ${names}` },
  };
}

function isConda({ outcome, policy = [] }: AssessedRequirement): boolean {
  return outcome.kind === 'skipped' && outcome.reason === 'conda' && policy.length === 0;
}

const mostNames = 5;
