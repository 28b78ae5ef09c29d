import type { Position, Range } from '../../server/src/core/text/position.ts';

/** What stands at a range, with the positions read as LSP reads them: lines, and UTF-16 units within a line. */
export function textAt(text: string, { start, end }: Range): string {
  return text.slice(offsetOf(text, start), offsetOf(text, end));
}

function offsetOf(text: string, { line, character }: Position): number {
  const breaks = [...text.matchAll(/\r\n|\r|\n/gu)].map((found) => found.index + found[0].length);
  return ([0, ...breaks][line] ?? text.length) + character;
}
