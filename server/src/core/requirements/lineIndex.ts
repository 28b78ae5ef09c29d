import type { Position, Range, RequirementsFile, Span } from './model.ts';

/** The offsets at which lines begin as LSP counts them: after `\n`, `\r\n` and `\r`. */
export function findLineStarts(text: string): Int32Array {
  const starts = [0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x0d || (code !== 0x0a && code !== 0x0d)) continue;
    if (code === 0x0d && text.charCodeAt(at + 1) === 0x0a) at++;
    starts.push(at + 1);
  }
  return Int32Array.from(starts);
}

/** The place in the document of a span of the item at `index`. */
export function rangeOf(file: RequirementsFile, index: number, span: Span): Range {
  const origin = file.starts[index] ?? 0;
  return { start: positionAt(file, origin + span.start), end: positionAt(file, origin + span.end) };
}

export function positionAt(file: RequirementsFile, offset: number): Position {
  const line = lastAtOrBefore(file.lineStarts, offset);
  return { line, character: offset - (file.lineStarts[line] ?? 0) };
}

/** The index of the last entry of an ascending list that is at most `value`; 0 where none is. */
export function lastAtOrBefore(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  return low;
}
