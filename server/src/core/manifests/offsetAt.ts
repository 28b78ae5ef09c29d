import type { Position } from '../text/position.ts';
import type { Lines } from './manifest.ts';

/**
 * The offset of a position. One behind the end of its line means that end, one behind the last line the end of the
 * text (LSP 3.17, Position). It reads two characters, not the text, which after an edit is not yet put together.
 */
export function offsetAt(file: Pick<Lines, 'length' | 'slice' | 'lineStarts'>, position: Position): number {
  const { lineStarts } = file;
  const start = lineStarts[position.line];
  if (start === undefined) return position.line < 0 ? 0 : file.length;
  const next = lineStarts[position.line + 1];
  const offset = start + Math.max(0, position.character);
  if (next !== undefined && offset <= next - longestBreak) return offset;
  return Math.min(offset, next === undefined ? file.length : next - breakLength(file, start, next));
}

const longestBreak = '\r\n'.length;

function breakLength(file: Pick<Lines, 'slice'>, start: number, next: number): number {
  return file.slice(Math.max(start, next - 2), next) === '\r\n' ? 2 : 1;
}
