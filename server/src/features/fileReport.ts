import type { FileReport } from '../core/assessment/fileReport.ts';
import type { Failed } from '../core/assessment/outcome.ts';
import type { AssessedRequirement } from '../core/assessment/requirement.ts';
import { type FileId, shownBelow } from '../project/fileId.ts';
import type { FileSnapshot } from '../project/workspace/fileSnapshot.ts';
import type { LineState } from '../project/workspace/lineState.ts';

/** What a report says of a file; its path is written relative to these folders. `judged` adds what rules say. */
export function fileReport(
  { id, file, lines, problems }: FileSnapshot,
  folders: readonly FileId[],
  judged?: (requirement: AssessedRequirement) => AssessedRequirement,
): FileReport {
  const requirements = lines.map((line) => (judged === undefined ? assessedLine(line) : judged(assessedLine(line))));
  return { path: shownBelow(folders, id), kind: file.kind.id, requirements, problems };
}

function assessedLine({ requirement, state }: LineState): AssessedRequirement {
  return { ...requirement, outcome: state.kind === 'settled' ? state.outcome : { ...unanswered, ...lastKnown(state) } };
}

/** Its file was edited, or the look-up broken off, while the report was made. */
const unanswered: Failed = {
  kind: 'failed',
  reason: 'timeout',
  message: 'Its look-up had not ended when this report was made.',
};

function lastKnown({ before }: Extract<LineState['state'], { kind: 'pending' }>): Pick<Failed, 'lastKnown'> {
  return before === undefined ? {} : { lastKnown: before.outcome };
}
