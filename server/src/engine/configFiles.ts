import type { ProjectConfig } from '../core/config/projectConfig.ts';

/** Where projects say what holds for them: `pinwatch.toml`, or `[tool.pinwatch]` of a `pyproject.toml`. */
export interface ConfigFiles {
  /**
   * The nearest configuration at a folder or above it, as far as the root of its repository; without a repository as far as
   * the outermost of `roots` that it lies in. Names that a configuration farther up keeps private stay private.
   */
  nearest(folder: string, roots: readonly string[], signal?: AbortSignal): Promise<ProjectConfig | undefined>;
  /** The configuration in a file that was named, or why it cannot be used. */
  named(path: string, signal?: AbortSignal): Promise<ProjectConfig | { readonly error: string }>;
}
