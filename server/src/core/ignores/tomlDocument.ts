import type { PlacedProblem, Position, Range, Span } from '../text/position.ts';
import { findLineStarts, lastAtOrBefore } from '../text/lineIndex.ts';
import { plainText } from '../text/plainText.ts';
import type { ParsedToml } from '../text/toml/parseToml.ts';
import { tomlPlaces } from '../text/toml/tomlPlaces.ts';

/** Finds the places of values in a TOML text. */
export interface TomlDocument {
  /** Where the value at this path stands, or the nearest thing above it that has a place. */
  rangeOf(...path: readonly (string | number)[]): Range;
}

export function tomlDocument(text: string): TomlDocument {
  const places = tomlPlaces(text);
  const lineStarts = findLineStarts(text);
  const positionAt = (offset: number): Position => {
    const line = lastAtOrBefore(lineStarts, offset);
    return { line, character: offset - (lineStarts[line] ?? 0) };
  };
  return {
    rangeOf: (...path) => {
      const names = path.map((part) => String(part).toLowerCase());
      let span: Span | undefined;
      for (let length = names.length; span === undefined && length > 0; length--) {
        span = places.get(names.slice(0, length).join('.'));
      }
      return { start: positionAt(span?.start ?? 0), end: positionAt(span?.end ?? 0) };
    },
  };
}

/** What is wrong in an ignore file, at its place. */
export function ignoreProblem(code: string, message: string, range: Range): PlacedProblem {
  return { range, message, code, incomplete: false };
}

/** The problem of a file that is no TOML. */
export function brokenToml(path: string, { message, line, column }: Extract<ParsedToml, { kind: 'error' }>) {
  const place = { line: Math.max(0, line - 1), character: Math.max(0, column - 1) };
  return ignoreProblem(
    'ignore.unreadable',
    `${path} is not valid TOML (line ${line}: ${plainText(message, 200)}). Nothing is ignored by it.`,
    { start: place, end: place },
  );
}
