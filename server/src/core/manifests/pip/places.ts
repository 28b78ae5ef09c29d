import type { Position, Range, Span } from '../../text/position.ts';
import { lastAtOrBefore } from '../../text/lineIndex.ts';
import type { RequirementsFile } from './model.ts';

/** The place in the document of a span of the item at `index`. */
export function rangeOf(file: RequirementsFile, index: number, span: Span): Range {
  const origin = file.starts[index] ?? 0;
  return { start: positionAt(file, origin + span.start), end: positionAt(file, origin + span.end) };
}

export function positionAt(file: RequirementsFile, offset: number): Position {
  const line = lastAtOrBefore(file.lineStarts, offset);
  return { line, character: offset - (file.lineStarts[line] ?? 0) };
}
