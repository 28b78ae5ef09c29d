import type { Position } from '../../../core/text/position.ts';
import type { Manifest } from '../../../core/manifests/manifest.ts';
import { offsetAt } from '../../../core/manifests/offsetAt.ts';
import { countLineBreaks, mostLines } from '../../../core/text/lineLimit.ts';

/** A change as LSP's incremental synchronisation sends it; without a range it is the whole text. */
export interface TextChange {
  readonly range?: { readonly start: Position; readonly end: Position };
  readonly text: string;
}

export interface Edited {
  readonly file: Manifest;
  /** 0-based lines of the new text that the changes touched. */
  readonly lines: ReadonlySet<number>;
  /** The text is the client's, whatever it was before. */
  readonly isWhole: boolean;
  /** Comments or blank space alone are other ones: all that the file says is where it was. */
  readonly saysTheSame: boolean;
}

/**
 * Applies changes one after the other, each to the text that the one before left (LSP `didChange`). `undefined` where the text
 * may then have too many lines to be read.
 */
export function editText(file: Manifest, changes: readonly TextChange[]): Edited | undefined {
  if (mayBeTooLong(file, changes)) {
    return undefined;
  }
  let edited = file;
  let isWhole = false;
  let saysTheSame = true;
  const lines = new Set<number>();
  for (const { range, text } of changes) {
    if (range === undefined) {
      edited = edited.kind.parse(text);
      isWhole = true;
      saysTheSame = false;
      continue;
    }
    // A range the wrong way round is turned about, as editors do.
    const offsets = offsetsOf(edited, range);
    const [start, end] = [Math.min(...offsets), Math.max(...offsets)];
    const first = Math.min(range.start.line, range.end.line);
    edited = edited.edit([{ start, end, text }]);
    saysTheSame &&= edited.isSilentEdit === true;
    const added = text.split(/\r\n|\r|\n/u).length;
    for (let line = first; line < first + added; line++) {
      lines.add(line);
    }
  }
  return { file: edited, lines, isWhole, saysTheSame };
}

export const tooLongText = `This file has more than ${mostLines} lines, so it is not checked.`;

/** No less than what is to be read: what the changes take away is not counted. */
function mayBeTooLong(file: Manifest, changes: readonly TextChange[]): boolean {
  const lastWhole = changes.findLastIndex(({ range }) => range === undefined);
  const before = lastWhole < 0 ? file.lineStarts.length : 0;
  const texts = changes.slice(Math.max(0, lastWhole)).map(({ text }) => text);
  const mostAdded = texts.reduce((sum, text) => sum + text.length, 0);
  if (before + mostAdded <= mostLines) {
    return false;
  }
  const added = texts.reduce((sum, text) => sum + countLineBreaks(text, mostLines), 0);
  return added > 0 && before + added > mostLines;
}

function offsetsOf(file: Manifest, { start, end }: NonNullable<TextChange['range']>): readonly number[] {
  const isInsertion = start.line === end.line && start.character === end.character;
  const offset = offsetAt(file, start);
  return [offset, isInsertion ? offset : offsetAt(file, end)];
}
