import type { Position, Range, Span } from '../text/position.ts';
import { lastAtOrBefore } from '../text/lineIndex.ts';
import type { Lines } from './manifest.ts';

/** The place in the document of a span of the entry at `index`. */
export function rangeOf(file: Pick<Lines, 'starts' | 'lineStarts'>, index: number, span: Span): Range {
  const origin = file.starts[index] ?? 0;
  return { start: positionAt(file, origin + span.start), end: positionAt(file, origin + span.end) };
}

export function positionAt(file: Pick<Lines, 'lineStarts'>, offset: number): Position {
  const line = lastAtOrBefore(file.lineStarts, offset);
  return { line, character: offset - (file.lineStarts[line] ?? 0) };
}
