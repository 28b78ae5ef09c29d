import type { Span } from './position.ts';

/**
 * Text that has been joined, unquoted or filled in from the environment, with the way back to where it was written.
 * `pieces` are in the order of the text and leave no gap in it.
 */
export interface SourceText {
  readonly text: string;
  readonly pieces: readonly Piece[];
}

/** A run of the text. It begins at `start` and stands in the source from `from` to `to`. */
export interface Piece {
  readonly start: number;
  readonly from: number;
  readonly to: number;
  /** False where the text is not what the source says (`${NAME}`): then only the whole place can be named. */
  readonly verbatim: boolean;
}

/** A part of the text with its place. */
export function tokenOf(
  source: SourceText,
  start: number,
  end: number,
): { readonly text: string; readonly span: Span } {
  return { text: source.text.slice(start, end), span: spanOf(source, start, end) };
}

/** Where `text.slice(start, end)` was written, gaps included. */
export function spanOf(source: SourceText, start: number, end: number): Span {
  const first = pieceAt(source.pieces, start);
  if (first === undefined) return { start: 0, end: 0 };
  const from = first.verbatim ? first.from + (start - first.start) : first.from;
  if (end <= start) return { start: from, end: from };
  const last = pieceAt(source.pieces, end - 1) ?? first;
  return { start: from, end: last.verbatim ? last.from + (end - last.start) : last.to };
}

/** `source.text.slice(start, end)` as a text of its own. */
export function sliceSource(source: SourceText, start: number, end: number): SourceText {
  const text = source.text.slice(start, end);
  const pieces: Piece[] = [];
  for (let index = pieceIndexAt(source.pieces, start); ; index++) {
    const piece = source.pieces[index];
    if (piece === undefined || piece.start >= end) return { text, pieces };
    const pieceEnd = source.pieces[index + 1]?.start ?? source.text.length;
    const cut = cutPiece(piece, Math.max(piece.start, start), Math.min(pieceEnd, end), start);
    if (cut !== undefined) pieces.push(cut);
  }
}

/** Texts one after another as one text. */
export function joinSources(parts: readonly SourceText[]): SourceText {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const pieces: Piece[] = [];
  let length = 0;
  for (const part of parts) {
    for (const piece of part.pieces) pieces.push({ ...piece, start: piece.start + length });
    length += part.text.length;
  }
  return { text: parts.map((part) => part.text).join(''), pieces };
}

function cutPiece(piece: Piece, low: number, high: number, origin: number): Piece | undefined {
  if (low >= high) return undefined;
  const start = low - origin;
  if (!piece.verbatim) return { start, from: piece.from, to: piece.to, verbatim: false };
  return { start, from: piece.from + (low - piece.start), to: piece.from + (high - piece.start), verbatim: true };
}

function pieceAt(pieces: readonly Piece[], at: number): Piece | undefined {
  return pieces[pieceIndexAt(pieces, at)];
}

/** The last piece that begins at or before `at`. */
function pieceIndexAt(pieces: readonly Piece[], at: number): number {
  let low = 0;
  let high = pieces.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.start ?? 0) <= at) low = middle;
    else high = middle;
  }
  return low;
}
