import { ChunkedText } from '../../../text/chunkedText.ts';
import type { Environment } from '../lexical/environment.ts';
import { findLineStarts } from '../../../text/lineIndex.ts';
import { contentStart, readLogicalLine } from '../lexical/logicalLines.ts';
import type { Item } from '../model.ts';
import { ParsedFile } from '../parsedFile.ts';
import { parseLine } from './parseLine.ts';

export interface ParseOptions {
  /** What `${NAME}` stands for; nothing is taken from anywhere else. */
  readonly environment?: Environment;
}

/** Reads a requirements file as pip 26 does. Never throws: what cannot be read is an item of kind `error`. */
export function parseFile(text: string, options: ParseOptions = {}): ParsedFile {
  const environment = options.environment ?? {};
  const items: Item[] = [];
  const starts: number[] = [];
  for (let at = contentStart(text); at < text.length;) {
    const line = readLogicalLine(text, at, environment);
    const item = parseLine(line);
    if (item !== undefined) {
      items.push(item);
      starts.push(at);
    }
    at = line.end;
  }
  const lineStarts = findLineStarts(text);
  return new ParsedFile(ChunkedText.of(text), environment, { items, starts: Int32Array.from(starts), lineStarts });
}
