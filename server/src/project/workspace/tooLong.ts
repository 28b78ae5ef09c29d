import type { Manifest } from '../../core/manifests/manifest.ts';
import { countLineBreaks, mostLines } from '../../core/text/lineLimit.ts';
import type { TextChange } from './editText.ts';

export const tooLongText = `This file has more than ${mostLines} lines, so it is not checked.`;

/** No less than what is to be read: what the changes take away is not counted. */
export function isTooLongAfter(file: Manifest, changes: readonly TextChange[]): boolean {
  const lastWhole = changes.findLastIndex(({ range }) => range === undefined);
  const before = lastWhole < 0 ? file.lineStarts.length : 0;
  const added = changes
    .slice(Math.max(0, lastWhole))
    .reduce((sum, { text }) => sum + countLineBreaks(text, mostLines), 0);
  return added > 0 && before + added > mostLines;
}
