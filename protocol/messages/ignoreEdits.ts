/** Argument of `pinwatch.ignoreAdvisory` and `pinwatch.stopIgnoring` where a code action runs it. */
export interface IgnoreRequest {
  /** Of the requirements file. */
  readonly uri: string;
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

/** Params of `pinwatch.server.ignoreEdit`. */
export interface IgnoreEditParams {
  /** Of the `osv-scanner.toml` as the editor has it; empty where there is none yet. */
  readonly text: string;
  readonly id: string;
  readonly reason: string;
  /** A day, `2027-01-31`. */
  readonly until?: string;
}

/** Result of `pinwatch.server.ignoreEdit`: a text to put in, at a place from 0 as LSP counts. */
export interface IgnoreEdit {
  readonly line: number;
  readonly character: number;
  readonly newText: string;
}

/** Params of `pinwatch.server.stopIgnoreEdit`. */
export interface StopIgnoreEditParams {
  /** Of the `osv-scanner.toml` as the editor has it. */
  readonly text: string;
  /** Of the requirements file. */
  readonly uri: string;
  /** The findings that are no longer ignored, by any of their ids. */
  readonly ids: readonly string[];
}

/** Result of `pinwatch.server.stopIgnoreEdit`: the new text; `null` where the file ignores none of them. */
export interface StopIgnoreEdit {
  readonly text: string | null;
}
