import type { Environment } from './environment.ts';
import { findLineStarts } from './lineIndex.ts';
import { readLogicalLine } from './logicalLines.ts';
import type { Item, RequirementsFile } from './model.ts';
import { parseLine } from './parseLine.ts';

export interface ParseOptions {
  /** What `${NAME}` stands for; nothing is taken from anywhere else. */
  readonly environment?: Environment;
}

/** Reads a requirements file as pip 26 does. Never throws: what cannot be read is an item of kind `error`. */
export function parseFile(text: string, options: ParseOptions = {}): RequirementsFile {
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
  return { text, items, starts: Int32Array.from(starts), lineStarts: findLineStarts(text) };
}

/** A byte order mark is no part of the first line; decoders and editors mostly take it away before. */
export function contentStart(text: string): number {
  return text.charCodeAt(0) === 0xfeff ? 1 : 0;
}
