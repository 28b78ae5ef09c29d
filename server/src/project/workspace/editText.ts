import type { Position } from '../../core/text/position.ts';
import type { Manifest } from '../../core/manifests/manifest.ts';
import { offsetAt } from '../../core/manifests/offsetAt.ts';

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
}

/** Applies changes one after the other, each to the text that the one before left (LSP `didChange`). */
export function editText(file: Manifest, changes: readonly TextChange[]): Edited {
  let edited = file;
  let isWhole = false;
  const lines = new Set<number>();
  for (const { range, text } of changes) {
    if (range === undefined) {
      edited = edited.kind.parse(text);
      isWhole = true;
      continue;
    }
    // A range the wrong way round is turned about, as editors do.
    const offsets = [offsetAt(edited, range.start), offsetAt(edited, range.end)] as const;
    const [start, end] = [Math.min(...offsets), Math.max(...offsets)];
    const first = Math.min(range.start.line, range.end.line);
    edited = edited.edit([{ start, end, text }]);
    const added = text.split(/\r\n|\r|\n/u).length;
    for (let line = first; line < first + added; line++) {
      lines.add(line);
    }
  }
  return { file: edited, lines, isWhole };
}
