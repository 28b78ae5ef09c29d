import type { IgnoreList } from '../core/ignores/ignore.ts';

/** Where decisions to ignore are written down. */
export interface IgnoreFiles {
  /**
   * The lists for a requirements file: the nearest `osv-scanner.toml` and the nearest `[tool.uv.audit]` at its folder
   * or above, as far as a root. The same file gives the same list, so that its use can be counted.
   */
  nearest(path: string, roots: readonly string[], signal?: AbortSignal): Promise<readonly IgnoreList[]>;
  /** The list of a file that was named, or why it cannot be used. */
  named(path: string, signal?: AbortSignal): Promise<IgnoreList | { readonly error: string }>;
}
