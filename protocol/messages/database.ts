/** Argument of `pinwatch.server.importDatabase`. */
export interface ImportDatabaseParams {
  /** A file of advisories: zip, JSON lines or JSON, gzipped or not. */
  readonly uri: string;
}

/** Result of `pinwatch.server.updateDatabase` and `pinwatch.server.importDatabase`. */
export interface DatabaseResult {
  /** Records written, whether they were new or not. */
  readonly written: number;
  /** Records skipped, since those that were there are newer. */
  readonly older: number;
  /** What could not be used: how much, and the first of it in words. */
  readonly problems: { readonly count: number; readonly first: readonly string[] };
  /** A database that could not be used was moved here. */
  readonly setAside: string | null;
  readonly database: {
    readonly path: string;
    readonly records: number;
    readonly packages: number;
    /** The data are complete up to here, RFC 3339; `null` where no record says. */
    readonly currentAt: string | null;
  };
}
