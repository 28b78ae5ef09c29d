import { isLineBreak } from './characters.ts';

// What is known of a line takes some kilobytes. The longest files in public repositories have some ten thousand.
export const mostLines = 250_000;

/** Whether a text has more lines than are read, however they end. */
export function hasTooManyLines(text: string): boolean {
  return text.length > mostLines && countLineBreaks(text, mostLines) > mostLines;
}

/** How often a line of a text ends, counted no further than just above the limit. */
export function countLineBreaks(text: string, limit: number): number {
  let breaks = 0;
  for (let at = 0; at < text.length && breaks <= limit; at++) {
    breaks += isLineBreak(text.charCodeAt(at)) ? 1 : 0;
  }
  return breaks;
}
