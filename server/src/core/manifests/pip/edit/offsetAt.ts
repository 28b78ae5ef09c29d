import type { Position } from '../../../text/position.ts';
import type { RequirementsFile } from '../model.ts';
import { ParsedFile } from '../parsedFile.ts';

/**
 * The offset of a position. One behind the end of its line means that end, one behind the last line the end of the
 * text (LSP 3.17, Position). It reads two characters, not the text, which after an edit is not yet put together.
 */
export function offsetAt(file: RequirementsFile, position: Position): number {
  const length = file instanceof ParsedFile ? file.chunks.length : file.text.length;
  const start = file.lineStarts[position.line];
  if (start === undefined) return position.line < 0 ? 0 : length;
  const next = file.lineStarts[position.line + 1];
  const end = next === undefined ? length : next - breakLength(file, start, next);
  return Math.min(start + Math.max(0, position.character), end);
}

function breakLength(file: RequirementsFile, start: number, next: number): number {
  const from = Math.max(start, next - 2);
  const text = file instanceof ParsedFile ? file.chunks.slice(from, next) : file.text.slice(from, next);
  return text === '\r\n' ? 2 : 1;
}
