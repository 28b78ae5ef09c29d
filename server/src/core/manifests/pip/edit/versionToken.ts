import type { Position } from '../../../text/position.ts';
import type { Operator } from '../../../versions/clause.ts';
import type { VersionToken } from '../../manifest.ts';
import { offsetAt } from '../../offsetAt.ts';
import { isContinuation } from './isContinuation.ts';
import type { RequirementsFile } from '../model.ts';
import { normalizeName } from '../../../packages/packageName.ts';

/**
 * The version behind an operator at `position`. It goes by the text of the line alone, since a line that is being typed
 * is mostly one that cannot be read yet.
 */
export function versionTokenAt(file: RequirementsFile, position: Position): VersionToken | undefined {
  const lineStart = file.lineStarts[position.line];
  if (lineStart === undefined || isContinuation(file, lineStart)) {
    return undefined;
  }
  const line = file.slice(lineStart, offsetAt(file, { line: position.line, character: longestLine }));
  if (line.length === longestLine) {
    return undefined;
  }
  const before = line.slice(0, position.character);
  const start = before.length - lengthOf(versionAtEnd, before);
  const head = headPattern.exec(line.slice(0, start));
  if (head?.[1] === undefined || head[2] === undefined) {
    return undefined;
  }
  const end = before.length + lengthOf(versionAtStart, line.slice(before.length));
  const at = (character: number): Position => ({ line: position.line, character });
  return {
    name: normalizeName(head[1]),
    range: { start: at(start), end: at(end) },
    text: line.slice(start, end),
    typed: before.slice(start),
    operator: head[2] as Operator,
  };
}

// No requirement is that long before its hashes; the patterns below read only what is.
const longestLine = 2_000;
const versionAtEnd = /[A-Za-z0-9.!+*_-]*$/u;
const versionAtStart = /^[A-Za-z0-9.!+*_-]*/u;

/** A name, its extras, whole clauses, and the operator of the one that is being typed. */
const headPattern =
  /^[\s\uFEFF]*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(?:\[[^\]#;]*\]\s*)?\(?\s*(?:(?:===?|~=|!=|<=?|>=?)\s*[A-Za-z0-9.!+*_-]+\s*,\s*)*(===?|~=|!=|<=?|>=?)\s*$/u;

function lengthOf(pattern: RegExp, text: string): number {
  return pattern.exec(text)?.[0].length ?? 0;
}
