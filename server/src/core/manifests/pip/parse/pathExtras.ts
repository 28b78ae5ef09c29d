import { isFault, type Fault } from '../../pep508/fault.ts';
import type { NameToken } from '../../requirement.ts';
import { readExtras } from '../../pep508/requirement.ts';
import { trimSpace } from '../../../text/characters.ts';
import type { SourceText } from '../../../text/sourceText.ts';

export interface TrailingExtras {
  readonly extras: readonly NameToken[];
  /** Where the text before the extras ends. */
  readonly pathEnd: number;
}

/** pip takes `[extras]` off the end of anything that could be a path; a fault where they cannot be read. */
export function splitTrailingExtras(source: SourceText, start: number, end: number): TrailingExtras | Fault {
  const { text } = source;
  const none = { extras: [], pathEnd: end };
  if (end <= start || text[end - 1] !== ']') return none;
  const open = text.lastIndexOf('[', end - 2);
  const inner = text.slice(open + 1, end - 1);
  if (open <= start || inner === '' || inner.includes(']')) return none;
  const read = readExtras(source, open, end, text.slice(start, open));
  return isFault(read) ? read : { extras: read.extras, pathEnd: trimSpace(text, start, open) };
}
