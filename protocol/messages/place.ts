/** Where something is written. */
export interface Place {
  readonly uri: string;
  /** From 0, as LSP counts; columns in UTF-16 units. */
  readonly line: number;
  readonly character: number;
}
