import { lastAtOrBefore } from '../../../text/lineIndex.ts';
import type { RequirementsFile } from '../model.ts';

/** Whether the line that begins at `lineStart` belongs to a logical line that began before it. */
export function isContinuation(file: RequirementsFile, lineStart: number): boolean {
  const index = lastAtOrBefore(file.starts, lineStart);
  const start = file.starts[index] ?? lineStart;
  return start < lineStart && start + (file.items[index]?.span.end ?? 0) > lineStart;
}
