import type { NetworkParams } from './network.ts';

/** What the client hands over in `initializationOptions`. */
export interface InitializationOptions {
  readonly storagePath?: string;
  readonly globalStoragePath?: string;
  readonly settings?: { readonly pinwatch?: unknown };
  /** The client has the commands of `editorCommands`; without it the server offers its own. */
  readonly editorCommands?: boolean;
  /** Whether the client shows a list of findings (`pinwatch/findings`). */
  readonly findings?: boolean;
  /** Whether the workspace is to be searched from the start, as a server before this one had done. */
  readonly searchWorkspace?: boolean;
  readonly network?: NetworkParams;
  /** Whether the user trusts the workspace; absent where the client knows no such thing, which counts as trusted. */
  readonly trusted?: boolean;
  /** Whether the client answers `pinwatch/fetch`. */
  readonly canFetch?: boolean;
  /** The tag of what the user reads ("de"); it wins over `locale` of the protocol. */
  readonly language?: string;
  /** Absent where the client gets all there is. */
  readonly beside?: BesideLimit;
}

/** How much of a requirement's other advisories is shown beside the worst one. */
export interface BesideLimit {
  readonly most: number;
  /** What is said instead of the rest; `{0}` is how many these are. */
  readonly more: string;
}
