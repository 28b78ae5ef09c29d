/** In the answer to `initialize`, as `capabilities.experimental.pinwatch`. */
export interface ServerOffers {
  readonly reportFormats: readonly OfferedFormat[];
}

export interface OfferedFormat {
  readonly id: string;
  /** For people: what it is called, and what it is for. */
  readonly name: string;
  readonly description: string;
  /** Endings of file names, without the first dot, that ask for this format; the first one is the usual one. */
  readonly endings: readonly string[];
}
