/** Params of `pinwatch.server.rescan`: the files to check again; where absent every requirement file of the workspace. */
export interface RescanParams {
  readonly uris?: readonly string[];
}

/** Result of `pinwatch.server.rescan`. */
export interface RescanResult {
  readonly files: number;
  readonly requirements: number;
  readonly vulnerable: number;
  readonly possiblyVulnerable: number;
  readonly failed: number;
  /** Not assessed; absent where none was skipped. */
  readonly skipped?: number;
  /** Files and folders that could not be read, those that a line includes among them; absent where all could. */
  readonly unread?: number;
  /** From the request to its answer, in whole milliseconds. */
  readonly durationMs: number;
}
