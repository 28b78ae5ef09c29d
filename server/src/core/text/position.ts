/** Half-open, in UTF-16 units; what from is said by the owner. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** 0-based line and UTF-16 character, as LSP has them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A problem with its place in the document. */
export interface PlacedProblem {
  readonly range: Range;
  readonly message: string;
  readonly code: string;
  readonly incomplete: boolean;
}
