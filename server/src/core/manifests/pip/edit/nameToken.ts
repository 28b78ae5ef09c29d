import type { Position } from '../../../text/position.ts';
import type { NameBeingTyped } from '../../manifest.ts';
import { offsetAt } from '../../offsetAt.ts';
import type { RequirementsFile } from '../model.ts';
import { isContinuation } from './isContinuation.ts';

/** The name at the start of the line at `position`, where that is all that stands before it; by the text of the line alone. */
export function nameTokenAt(file: RequirementsFile, position: Position): NameBeingTyped | undefined {
  const { line, character } = position;
  const lineStart = file.lineStarts[line];
  if (lineStart === undefined || isContinuation(file, lineStart)) {
    return undefined;
  }
  const text = file.slice(lineStart, offsetAt(file, { line, character: character + longestName }));
  const [, indent = '', typed = ''] = nameBefore.exec(text.slice(0, character)) ?? [];
  if (indent.length + typed.length !== character) {
    return undefined;
  }
  const rest = nameAfter.exec(text.slice(character))?.[0] ?? '';
  const range = { start: { line, character: indent.length }, end: { line, character: character + rest.length } };
  return { range, text: typed + rest, typed };
}

const longestName = 200;
const nameBefore = /^([ \t\uFEFF]*)([A-Za-z0-9][A-Za-z0-9._-]*)?$/u;
const nameAfter = /^[A-Za-z0-9._-]*/u;
