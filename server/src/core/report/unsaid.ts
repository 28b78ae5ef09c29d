import type { PlacedProblem } from '../text/position.ts';
import type { AssessedRequirement } from '../assessment/requirement.ts';

/** The requirements of a file but those that cannot be read and of which a problem at their lines says so. */
export function unsaid(
  requirements: readonly AssessedRequirement[],
  problems: readonly PlacedProblem[],
): readonly AssessedRequirement[] {
  const lines = new Set(problems.map(({ range }) => range.start.line));
  return lines.size === 0 ? requirements : requirements.filter((one) => !isUnread(one) || !isAtOne(one, lines));
}

function isUnread({ outcome }: AssessedRequirement): boolean {
  return outcome.kind === 'failed' && outcome.reason === 'invalid';
}

function isAtOne({ range: { start, end } }: AssessedRequirement, lines: ReadonlySet<number>): boolean {
  for (let line = start.line; line <= end.line; line++) if (lines.has(line)) return true;
  return false;
}
