import { ChunkedText } from '../../../text/chunkedText.ts';
import type { Environment } from '../lexical/environment.ts';
import { findLineStarts } from '../../../text/lineIndex.ts';
import { contentStart, endOfSingleLine, readLogicalLine } from '../lexical/logicalLines.ts';
import type { Item } from '../model.ts';
import { ParsedFile } from '../parsedFile.ts';
import { parseLine } from './parseLine.ts';
import { plainPin } from './plainPin.ts';

export interface ParseOptions {
  /** What `${NAME}` stands for; nothing is taken from anywhere else. */
  readonly environment?: Environment;
  /** Of other files, read with the same environment; what is read here is added. */
  readonly sameLines?: SameLines;
}

/** What lines say that are not continued, by their text. Places in an item count from its line. */
export type SameLines = Map<string, Item | undefined>;

/** Reads a requirements file as pip 26 does. Never throws: what cannot be read is an item of kind `error`. */
export function parseFile(text: string, options: ParseOptions = {}): ParsedFile {
  const environment = options.environment ?? {};
  const items: Item[] = [];
  const starts: number[] = [];
  const { sameLines } = options;
  for (let at = contentStart(text); at < text.length;) {
    const start = at;
    const end = sameLines && endOfSingleLine(text, start);
    const line = end === undefined ? undefined : text.slice(start, end);
    let item = line === undefined ? undefined : sameLines?.get(line);
    if (end !== undefined && (item !== undefined || sameLines?.has(line ?? '') === true)) {
      at = end;
    } else {
      item = line === undefined ? undefined : plainPin(line);
      if (item !== undefined && end !== undefined) {
        at = end;
      } else {
        const read = readLogicalLine(text, start, environment);
        item = parseLine(read);
        at = read.end;
      }
      if (line !== undefined) sameLines?.set(line, item);
    }
    if (item !== undefined) {
      items.push(item);
      starts.push(start);
    }
  }
  const lineStarts = findLineStarts(text);
  return new ParsedFile(ChunkedText.of(text), environment, { items, starts: Int32Array.from(starts), lineStarts });
}
