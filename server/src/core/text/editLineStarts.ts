import { findLineStarts, lastAtOrBefore } from './lineIndex.ts';

/** A text that is not put together to be read in part. */
export interface SlicedText {
  readonly length: number;
  slice(start: number, end: number): string;
}

/** The starts of the lines of `text`, which had these before what is between `start` and `newEnd` took the place of what ended at `end`. */
export function editLineStarts(
  lineStarts: Int32Array,
  text: SlicedText,
  { start, end, newEnd }: { readonly start: number; readonly end: number; readonly newEnd: number },
): Int32Array {
  // A line feed that comes to stand behind a carriage return makes one break of two.
  const first = Math.max(0, lastAtOrBefore(lineStarts, start) - 1);
  const last = lastAtOrBefore(lineStarts, end);
  const shift = newEnd - end;
  const from = lineStarts[first] ?? 0;
  const after = lineStarts[last + 1];
  const changed = text.slice(from, after === undefined ? text.length : after + shift);
  const inserted = Array.from(findLineStarts(changed).subarray(1), (at) => at + from);
  return spliceOffsets(lineStarts, first + 1, Math.min(last + 2, lineStarts.length), inserted, shift);
}

/** The offsets with those from `from` to `to` replaced, and all behind them moved by `shift`. */
export function spliceOffsets(
  offsets: Int32Array,
  from: number,
  to: number,
  inserted: readonly number[],
  shift: number,
): Int32Array {
  const tail = offsets.subarray(to);
  const tailStart = from + inserted.length;
  const spliced = new Int32Array(tailStart + tail.length);
  spliced.set(offsets.subarray(0, from));
  spliced.set(inserted, from);
  spliced.set(tail, tailStart);
  if (shift !== 0)
    for (let index = tailStart; index < spliced.length; index++) spliced[index] = (spliced[index] ?? 0) + shift;
  return spliced;
}
