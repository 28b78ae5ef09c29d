/** Params of `pinwatch.server.fixAll`: the files to fix; where absent every requirements file, after a preview. */
export interface FixAllParams {
  readonly uris?: readonly string[];
  /** Schemes of documents that cannot be saved: their requirements stay unchanged. */
  readonly readOnlySchemes?: readonly string[];
  /** Major updates too, after a preview; where absent the settings decide, and what they leave open is left for review. */
  readonly majors?: boolean;
}

/** Result of `pinwatch.server.fixAll`. */
export interface FixAllResult {
  /** Whether the client made the edit; a preview may be turned down. */
  readonly applied: boolean;
  /** Whether the user chose in a preview what to change: which of it the client made is not told then. */
  readonly previewed: boolean;
  /** Requirements that the edit fixes, and the files that it changes. */
  readonly fixed: number;
  readonly files: number;
  /** What is vulnerable or not known, and stays as it is. */
  readonly left: readonly LeftRequirement[];
  /** Major updates that were left for review; absent where there are none. */
  readonly majors?: number;
  /** Requirements that were not assessed, so that nobody knows whether they need a fix; absent where all were. */
  readonly unchecked?: number;
  /** Files and folders that were to be read and were not; absent where all were. */
  readonly unread?: number;
}

export interface LeftRequirement {
  readonly uri: string;
  /** From 0. */
  readonly line: number;
  readonly name: string;
  /** One sentence for people. */
  readonly reason: string;
}
