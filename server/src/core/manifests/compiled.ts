/** A file that a tool wrote: a change of it lasts until the tool runs again. */
export interface Compiled {
  readonly tool: CompileTool;
  /** The command that the header gives, for people. Never run. */
  readonly command?: string;
  /** The files it was made from, as the command names them: relative to where that was run. Empty where it does not say. */
  readonly sources: readonly string[];
  /** The file itself, as the command names it. */
  readonly output?: string;
  /** Constraints files that the command names. */
  readonly constraints?: readonly string[];
  /** The Pythons that it was made for, as `requires-python` would have it: "==3.11.*". */
  readonly requiresPython?: string;
}

export type CompileTool = 'pip-compile' | 'pip-compile-multi' | 'uv' | 'pdm' | 'pipenv';
