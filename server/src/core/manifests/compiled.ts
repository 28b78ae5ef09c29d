/** A file that a tool wrote: a change of it lasts until the tool runs again. */
export interface Compiled {
  readonly tool: CompileTool;
  /** The command that the header gives, for people. Never run. */
  readonly command?: string;
  /** The files it was made from, as the command names them: relative to where that was run. Empty where it does not say. */
  readonly sources: readonly string[];
}

export type CompileTool = 'pip-compile' | 'pip-compile-multi' | 'uv' | 'pdm' | 'pipenv';

/**
 * Whether it was made from the file at `path`. The header names files relative to where the tool was run, which it does not
 * say: `a/base.in` is meant by `base.in`, `a/base.in` and `../base.in`.
 */
export function isCompiledFrom({ sources }: Compiled, path: string): boolean {
  const own = path.split(/[\\/]/u);
  return sources.some((source) => {
    const parts = source.split(/[\\/]/u).filter((part) => part !== '.' && part !== '..' && part !== '');
    const end = own.slice(-parts.length);
    return parts.length > 0 && parts.length === end.length && parts.every((part, index) => part === end[index]);
  });
}
